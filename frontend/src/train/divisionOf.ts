/** What a look for leaks has to know of a training: how it reads its data, and how it divides the samples. */
import type { RunConfig } from "@/api/types";
import type { TrainingOfData } from "@/stores/datasets/datasetPreview";

/** Without a split where steps come first: they may make other samples, as windows of a series are. */
export function divisionOf({ data, fit }: RunConfig): TrainingOfData {
  if (data.steps.length > 0) return { arguments: data.arguments, split: null };
  return { arguments: data.arguments, split: data.split ?? lastOnes(fit.validation_split) };
}

/** Keras takes the last samples. */
function lastOnes(validation: number): RunConfig["data"]["split"] {
  return validation > 0 ? { kind: "holdout", validation, test: 0, seed: 0, shuffle: false } : null;
}
