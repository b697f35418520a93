/** Where tensors go into a call: its arguments or, where the layer is a model, that model's inputs one by one. */
import type { CallArgument, Edge, Entry, Layer } from "@/api/types";
import { findLayerOf, nameOf, tensorArguments } from "@/graph/document";
import { inputsOf } from "@/graph/ends";
import { isModelLayer } from "@/graph/nesting";

/** `member` is the place in the argument's list that this slot stands for; null where it stands for the argument. */
export interface Slot extends CallArgument {
  keyword: string;
  member: number | null;
}

const MODEL_ARGUMENT = "inputs";

/** The slots of a call, in the order of the signature or of the model's inputs. */
export function slotsOf(layer: Layer | undefined, entry: Entry | undefined): readonly Slot[] {
  if (!isModelLayer(layer)) return tensorArguments(entry).map(toSlot);
  const inputs = inputsOf(layer.graph);
  return inputs.map(({ node }, index) => {
    const inner = findLayerOf(layer.graph, node);
    const member = inputs.length > 1 ? index : null;
    const name = member === null ? MODEL_ARGUMENT : inner ? nameOf(inner) : node;
    return { ...MODEL_INPUT, name, member };
  });
}

const MODEL_INPUT: Slot = {
  name: MODEL_ARGUMENT,
  keyword: MODEL_ARGUMENT,
  position: 0,
  tensor: true,
  many: false,
  required: true,
  default: null,
  help: "",
  member: null,
};

function toSlot(argument: CallArgument): Slot {
  return { ...argument, keyword: argument.name, member: null };
}

/** Whether the edge goes into this slot, named by its position or by its keyword. */
export function fillsSlot(edge: Edge, slot: Slot): boolean {
  if (edge.argument !== slot.position && edge.argument !== slot.keyword) return false;
  return slot.member === null || edge.path[0] === slot.member;
}

/** The slot that an edge goes into; undefined where there is none such. */
export function slotOf(edge: Edge, layer: Layer | undefined, entry: Entry | undefined): Slot | undefined {
  return slotsOf(layer, entry).find((slot) => fillsSlot(edge, slot));
}
