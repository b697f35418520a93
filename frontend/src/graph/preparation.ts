/** Inputs for raw data: Keras's preprocessing layers behind each, so that the model takes what a person has. */
import type { ArraySpec, DatasetSummary, Edge } from "@/api/types";
import { computePositions } from "@/graph/arrange";
import { type Document, type FindEntry, findLayerOf, indexGraph } from "@/graph/document";
import { inputsOf } from "@/graph/ends";
import { makeInputs, TEXT } from "@/graph/fromData";
import { isImageArray } from "@/graph/imageArray";
import { addStep, addSteps, entryOf, type Step } from "@/graph/steps";

/** Categories with more values than this become a few learned numbers instead of one for each value. */
const MOST_ONE_HOT = 100;
const CATEGORY_NUMBERS = 8;

/** As many words, and words of a text, as the field's textbooks take to begin with. */
const WORDS = 10_000;
const WORDS_OF_A_TEXT = 200;
const WORD_NUMBERS = 16;

/** What brings an array as it is to numbers that a `Dense` layer, or for images a convolution, can be given. */
export function preparationFor(array: ArraySpec): readonly Step[] {
  if (array.dtype === TEXT) return array.classes == null ? TEXT_STEPS : categorySteps(array.classes);
  if (isImageArray(array)) return array.dtype === "uint8" ? [["Rescaling", { scale: 1 / 255 }]] : [];
  if (array.classes != null && array.shape.every((size) => size === 1)) {
    return array.shape.length === 1
      ? [["CategoryEncoding", { num_tokens: array.classes, output_mode: "one_hot" }]]
      : [["IntegerLookup", { output_mode: "one_hot" }]];
  }
  // Keras normalizes along an axis, which a single number has not.
  return array.shape.length === 0
    ? [
        ["Flatten", {}],
        ["Normalization", {}],
      ]
    : [["Normalization", {}]];
}

const TEXT_STEPS: readonly Step[] = [
  ["TextVectorization", { max_tokens: WORDS, output_sequence_length: WORDS_OF_A_TEXT }],
  ["Embedding", { input_dim: WORDS, output_dim: WORD_NUMBERS, mask_zero: true }],
  ["GlobalAveragePooling1D", {}],
];

function categorySteps(values: number): readonly Step[] {
  if (values <= MOST_ONE_HOT) return [["StringLookup", { output_mode: "one_hot" }]];
  // One more for values that were not there in the training.
  return [
    ["StringLookup", {}],
    ["Embedding", { input_dim: values + 1, output_dim: CATEGORY_NUMBERS }],
  ];
}

/** Whether an array's preparation ends in a row of numbers, which can be put beside others. */
function endsAsRow(array: ArraySpec): boolean {
  return array.dtype === TEXT || array.shape.length <= 1;
}

/** An array with its input, the end of its preparation, and where its input led before. */
interface Prepared {
  readonly array: ArraySpec;
  readonly end: string;
  readonly followers: readonly Edge[];
}

/**
 * An input for each array with layers behind it that prepare it, and those rows of numbers side by side. What followed
 * an input follows its preparation; where only one input led anywhere, all rows of numbers together take its place.
 * The very same document where the inputs fit the data and are prepared already.
 */
export function makePreparedInputs(
  document: Document,
  data: Pick<DatasetSummary, "inputs" | "targets" | "task">,
  findEntry: FindEntry,
): Document {
  let drawn = makeInputs(document, data, entryOf("InputLayer", findEntry));
  const prepared = data.inputs.flatMap((array, place): Prepared[] => {
    const input = inputsOf(drawn.graph)[place]?.node ?? "";
    const steps = preparationFor(array);
    const followers = indexGraph(drawn.graph).outgoing.get(input) ?? [];
    const isPrepared = followers.some(
      ({ target }) => findLayerOf(drawn.graph, target)?.class_name === steps[0]?.[0],
    );
    if (isPrepared || steps.length === 0) return [];
    const added = addSteps(drawn, input, steps, findEntry);
    drawn = added.document;
    return [{ array, end: added.nodeId, followers }];
  });
  if (prepared.length === 0) return drawn;
  drawn = lead(drawn, prepared, findEntry);
  const positions = { ...drawn.layout.positions, ...computePositions(drawn.graph) };
  return { ...drawn, layout: { ...drawn.layout, positions } };
}

/** Leads what is prepared to where the inputs led. */
function lead(document: Document, prepared: readonly Prepared[], findEntry: FindEntry): Document {
  const leading = prepared.filter(({ followers }) => followers.length > 0);
  const [only] = leading;
  const takesAll = leading.length === 1 && only !== undefined && endsAsRow(only.array);
  const loose = prepared.filter((one) => endsAsRow(one.array) && (takesAll || one.followers.length === 0));
  const joined =
    loose.length > 1
      ? addStep(
          document,
          loose.map(({ end }) => end),
          ["Concatenate", {}],
          findEntry,
        )
      : null;
  return leading.reduce(
    (drawn, { end, followers }) => moveSources(drawn, followers, takesAll && joined ? joined.nodeId : end),
    joined?.document ?? document,
  );
}

function moveSources(document: Document, edges: readonly Edge[], source: string): Document {
  const moved = new Set(edges.map(({ id }) => id));
  const { graph } = document;
  return {
    ...document,
    graph: {
      ...graph,
      edges: graph.edges.map((edge) => (moved.has(edge.id) ? { ...edge, source, output: 0 } : edge)),
    },
  };
}
