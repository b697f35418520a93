/** Layers that several nodes call: which call is which, and giving one of them a layer of its own. */
import type { Graph, Layer } from "@/api/types";
import { type Document, findLayerOf, indexGraph } from "@/graph/document";
import { pickFreeName, takenNames } from "@/graph/identifiers";

/** The place of a call among all calls of its layer, counted from 1; `of` is 1 where the layer is not shared. */
export interface CallPlace {
  readonly number: number;
  readonly of: number;
}

export function callPlace(graph: Graph, nodeId: string): CallPlace {
  const layer = findLayerOf(graph, nodeId);
  const calls = (layer && indexGraph(graph).calls.get(layer.id)) ?? [];
  return {
    number: Math.max(1, calls.findIndex(({ id }) => id === nodeId) + 1),
    of: Math.max(1, calls.length),
  };
}

const order = new WeakMap<Graph["nodes"], ReadonlyMap<string, number>>();

/** A small number for each shared layer, to tie its calls by a colour; null for one that is called once. */
export function sharedIndex(graph: Graph, layerId: string): number | null {
  const known = order.get(graph.nodes);
  if (known) return known.get(layerId) ?? null;
  const shared = [...indexGraph(graph).calls].filter(([, calls]) => calls.length > 1).map(([id]) => id);
  const indices = new Map(shared.map((id, index) => [id, index]));
  order.set(graph.nodes, indices);
  return indices.get(layerId) ?? null;
}

/** Gives a call a layer of its own, made as the shared one is, with weights of its own. */
export function unshareCall(document: Document, nodeId: string): Document {
  const { graph, layout } = document;
  const layer = findLayerOf(graph, nodeId);
  if (!layer || callPlace(graph, nodeId).of < 2) return document;
  const taken = takenNames(graph);
  const id = pickFreeName(layer.id, taken);
  taken.add(id);
  const copy: Layer = { ...layer, id, name: layer.name ? pickFreeName(layer.name, taken) : null };
  const inner = layout.nested[layer.id];
  return {
    graph: {
      ...graph,
      layers: [...graph.layers, copy],
      nodes: graph.nodes.map((node) => (node.id === nodeId ? { ...node, layer: id } : node)),
    },
    layout: inner ? { ...layout, nested: { ...layout.nested, [id]: inner } } : layout,
  };
}
