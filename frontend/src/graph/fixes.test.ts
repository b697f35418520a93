import { describe, expect, it } from "vitest";
import type { Fix, RunConfig } from "@/api/types";
import { EMPTY_GRAPH } from "@/graph/document";
import { applyFix, changesOnlyGraph } from "@/graph/fixes";

const GRAPH = {
  ...EMPTY_GRAPH,
  layers: [{ id: "answer", class_name: "Dense", config: { units: 5 }, trainable: true }],
};

const TRAINING: RunConfig = {
  compile: { optimizer: "adam", loss: "mse", metrics: ["AUC"], weighted_metrics: [] },
  fit: {
    epochs: 1,
    batch_size: 32,
    validation_split: 0,
    shuffle: true,
    initial_epoch: 0,
    validation_freq: 1,
    class_weight: { 3: 2 },
  },
  callbacks: [],
  data: { dataset: "digits", arguments: {}, steps: [] },
  seed: 0,
  precision: "float32",
  plan: "auto",
  checkpoints: { every_minutes: 0.25, keep_last: 3, keep_best: 1, mode: "auto" },
  restarts: 3,
  partial_weights: false,
};

const UNITS: Fix = {
  label: "Give it 10 units",
  changes: [{ op: "add", path: "/graph/layers/0/config/units", value: 10 }],
};

describe("applyFix", () => {
  it("changes the graph and leaves what was given as it is", () => {
    const changed = applyFix({ graph: GRAPH, training: TRAINING }, UNITS);
    expect(changed?.graph.layers[0]?.config).toEqual({ units: 10 });
    expect(changed?.training).toBe(TRAINING);
    expect(GRAPH.layers[0]?.config).toEqual({ units: 5 });
  });

  it("changes both in one go", () => {
    const both: Fix = {
      label: "",
      changes: [...UNITS.changes, { op: "replace", path: "/training/compile/loss", value: "mae" }],
    };
    const changed = applyFix({ graph: GRAPH, training: TRAINING }, both);
    expect([changed?.graph.layers[0]?.config, changed?.training.compile.loss]).toEqual([
      { units: 10 },
      "mae",
    ]);
  });

  it("takes members out of lists and of objects", () => {
    const fix: Fix = {
      label: "",
      changes: [
        { op: "remove", path: "/training/compile/metrics/0" },
        { op: "remove", path: "/training/fit/class_weight/3" },
      ],
    };
    const changed = applyFix({ training: TRAINING }, fix);
    expect([changed?.training.compile.metrics, changed?.training.fit.class_weight]).toEqual([[], {}]);
  });

  it("does nothing at all where one of its changes does not apply", () => {
    const late: Fix = {
      label: "",
      changes: [...UNITS.changes, { op: "replace", path: "/graph/layers/7/config/units", value: 1 }],
    };
    expect(applyFix({ graph: GRAPH }, late)).toBeNull();
    expect(GRAPH.layers[0]?.config).toEqual({ units: 5 });
  });

  it("does nothing where another layer stands in the place that is to change", () => {
    const pinned: Fix = {
      label: "",
      changes: [{ op: "test", path: "/graph/layers/0/id", value: "hidden" }, ...UNITS.changes],
    };
    expect(applyFix({ graph: GRAPH }, pinned)).toBeNull();
  });

  it("tells what concerns the drawing alone", () => {
    expect(changesOnlyGraph(UNITS)).toBe(true);
    expect(changesOnlyGraph({ label: "", changes: [{ op: "remove", path: "/training/fit" }] })).toBe(false);
  });
});
