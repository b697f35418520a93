/** A run as the API answers it, for tests. */
import type { RunPublic, SetupEvent } from "@/api/events";
import type { RunSnapshot } from "@/stores/runs/state";

export const TIME = "2026-01-01T00:00:00Z";

export function makeRun(changes: Partial<RunPublic> = {}): RunPublic {
  return {
    id: "r1",
    name: "digits 1",
    notes: "",
    model_id: "m1",
    model_name: "digits",
    version_id: "v1",
    version_number: 1,
    status: "running",
    reason: null,
    config: {
      compile: { optimizer: "adam", loss: "mse", metrics: [], weighted_metrics: [] },
      fit: {
        epochs: 3,
        batch_size: 32,
        validation_split: 0,
        shuffle: true,
        initial_epoch: 0,
        validation_freq: 1,
      },
      callbacks: [],
      data: { dataset: "digits", arguments: {}, steps: [] },
      seed: 0,
      precision: "float32",
      plan: "auto",
      checkpoints: { every_minutes: 0.25, keep_last: 3, keep_best: 1, mode: "auto" },
      restarts: 3,
      partial_weights: false,
    },
    fold: null,
    folds: null,
    epoch: null,
    epochs: 3,
    step: null,
    steps_per_epoch: null,
    latest: {},
    last_seq: 0,
    start_report: null,
    attempts: 1,
    plan: null,
    can_resume: false,
    created_at: TIME,
    started_at: TIME,
    finished_at: null,
    trained_seconds: 0,
    training_since: TIME,
    ...changes,
  };
}

export const SETUP: SetupEvent = {
  type: "setup",
  seq: 2,
  time: TIME,
  epochs: 3,
  steps_per_epoch: 4,
  samples: 128,
  validation_samples: 32,
  batch_size: 32,
  parameters: 100,
  trainable_parameters: 90,
  class_weights: [],
};

export function makeSnapshot(changes: Partial<RunSnapshot> = {}): RunSnapshot {
  return {
    run: makeRun(),
    metrics: { run_id: "r1", steps: [], epochs: [], last_seq: 0 },
    logs: [],
    setup: null,
    plan: null,
    marks: [],
    ...changes,
  };
}
