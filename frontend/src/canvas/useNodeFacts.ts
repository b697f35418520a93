/** What a node on the canvas shows, each read on its own so that a node is drawn anew only for its own changes. */
import { useShallow } from "zustand/react/shallow";
import type { CallArgument, Edge, Entry } from "@/api/types";
import { fillsArgument } from "@/graph/connections";
import { findLayerOf, indexGraph, tensorArguments } from "@/graph/document";
import { useEditor } from "@/stores/editor/editorStore";
import { useEntry } from "@/stores/editor/entries";

const NONE: readonly never[] = [];

/** A place where edges can end: an argument of the call. */
export interface Slot {
  name: string;
  filled: boolean;
  required: boolean;
  many: boolean;
}

export type NodeFacts = ReturnType<typeof useNodeFacts>;

export function useNodeFacts(nodeId: string) {
  const layer = useEditor((state) => findLayerOf(state.history.present.graph, nodeId));
  const calls = useEditor((state) =>
    layer ? (indexGraph(state.history.present.graph).calls.get(layer.id)?.length ?? 0) : 0,
  );
  const incoming = useEditor(
    useShallow((state) => indexGraph(state.history.present.graph).incoming.get(nodeId) ?? NONE),
  );
  const outgoing = useEditor(
    useShallow((state) => indexGraph(state.history.present.graph).outgoing.get(nodeId) ?? NONE),
  );
  const result = useEditor((state) => state.check?.nodes[nodeId]);
  const parameters = useEditor((state) => (layer ? state.check?.layers[layer.id]?.parameters : undefined));
  const issues = useEditor(useShallow((state) => state.issues.byNode.get(nodeId) ?? NONE));
  const entry = useEntry(layer?.class_name);
  return {
    layer,
    calls,
    entry,
    result,
    parameters,
    issues,
    slots: findSlots(entry, incoming),
    outputs: countOutputs(result?.outputs.length, outgoing),
  };
}

/** The tensor arguments of the call, and those that only the edges know, where the catalogue lacks the class. */
export function findSlots(entry: Entry | undefined, incoming: readonly Edge[]): Slot[] {
  const known = tensorArguments(entry);
  const unknown = new Set(
    incoming
      .filter((edge) => !known.some((slot) => fillsArgument(edge, slot)))
      .map((edge) => String(edge.argument)),
  );
  const isFilled = (argument: CallArgument) => incoming.some((edge) => fillsArgument(edge, argument));
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
