/** What to train with, suggested from what the data set is for. A suggestion only: the server checks what fits. */
import type { CheckResult, CompileSettings, DatasetSummary, RunConfig } from "@/api/types";

type Suggestion = Pick<CompileSettings, "loss" | "metrics">;

const SUGGESTIONS: Record<DatasetSummary["task"], Suggestion> = {
  classification: { loss: "sparse_categorical_crossentropy", metrics: ["accuracy"] },
  binary_classification: { loss: "binary_crossentropy", metrics: ["accuracy"] },
  regression: { loss: "mean_squared_error", metrics: ["mean_absolute_error"] },
};

const EPOCHS = 10;
const BATCH_SIZE = 32;
export const VALIDATION_SPLIT = 0.2;
const RESTARTS = 3;
const CHECKPOINTS: RunConfig["checkpoints"] = {
  every_minutes: 0.25,
  keep_last: 3,
  keep_best: 1,
  mode: "auto",
};

export function suggestCompile(dataset: DatasetSummary): Suggestion {
  return SUGGESTIONS[dataset.task];
}

/** The config that a model starts with. */
export function suggestConfig(dataset: DatasetSummary): RunConfig {
  return {
    compile: { optimizer: "adam", weighted_metrics: [], ...suggestCompile(dataset) },
    fit: {
      epochs: EPOCHS,
      batch_size: BATCH_SIZE,
      validation_split: VALIDATION_SPLIT,
      shuffle: true,
      initial_epoch: 0,
      validation_freq: 1,
    },
    callbacks: [],
    data: { dataset: dataset.name, arguments: {}, steps: [] },
    seed: 0,
    precision: "float32",
    plan: "auto",
    checkpoints: CHECKPOINTS,
    restarts: RESTARTS,
    partial_weights: false,
  };
}

/** The same config on another data set: loss and metrics change only where the task does. Validation data and splits are left. */
export function changeDataset(
  config: RunConfig,
  from: DatasetSummary | undefined,
  to: DatasetSummary,
): RunConfig {
  const data = { dataset: to.name, arguments: {}, steps: [] };
  const isOwn = config.data.validation || config.data.split;
  const fit = isOwn ? { ...config.fit, validation_split: VALIDATION_SPLIT } : config.fit;
  if (from?.task === to.task) return { ...config, data, fit };
  return { ...config, data, fit, compile: { ...config.compile, ...suggestCompile(to) } };
}

/** The first data set whose arrays have the shapes of the graph's inputs; otherwise the first one at hand. */
export function pickDataset(
  datasets: readonly DatasetSummary[],
  check: CheckResult | null,
): DatasetSummary | undefined {
  const available = datasets.filter((dataset) => dataset.available);
  const shapes = check?.inputs.map((node) => check.nodes[node]?.outputs[0]?.shape.slice(1)) ?? [];
  const fits = (dataset: DatasetSummary): boolean =>
    shapes.length > 0 &&
    shapes.length === dataset.inputs.length &&
    dataset.inputs.every((array, i) => fitShape(array.shape, shapes[i]));
  return available.find(fits) ?? available[0];
}

/** An unknown dimension (null) fits any. */
function fitShape(data: readonly (number | null)[], input: readonly (number | null)[] | undefined): boolean {
  return (
    input !== undefined &&
    data.length === input.length &&
    data.every((size, i) => size === null || input[i] === null || size === input[i])
  );
}
