/** What a model is validated on: nothing, a part of the data that train it, or data of its own. */
import type { StoredSplitInfo } from "@/api/splits";
import type { DatasetSummary, RunConfig } from "@/api/types";
import { VALIDATION_SPLIT } from "@/train/suggest";
import { listDividingArrays, makeSplit, writeSides } from "@/train/validation/splits";
import { KIND_LABELS, type Split } from "@/ui/runs/describeValidation";

type Validation = NonNullable<RunConfig["data"]["validation"]>;

export interface ValidationChoice {
  readonly value: string;
  readonly label: string;
  readonly group: "Of this data" | "Stored splits" | "Other data";
  /** The three settings of which one at most says what validates. */
  readonly validation: Validation | null;
  readonly split: Split | null;
  readonly share: number;
}

const NOTHING: ValidationChoice = {
  value: "none",
  label: "Nothing",
  group: "Of this data",
  validation: null,
  split: null,
  share: 0,
};
const LAST: ValidationChoice = {
  ...NOTHING,
  value: "last",
  label: "The last samples",
  share: VALIDATION_SPLIT,
};
const KINDS = ["holdout", "stratified", "grouped", "time", "k_fold"] as const;

/** What can be chosen: parts of the data, then stored splits, then the own test part and data of the same shapes. */
export function listValidationChoices(
  config: RunConfig,
  datasets: readonly DatasetSummary[],
  stored: readonly StoredSplitInfo[] = [],
): ValidationChoice[] {
  const own = datasets.find(({ name }) => name === config.data.dataset);
  const others = datasets.filter((dataset) => dataset !== own && dataset.available && hasForm(dataset, own));
  const parts = listParts(config, own);
  const choices = [
    NOTHING,
    { ...LAST, share: readShare(config) },
    ...parts,
    ...stored.map((split) => nameStored(split.name, writeSides(split))),
    ...(own?.has_test_part ? [nameData(own.name, "test")] : []),
  ];
  for (const { name, has_test_part } of others) {
    choices.push(nameData(name, null));
    if (has_test_part) choices.push(nameData(name, "test"));
  }
  const present = findChoice(config);
  return choices.some(({ value }) => value === present.value) ? choices : [...choices, present];
}

function listParts(config: RunConfig, own: DatasetSummary | undefined): ValidationChoice[] {
  const [groups] = listDividingArrays(own);
  const hasClasses = own?.targets[0]?.classes != null;
  const share = readShare(config);
  return KINDS.filter((kind) => kind !== "grouped" || groups !== undefined)
    .filter((kind) => kind !== "stratified" || hasClasses)
    .map((kind) => nameSplit(makeSplit(kind, share, groups ?? "")));
}

/** What is chosen now. */
export function findChoice({ data: { validation, split }, fit }: RunConfig): ValidationChoice {
  if (validation) return nameData(validation.dataset, validation.part ?? null);
  if (split) return nameSplit(split);
  return fit.validation_split > 0 ? { ...LAST, share: fit.validation_split } : NOTHING;
}

/** One of the three at most: Keras takes either a share, or samples of their own. */
export function chooseValidation(config: RunConfig, choice: ValidationChoice): RunConfig {
  if (choice.value === findChoice(config).value) return config;
  const { validation, split, share } = choice;
  return {
    ...config,
    data: { ...config.data, validation, split },
    fit: { ...config.fit, validation_split: share },
  };
}

/** Whether there will be metrics of a validation. */
export function isValidated({ data, fit }: Pick<RunConfig, "data" | "fit">): boolean {
  return fit.validation_split > 0 || data.validation != null || data.split != null;
}

/** The share that validates now, kept where the way changes. */
function readShare({ data: { split }, fit }: RunConfig): number {
  if (split && "validation" in split) return split.validation;
  return fit.validation_split > 0 ? fit.validation_split : VALIDATION_SPLIT;
}

/** The arrays that can say how much each sample counts: one number per sample. */
export function listWeightArrays(config: RunConfig, dataset: DatasetSummary | undefined): string[] {
  const arrays = dataset === undefined ? [] : [...dataset.inputs, ...dataset.targets];
  const names = arrays.filter(({ shape }) => shape.length === 0).map(({ name }) => name);
  const present = config.data.sample_weights;
  return present == null || names.includes(present) ? names : [...names, present];
}

function nameSplit(split: Split): ValidationChoice {
  if (split.kind === "stored") return nameStored(split.name);
  return { ...NOTHING, value: split.kind, label: KIND_LABELS[split.kind], split };
}

function nameStored(name: string, sides?: string): ValidationChoice {
  const label = sides ? `${name} (${sides})` : name;
  return {
    ...NOTHING,
    value: `stored ${name}`,
    label,
    group: "Stored splits",
    split: { kind: "stored", name },
  };
}

function nameData(dataset: string, part: "test" | null): ValidationChoice {
  const label = part === null ? dataset : `${dataset}, test part`;
  return {
    ...NOTHING,
    value: `${part ?? "all"} ${dataset}`,
    label,
    group: "Other data",
    validation: { dataset, part },
  };
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
