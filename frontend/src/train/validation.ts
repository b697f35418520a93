/** What a model is validated on: a part of the data that train it, or data of its own. */
import type { DatasetSummary, RunConfig } from "@/api/types";
import { VALIDATION_SPLIT } from "@/train/suggest";

type Validation = NonNullable<RunConfig["data"]["validation"]>;

export interface ValidationChoice {
  readonly value: string;
  readonly label: string;
  /** Null for the last part of the data that train the model. */
  readonly validation: Validation | null;
}

const SPLIT: ValidationChoice = { value: "split", label: "Part of the data", validation: null };

/** What can be chosen: the own test part first, then data sets at hand whose arrays have the same shapes. */
export function listValidationChoices(
  config: RunConfig,
  datasets: readonly DatasetSummary[],
): ValidationChoice[] {
  const own = datasets.find(({ name }) => name === config.data.dataset);
  const others = datasets.filter((dataset) => dataset !== own && dataset.available && hasForm(dataset, own));
  const choices = [SPLIT, ...(own?.has_test_part ? [makeChoice(own.name, "test")] : [])];
  for (const { name, has_test_part } of others) {
    choices.push(makeChoice(name, null));
    if (has_test_part) choices.push(makeChoice(name, "test"));
  }
  const present = findChoice(config);
  return choices.some(({ value }) => value === present.value) ? choices : [...choices, present];
}

/** What is chosen now. */
export function findChoice({ data: { validation } }: RunConfig): ValidationChoice {
  return validation ? makeChoice(validation.dataset, validation.part ?? null) : SPLIT;
}

/** Keras takes either a split or data of its own. */
export function chooseValidation(config: RunConfig, choice: ValidationChoice): RunConfig {
  if (choice.value === findChoice(config).value) return config;
  const validation_split = choice.validation === null ? VALIDATION_SPLIT : 0;
  return {
    ...config,
    data: { ...config.data, validation: choice.validation },
    fit: { ...config.fit, validation_split },
  };
}

/** The arrays that can say how much each sample counts: one number per sample. */
export function listWeightArrays(config: RunConfig, dataset: DatasetSummary | undefined): string[] {
  const arrays = dataset === undefined ? [] : [...dataset.inputs, ...dataset.targets];
  const names = arrays.filter(({ shape }) => shape.length === 0).map(({ name }) => name);
  const present = config.data.sample_weights;
  return present == null || names.includes(present) ? names : [...names, present];
}

function makeChoice(dataset: string, part: "test" | null): ValidationChoice {
  const label = part === null ? dataset : `${dataset}, test part`;
  return { value: `${part ?? "all"} ${dataset}`, label, validation: { dataset, part } };
}

function hasForm(dataset: DatasetSummary, like: DatasetSummary | undefined): boolean {
  return (
    like !== undefined &&
    haveShapes(dataset.inputs, like.inputs) &&
    haveShapes(dataset.targets, like.targets) &&
    dataset.task === like.task
  );
}

type Arrays = DatasetSummary["inputs"];

function haveShapes(arrays: Arrays, like: Arrays): boolean {
  return arrays.length === like.length && arrays.every(({ shape }, i) => `${shape}` === `${like[i]?.shape}`);
}
