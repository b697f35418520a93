/** Removing pieces of the drawing, and copying them to another place or another model. */
import type { Edge, Graph, Layer, Layout, Node, Position } from "@/api/types";
import { withoutEdges } from "@/graph/connections";
import { type Document, indexGraph, positionOf } from "@/graph/document";
import { INPUT_LAYER } from "@/graph/ends";
import { ungroup, withoutMembers } from "@/graph/groups";
import { pickEdgeId, pickFreeName, takenNames } from "@/graph/identifiers";

/** A part of a drawing on its own: what the clipboard holds. */
export interface Fragment {
  readonly layers: readonly Layer[];
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  readonly groups: Graph["groups"];
  readonly notes: Graph["notes"];
  readonly positions: Readonly<Record<string, Position>>;
  /** The layouts of the graphs inside the layers. */
  readonly nested: Layout["nested"];
}

export interface Pasted {
  document: Document;
  nodeIds: string[];
  noteIds: string[];
}

const NONE: ReadonlySet<string> = new Set();

/** Takes nodes and edges away, with the edges that lose an end and the layers that nothing calls any more. */
export function removePieces(
  document: Document,
  nodeIds: ReadonlySet<string>,
  edgeIds: ReadonlySet<string> = NONE,
): Document {
  const { graph, layout } = document;
  const nodes = graph.nodes.filter(({ id }) => !nodeIds.has(id));
  const loose = graph.edges.filter(
    (edge) => edgeIds.has(edge.id) || nodeIds.has(edge.source) || nodeIds.has(edge.target),
  );
  if (nodes.length === graph.nodes.length && loose.length === 0) return document;
  const called = new Set(nodes.map(({ layer }) => layer));
  const orphaned = new Set(graph.nodes.filter(({ id }) => nodeIds.has(id)).map(({ layer }) => layer));
  return {
    graph: {
      ...graph,
      nodes,
      layers: graph.layers.filter(({ id }) => called.has(id) || !orphaned.has(id)),
      edges: withoutEdges(graph, new Set(loose.map(({ id }) => id))),
      inputs: withoutReferences(graph.inputs, nodeIds),
      outputs: withoutReferences(graph.outputs, nodeIds),
      groups: withoutMembers(graph.groups, nodeIds),
    },
    layout: {
      ...layout,
      positions: omit(layout.positions, nodeIds),
      nested: omit(layout.nested, new Set([...orphaned].filter((id) => !called.has(id)))),
    },
  };
}

/** Takes notes and frames away; the nodes of a frame stay. */
export function removeMarks(
  document: Document,
  groupIds: ReadonlySet<string>,
  noteIds: ReadonlySet<string>,
): Document {
  const { graph, layout } = ungroup(document, groupIds);
  const notes = graph.notes.filter(({ id }) => !noteIds.has(id));
  if (notes.length === graph.notes.length) return graph === document.graph ? document : { graph, layout };
  return {
    graph: { ...graph, notes },
    layout: { ...layout, positions: omit(layout.positions, noteIds) },
  };
}

function omit<Value>(all: Record<string, Value>, keys: ReadonlySet<string>): Record<string, Value> {
  const kept = Object.entries(all).filter(([key]) => !keys.has(key));
  return kept.length === Object.keys(all).length ? all : Object.fromEntries(kept);
}

/** An order of inputs or outputs that loses its last member is given up: it is derived from the drawing again. */
function withoutReferences(references: Graph["inputs"], nodeIds: ReadonlySet<string>): Graph["inputs"] {
  const kept = references?.filter(({ node }) => !nodeIds.has(node)) ?? [];
  return kept.length === 0 ? null : kept;
}

/** The chosen nodes with their layers, the edges between them, the groups that lie among them, and notes. */
export function copyPieces(
  document: Document,
  nodeIds: ReadonlySet<string>,
  noteIds: ReadonlySet<string> = NONE,
): Fragment {
  const { graph, layout } = document;
  const nodes = graph.nodes.filter(({ id }) => nodeIds.has(id));
  const notes = graph.notes.filter(({ id }) => noteIds.has(id));
  const called = new Set(nodes.map(({ layer }) => layer));
  return {
    nodes,
    notes,
    layers: graph.layers.filter(({ id }) => called.has(id)),
    edges: graph.edges.filter((edge) => nodeIds.has(edge.source) && nodeIds.has(edge.target)),
    groups: graph.groups.filter(
      (group) => group.nodes.length > 0 && group.nodes.every((id) => nodeIds.has(id)),
    ),
    positions: Object.fromEntries([...nodes, ...notes].map(({ id }) => [id, positionOf(layout, id)])),
    nested: Object.fromEntries(Object.entries(layout.nested).filter(([id]) => called.has(id))),
  };
}

