/** The steps of a run's data: adding, ordering and naming them, and what they leave. */

import type { DataStep, SteppedArray, StepsPreview } from "@/api/dataSteps";
import { toNumber } from "@/api/number";
import type { DatasetSummary, Entry, Issue, RunConfig } from "@/api/types";
import { formatMetric } from "@/ui/format/amounts";

export const MOST_STEPS = 50;

/** What is known of an array before anybody looked into it. */
type KnownArray = Pick<SteppedArray, "name" | "part" | "classes">;

export function setSteps(config: RunConfig, steps: DataStep[]): RunConfig {
  return { ...config, data: { ...config.data, steps } };
}

/** A new step at the end, with an array that it likely is for: labels, or else the first input. */
export function addStep(config: RunConfig, entry: Entry, arrays: readonly KnownArray[]): RunConfig {
  const labels = entry.arguments.some(({ name }) => name === "num_classes");
  const isLikely = ({ classes, part }: KnownArray) => (labels ? classes != null : part === "input");
  const array = (arrays.find(isLikely) ?? arrays[0])?.name ?? "";
  const added = { function: entry.class_name, array, arguments: entry.example } as DataStep;
  return setSteps(config, [...config.data.steps, added]);
}

/** Two neighbours change places. */
export function moveStep(config: RunConfig, index: number, by: -1 | 1): RunConfig {
  const { steps } = config.data;
  const [one, other] = [steps[index], steps[index + by]];
  if (one === undefined || other === undefined) return config;
  return setSteps(config, steps.with(index, other).with(index + by, one));
}

/** Without an argument where its value is undefined: the function's default holds then. */
export function setStepArgument(step: DataStep, name: string, value: unknown): DataStep {
  const { [name]: _, ...others } = step.arguments ?? {};
  const changed = value === undefined ? others : { ...others, [name]: value };
  return { ...step, arguments: changed as DataStep["arguments"] };
}

/** The arrays that a step finds: those of the stage before it, or of the last one that there is. */
export function arraysBefore(preview: StepsPreview | undefined, index: number): readonly SteppedArray[] {
  const stages = preview?.stages ?? [];
  return (stages[index] ?? stages.at(-1))?.arrays ?? [];
}

/** The data set as the steps leave it; as it is where nothing is known of them yet, or one of them is wrong. */
export function describeStepped(
  dataset: DatasetSummary | undefined,
  config: RunConfig,
  preview: StepsPreview | undefined,
): DatasetSummary | undefined {
  const last = preview?.stages.at(-1);
  const isWhole =
    preview?.dataset === dataset?.name && preview?.stages.length === config.data.steps.length + 1;
  if (dataset === undefined || last === undefined || !isWhole || config.data.steps.length === 0)
    return dataset;
  const pick = (part: SteppedArray["part"]) =>
    last.arrays
      .filter((array) => array.part === part)
      .map(({ name, shape, dtype, classes }) => ({ name, shape, dtype, classes }));
  return {
    ...dataset,
    samples: last.samples ?? dataset.samples,
    inputs: pick("input"),
    targets: pick("target"),
  };
}

/** `28 × 28 uint8, 0 to 255` */
export function writeArray({ shape, dtype, minimum, maximum }: SteppedArray): string {
  const size = shape.length === 0 ? "one" : shape.map((length) => length ?? "?").join(" × ");
  if (minimum == null || maximum == null) return `${size} ${dtype}`;
  return `${size} ${dtype}, ${formatMetric(toNumber(minimum))} to ${formatMetric(toNumber(maximum))}`;
}

/** The issues of one step, of the check and of the preview, each once and with its argument as the step has it. */
export function listStepIssues(
  index: number,
  checked: readonly Issue[],
  preview: StepsPreview | undefined,
): readonly Issue[] {
  const place = `data.steps.${index}`;
  const seen = (preview?.issues ?? [])
    .filter(({ argument }) => argument === place || argument?.startsWith(`${place}.`))
    .map((issue) => ({ ...issue, argument: issue.argument?.slice(place.length + 1) ?? null }));
  const known = new Set(checked.map(({ message }) => message));
  return [...checked, ...seen.filter(({ message }) => !known.has(message))].map((issue) => ({
    ...issue,
    argument: issue.argument?.replace(/^arguments\./, "") ?? null,
  }));
}

/** The arrays of a data set as it is, before the server has looked into it. */
export function listArrays({ inputs, targets }: DatasetSummary): KnownArray[] {
  return [
    ...inputs.map(({ name, classes }) => ({ name, classes, part: "input" as const })),
    ...targets.map(({ name, classes }) => ({ name, classes, part: "target" as const })),
  ];
}
