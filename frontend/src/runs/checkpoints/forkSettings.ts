/** What can be changed when a run is forked, and the config that comes of it. */
import type { RunConfig, RunPublic } from "@/api/types";
import { readRate } from "@/runs/control/learningRate";

/** As typed: empty fields leave a setting as it was. */
export interface ForkSettings {
  readonly name: string;
  /** Train the graph as the run had it, or the model's draft as it is now. */
  readonly graph: "same" | "draft";
  readonly epochs: number | string;
  readonly batchSize: number | string;
  readonly learningRate: string;
  readonly seed: number | string;
}

export function suggestFork(run: RunPublic): ForkSettings {
  const { fit, seed } = run.config;
  return {
    name: "",
    graph: "same",
    epochs: fit.epochs,
    batchSize: fit.batch_size,
    learningRate: "",
    seed,
  };
}

/** What is wrong with the learning rate as typed, or undefined. */
export function checkRate({ learningRate }: ForkSettings): string | undefined {
  if (learningRate.trim() === "") return undefined;
  const read = readRate(learningRate);
  return "problem" in read ? read.problem : undefined;
}

/** The run's config with these settings. The weights are the checkpoint's, whatever the run itself started with. */
export function applyFork(config: RunConfig, settings: ForkSettings): RunConfig {
  const { fit } = config;
  return {
    ...setLearningRate(config, settings.learningRate),
    fit: {
      ...fit,
      epochs: take(settings.epochs, fit.epochs),
      batch_size: take(settings.batchSize, fit.batch_size),
    },
    seed: take(settings.seed, config.seed),
    weights: null,
    partial_weights: false,
  };
}

function take(typed: number | string, otherwise: number): number {
  return typeof typed === "number" ? typed : otherwise;
}

function setLearningRate(config: RunConfig, typed: string): RunConfig {
  const read = readRate(typed);
  if ("problem" in read) return config;
  const { optimizer } = config.compile;
  const object = typeof optimizer === "string" ? { class_name: optimizer, config: {} } : optimizer;
  const changed = { ...object, config: { ...object.config, learning_rate: read.rate } };
  return { ...config, compile: { ...config.compile, optimizer: changed } };
}