/** Puts a copy of the fragment into the document, moved by `offset`. Calls that shared a layer share its copy. */
export function pastePieces(document: Document, fragment: Fragment, offset: Position): Pasted {
  const { graph, layout } = document;
  const taken = takenNames(graph);
  const take = (wanted: string) => {
    const name = pickFreeName(wanted, taken);
    taken.add(name);
    return name;
  };
  const layerIds = new Map(fragment.layers.map(({ id }) => [id, take(id)]));
  const nodeIds = new Map(
    fragment.nodes.map(({ id, layer }) => [id, id === layer ? (layerIds.get(layer) ?? take(id)) : take(id)]),
  );
  const noteIds = new Map(fragment.notes.map(({ id }) => [id, take(id)]));
  const positions = [...nodeIds, ...noteIds].map(([old, id]) => {
    const { x, y } = fragment.positions[old] ?? { x: 0, y: 0 };
    return [id, { x: x + offset.x, y: y + offset.y }] as const;
  });
  const nested = Object.entries(fragment.nested).map(([id, inner]) => [layerIds.get(id) ?? id, inner]);
  return {
    nodeIds: [...nodeIds.values()],
    noteIds: [...noteIds.values()],
    document: {
      graph: withCopies(graph, fragment, { layerIds, nodeIds, noteIds, take }),
      layout: {
        ...layout,
        positions: { ...layout.positions, ...Object.fromEntries(positions) },
        nested: { ...layout.nested, ...Object.fromEntries(nested) },
      },
    },
  };
}

interface Naming {
  layerIds: ReadonlyMap<string, string>;
  nodeIds: ReadonlyMap<string, string>;
  noteIds: ReadonlyMap<string, string>;
  take: (name: string) => string;
}

function withCopies(graph: Graph, fragment: Fragment, { layerIds, nodeIds, noteIds, take }: Naming): Graph {
  const nodeOf = (id: string) => nodeIds.get(id) ?? id;
  const nodes = fragment.nodes.map((node) => ({
    ...node,
    id: nodeOf(node.id),
    layer: layerIds.get(node.layer) ?? node.layer,
  }));
  const isInput = new Set(
    fragment.layers.filter(({ class_name }) => class_name === INPUT_LAYER).map(({ id }) => layerIds.get(id)),
  );
  const inputs = nodes.filter(({ layer }) => isInput.has(layer)).map(({ id }) => ({ node: id, output: 0 }));
  return {
    ...graph,
    layers: [...graph.layers, ...fragment.layers.map((layer) => copyLayer(layer, layerIds, take))],
    nodes: [...graph.nodes, ...nodes],
    edges: [...graph.edges, ...copyEdges(graph, fragment.edges, nodeIds)],
    inputs: graph.inputs && [...graph.inputs, ...inputs],
    groups: [
      ...graph.groups,
      ...fragment.groups.map((group) => ({ ...group, id: take(group.id), nodes: group.nodes.map(nodeOf) })),
    ],
    notes: [
      ...graph.notes,
      ...fragment.notes.map((note) => ({ ...note, id: noteIds.get(note.id) ?? note.id })),
    ],
  };
}

function copyLayer(layer: Layer, ids: ReadonlyMap<string, string>, take: (name: string) => string): Layer {
  return { ...layer, id: ids.get(layer.id) ?? layer.id, name: layer.name ? take(layer.name) : null };
}

function copyEdges(graph: Graph, edges: readonly Edge[], nodeIds: ReadonlyMap<string, string>): Edge[] {
  const taken = new Set(indexGraph(graph).edges.keys());
  return edges.map((edge) => {
    const id = pickEdgeId(taken, taken.size + 1);
    taken.add(id);
    return {
      ...edge,
      id,
      source: nodeIds.get(edge.source) ?? edge.source,
      target: nodeIds.get(edge.target) ?? edge.target,
    };
  });
}
