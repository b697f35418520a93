/** A model to begin with for a data set. */
import type { ArraySpec, DatasetSummary } from "@/api/types";
import { computePositions } from "@/graph/arrange";
import { type Document, EMPTY_DOCUMENT, type FindEntry } from "@/graph/document";
import { INPUT_LAYER, inputsOf } from "@/graph/ends";
import { headFor, makeInputs, TEXT, withHead } from "@/graph/fromData";
import { isImageArray } from "@/graph/imageArray";
import { preparationFor } from "@/graph/preparation";
import { addStep, addSteps, entryOf, type Step } from "@/graph/steps";

type Described = Pick<DatasetSummary, "inputs" | "targets" | "task">;

const IMAGE_STEPS = [
  ["Rescaling", { scale: 1 / 255 }],
  ["Conv2D", { filters: 32, kernel_size: 3, activation: "relu", padding: "same" }],
  ["MaxPooling2D", {}],
  ["Conv2D", { filters: 64, kernel_size: 3, activation: "relu", padding: "same" }],
  ["MaxPooling2D", {}],
  ["Flatten", {}],
  ["Dropout", { rate: 0.5 }],
] as const satisfies readonly Step[];

/** From this height or width on, pixels are averaged first: a flattened photo has millions of weights. */
const LARGE = 64;

/** Below this height or width there is nothing left to pool. */
const SMALL = 8;

/** Whether an array is one column of a table, which needs no layer of its own before it stands beside others. */
function endsInFew({ shape }: ArraySpec): boolean {
  return shape.every((size) => size === 1);
}

/** Layers for an array: what prepares texts, convolutions for images, otherwise a row of numbers brought to one scale. */
function stepsFor(array: ArraySpec, isRaw: boolean): readonly Step[] {
  if (array.dtype === TEXT || (isRaw && endsInFew(array))) return preparationFor(array);
  const [height, width] = [array.shape[0] ?? LARGE, array.shape[1] ?? LARGE];
  if (isImageArray(array) && Math.min(height, width) >= SMALL) {
    const isLarge = Math.max(height, width) >= LARGE;
    const steps = isLarge
      ? IMAGE_STEPS.map((step): Step => (step[0] === "Flatten" ? ["GlobalAveragePooling2D", {}] : step))
      : IMAGE_STEPS;
    // Pixels that are floats may be scaled already.
    return array.dtype === "uint8" ? steps : steps.slice(1);
  }
  const row: Step[] = array.shape.length === 1 ? [] : [["Flatten", {}]];
  return [...row, ["BatchNormalization", {}], ["Dense", { units: 64, activation: "relu" }]];
}

/** A model to begin with: each input through a few layers, side by side, to a last layer for each target. */
export function startFor(data: Described, findEntry: FindEntry): Document {
  let drawn = makeInputs(EMPTY_DOCUMENT, data, entryOf(INPUT_LAYER, findEntry));
  const add = (from: readonly string[], step: Step): string => {
    const added = addStep(drawn, from, step, findEntry);
    drawn = added.document;
    return added.nodeId;
  };
  const isRaw = data.inputs.length > 1;
  const ends = data.inputs.map((array, place) => {
    const added = addSteps(
      drawn,
      inputsOf(drawn.graph)[place]?.node ?? "",
      stepsFor(array, isRaw),
      findEntry,
    );
    drawn = added.document;
    return added.nodeId;
  });
  const joined = ends.length > 1 ? add(ends, ["Concatenate", {}]) : (ends[0] ?? "");
  const shared = add([joined], ["Dense", { units: 64, activation: "relu" }]);
  const heads = data.targets.map((target) => {
    const head = add([shared], ["Dense", withHead({}, headFor(target, data.task))]);
    // A target of several axes: the row of numbers is folded into its shape.
    return target.classes == null && target.shape.length > 1
      ? add([head], ["Reshape", { target_shape: [...target.shape] }])
      : head;
  });
  const graph = {
    ...drawn.graph,
    outputs: heads.length > 1 ? heads.map((node) => ({ node, output: 0 })) : null,
  };
  return { graph, layout: { ...drawn.layout, positions: computePositions(graph) } };
}
