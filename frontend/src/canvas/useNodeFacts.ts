/** What a node on the canvas shows, each read on its own so that a node is drawn anew only for its own changes. */
import { useShallow } from "zustand/react/shallow";
import type { Edge, Entry, Layer } from "@/api/types";
import { findLayerOf, indexGraph } from "@/graph/document";
import { callPlace, sharedIndex } from "@/graph/sharing";
import { fillsSlot, type Slot, slotsOf } from "@/graph/slots";
import { useEditor } from "@/stores/editor/editorStore";
import { useEntry } from "@/stores/editor/entries";

const NONE: readonly never[] = [];

/** A place where edges can end: a slot of the call. */
export interface Socket {
  name: string;
  filled: boolean;
  required: boolean;
  many: boolean;
}

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

/** The slots of the call, and those that only the edges know, where the catalogue lacks the class. */
export function findSockets(
  layer: Layer | undefined,
  entry: Entry | undefined,
  incoming: readonly Edge[],
): Socket[] {
  const known = slotsOf(layer, entry);
  const unknown = new Set(
    incoming
      .filter((edge) => !known.some((slot) => fillsSlot(edge, slot)))
      .map((edge) => String(edge.argument)),
  );
  const isFilled = (slot: Slot) => incoming.some((edge) => fillsSlot(edge, slot));
  return [
    ...known.map((slot) => ({
      name: slot.name,
      filled: isFilled(slot),
      required: slot.required,
      many: slot.many,
    })),
    ...[...unknown].map((name) => ({ name, filled: true, required: false, many: false })),
  ];
}

function countOutputs(checked: number | undefined, outgoing: readonly Edge[]): number {
  return Math.max(1, checked ?? 1, ...outgoing.map(({ output }) => output + 1));
}
