/** Where edges can end and begin on a node: the call's slots, and its output tensors. */
import type { Edge, Entry, Layer } from "@/api/types";
import { fillsSlot, type Slot, slotsOf } from "@/graph/slots";

/** A place where edges can end: a slot of the call. */
export interface Socket {
  name: string;
  filled: boolean;
  required: boolean;
  many: boolean;
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

/** As many tensors as the check has seen leave the node, at least one, and those that edges begin at. */
export function countOutputs(checked: number | undefined, outgoing: readonly Edge[]): number {
  return Math.max(1, checked ?? 1, ...outgoing.map(({ output }) => output + 1));
}
