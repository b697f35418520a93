/** What a node on the canvas shows, each read on its own so that a node is drawn anew only for its own changes. */
import { useShallow } from "zustand/react/shallow";
import type { Layer } from "@/api/types";
import { countOutputs, findSockets } from "@/canvas/sockets";
import { findLayerOf, indexGraph } from "@/graph/document";
import { callPlace, sharedIndex } from "@/graph/sharing";
import { useEditor } from "@/stores/editor/editorStore";
import { useEntry } from "@/stores/editor/entries";

const NONE: readonly never[] = [];

/** How a shared layer's calls are tied: which call this is, of how many, and the colour that they have in common. */
export interface Tie {
  number: number;
  of: number;
  color: number;
}

export type NodeFacts = ReturnType<typeof useNodeFacts>;

export function useNodeFacts(nodeId: string) {
  const layer = useEditor((state) => findLayerOf(state.open.document.graph, nodeId));
  const tie = useEditor(useShallow((state) => findTie(state.open.document.graph, nodeId, layer)));
  const incoming = useEditor(
    useShallow((state) => indexGraph(state.open.document.graph).incoming.get(nodeId) ?? NONE),
  );
  const outgoing = useEditor(
    useShallow((state) => indexGraph(state.open.document.graph).outgoing.get(nodeId) ?? NONE),
  );
  const constants = useEditor((state) => indexGraph(state.open.document.graph).nodes.get(nodeId)?.arguments);
  const result = useEditor((state) => state.open.check?.nodes[nodeId]);
  const parameters = useEditor((state) =>
    layer ? state.open.check?.layers[layer.id]?.parameters : undefined,
  );
  const issues = useEditor(useShallow((state) => state.open.issues.byNode.get(nodeId) ?? NONE));
  const entry = useEntry(layer);
  return {
    layer,
    tie,
    entry,
    constants,
    result,
    parameters,
    issues,
    sockets: findSockets(layer, entry, incoming),
    outputs: countOutputs(result?.outputs.length, outgoing),
  };
}

function findTie(
  graph: Parameters<typeof callPlace>[0],
  nodeId: string,
  layer: Layer | undefined,
): Tie | null {
  const color = layer ? sharedIndex(graph, layer.id) : null;
  return color === null ? null : { ...callPlace(graph, nodeId), color };
}
