/** Removing pieces of the drawing, and copying them to another place or another model. */
import type { Edge, Graph, Layer, Node, Position } from "@/api/types";
import { withoutEdges } from "@/graph/connections";
import { type Document, indexGraph, positionOf } from "@/graph/document";
import { pickEdgeId, pickFreeName, takenNames } from "@/graph/identifiers";

/** A part of a drawing on its own: what the clipboard holds. */
export interface Fragment {
  readonly layers: readonly Layer[];
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  readonly positions: Readonly<Record<string, Position>>;
}

export interface Pasted {
  document: Document;
  nodeIds: string[];
}

/** Takes nodes and edges away, with the edges that lose an end and the layers that nothing calls any more. */
export function removePieces(
  document: Document,
  nodeIds: ReadonlySet<string>,
  edgeIds: ReadonlySet<string> = new Set(),
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
      edges: withoutEdges(graph.edges, new Set(loose.map(({ id }) => id))),
      inputs: withoutReferences(graph.inputs, nodeIds),
      outputs: withoutReferences(graph.outputs, nodeIds),
      groups: graph.groups.map((group) => ({
        ...group,
        nodes: group.nodes.filter((id) => !nodeIds.has(id)),
      })),
    },
    layout: {
      ...layout,
      positions: Object.fromEntries(Object.entries(layout.positions).filter(([id]) => !nodeIds.has(id))),
    },
  };
}

/** An order of inputs or outputs that loses its last member is given up: it is derived from the drawing again. */
function withoutReferences(references: Graph["inputs"], nodeIds: ReadonlySet<string>): Graph["inputs"] {
  const kept = references?.filter(({ node }) => !nodeIds.has(node)) ?? [];
  return kept.length === 0 ? null : kept;
}

/** The chosen nodes with their layers and the edges between them. */
export function copyPieces(document: Document, nodeIds: ReadonlySet<string>): Fragment {
  const { graph, layout } = document;
  const nodes = graph.nodes.filter(({ id }) => nodeIds.has(id));
  const called = new Set(nodes.map(({ layer }) => layer));
  return {
    nodes,
    layers: graph.layers.filter(({ id }) => called.has(id)),
    edges: graph.edges.filter((edge) => nodeIds.has(edge.source) && nodeIds.has(edge.target)),
    positions: Object.fromEntries(nodes.map(({ id }) => [id, positionOf(layout, id)])),
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
  const positions = [...nodeIds].map(([old, id]) => {
    const { x, y } = fragment.positions[old] ?? { x: 0, y: 0 };
    return [id, { x: x + offset.x, y: y + offset.y }] as const;
  });
  return {
    nodeIds: [...nodeIds.values()],
    document: {
      graph: {
        ...graph,
        layers: [...graph.layers, ...fragment.layers.map((layer) => copyLayer(layer, layerIds, take))],
        nodes: [
          ...graph.nodes,
          ...fragment.nodes.map((node) => ({
            ...node,
            id: nodeIds.get(node.id) ?? node.id,
            layer: layerIds.get(node.layer) ?? node.layer,
          })),
        ],
        edges: [...graph.edges, ...copyEdges(graph, fragment.edges, nodeIds)],
      },
      layout: { ...layout, positions: { ...layout.positions, ...Object.fromEntries(positions) } },
    },
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
