/** Freezing and unfreezing: which layers stand before which, and one switch for all of them. */
import { type Document, indexGraph } from "@/graph/document";

/** The given nodes and all that they depend on, back to the inputs. */
export function withAncestors(graph: Document["graph"], nodeIds: Iterable<string>): ReadonlySet<string> {
  const { incoming, nodes } = indexGraph(graph);
  const waiting = [...nodeIds];
  const reached = new Set<string>();
  for (let nodeId = waiting.pop(); nodeId !== undefined; nodeId = waiting.pop()) {
    if (reached.has(nodeId) || !nodes.has(nodeId)) continue;
    reached.add(nodeId);
    waiting.push(...(incoming.get(nodeId) ?? []).map(({ source }) => source));
  }
  return reached;
}

/** Sets `trainable` on all layers that these nodes call; the very same document where nothing changed. */
export function setTrainableOf(document: Document, nodeIds: Iterable<string>, trainable: boolean): Document {
  const { graph } = document;
  const { nodes } = indexGraph(graph);
  const layerIds = new Set([...nodeIds].map((id) => nodes.get(id)?.layer));
  const concerns = (layer: { id: string; trainable: boolean }) =>
    layerIds.has(layer.id) && layer.trainable !== trainable;
  if (!graph.layers.some(concerns)) return document;
  const layers = graph.layers.map((layer) => (concerns(layer) ? { ...layer, trainable } : layer));
  return { ...document, graph: { ...graph, layers } };
}
