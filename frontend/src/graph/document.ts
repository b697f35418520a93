/** The drawn document as the browser edits it, and an index that answers questions about it in constant time. */
import type { CallArgument, Edge, Entry, Graph, Layer, Layout, Node, Position } from "@/api/types";

/** What one undo step restores: the graph and where its nodes stand. */
export interface Document {
  readonly graph: Graph;
  readonly layout: Layout;
}

/** Looks up the catalogue's entry of a layer class; undefined for a class that this Keras does not have. */
export type FindEntry = (className: string) => Entry | undefined;

export interface GraphIndex {
  readonly layers: ReadonlyMap<string, Layer>;
  readonly nodes: ReadonlyMap<string, Node>;
  readonly edges: ReadonlyMap<string, Edge>;
  readonly incoming: ReadonlyMap<string, readonly Edge[]>;
  readonly outgoing: ReadonlyMap<string, readonly Edge[]>;
  /** The nodes that call a layer, in document order: more than one where it is shared. */
  readonly calls: ReadonlyMap<string, readonly Node[]>;
}

export const EMPTY_GRAPH: Graph = {
  format: 1,
  class_name: "Functional",
  layers: [],
  nodes: [],
  edges: [],
  inputs: null,
  outputs: null,
  groups: [],
  notes: [],
};

export const EMPTY_LAYOUT: Layout = { positions: {}, nested: {} };

export const EMPTY_DOCUMENT: Document = { graph: EMPTY_GRAPH, layout: EMPTY_LAYOUT };

const ORIGIN: Position = { x: 0, y: 0 };
const indices = new WeakMap<Graph, GraphIndex>();

/** The index of a graph, made once: graphs are never changed in place. */
export function indexGraph(graph: Graph): GraphIndex {
  const known = indices.get(graph);
  if (known) return known;
  const index: GraphIndex = {
    layers: new Map(graph.layers.map((layer) => [layer.id, layer])),
    nodes: new Map(graph.nodes.map((node) => [node.id, node])),
    edges: new Map(graph.edges.map((edge) => [edge.id, edge])),
    incoming: Map.groupBy(graph.edges, (edge) => edge.target),
    outgoing: Map.groupBy(graph.edges, (edge) => edge.source),
    calls: Map.groupBy(graph.nodes, (node) => node.layer),
  };
  indices.set(graph, index);
  return index;
}

/** The layer that a node calls; undefined where the document lacks the node or the layer. */
export function findLayerOf(graph: Graph, nodeId: string): Layer | undefined {
  const { nodes, layers } = indexGraph(graph);
  const node = nodes.get(nodeId);
  return node && layers.get(node.layer);
}

/** The name that the Keras layer gets. */
export function nameOf(layer: Layer): string {
  return layer.name ?? layer.id;
}

/** Where a node stands; the origin where the layout does not say. */
export function positionOf(layout: Layout, nodeId: string): Position {
  return layout.positions[nodeId] ?? ORIGIN;
}

/** The call's arguments that take tensors, in the order of the signature. */
export function tensorArguments(entry: Entry | undefined): readonly CallArgument[] {
  return entry?.call.filter((argument) => argument.tensor) ?? [];
}
