import { describe, expect, it } from "vitest";
import type { CheckResult, DatasetSummary } from "@/api/types";
import { changeDataset, pickDataset, suggestConfig } from "@/train/suggest";

function makeDataset(
  name: string,
  task: DatasetSummary["task"],
  shape: number[],
  available = true,
): DatasetSummary {
  return {
    name,
    title: name,
    source: "scikit-learn",
    task,
    samples: 100,
    inputs: [{ name: "x", shape, dtype: "float32" }],
    targets: [{ name: "y", shape: [], dtype: "int64", classes: 3 }],
    available,
    has_test_part: false,
    arguments_schema: {},
  };
}

function makeCheck(shape: (number | null)[]): CheckResult {
  return {
    ok: true,
    issues: [],
    nested: {},
    nodes: { input: { inputs: [], outputs: [{ shape, dtype: "float32" }] } },
    layers: {},
    inputs: ["input"],
    outputs: [],
    parameters: 0,
    trainable_parameters: 0,
    parameter_bytes: 0,
  };
}

const DIGITS = makeDataset("digits", "classification", [8, 8, 1]);
const IRIS = makeDataset("iris", "classification", [4]);
const DIABETES = makeDataset("diabetes", "regression", [10]);

describe("suggestConfig", () => {
  it("suggests a loss and metrics for the task", () => {
    expect(
      [IRIS, DIABETES, makeDataset("b", "binary_classification", [1])].map((d) => suggestConfig(d).compile),
    ).toEqual([
      {
        optimizer: "adam",
        loss: "sparse_categorical_crossentropy",
        metrics: ["accuracy"],
        weighted_metrics: [],
      },
      {
        optimizer: "adam",
        loss: "mean_squared_error",
        metrics: ["mean_absolute_error"],
        weighted_metrics: [],
      },
      { optimizer: "adam", loss: "binary_crossentropy", metrics: ["accuracy"], weighted_metrics: [] },
    ]);
  });
});

describe("changeDataset", () => {
  it("keeps the loss where the task stays", () => {
    const config = { ...suggestConfig(IRIS), seed: 7 };
    const custom = { ...config, compile: { ...config.compile, loss: "my_loss" } };
    const changed = changeDataset(custom, IRIS, DIGITS);
    expect(changed).toEqual({ ...custom, data: { dataset: "digits", arguments: {}, steps: [] } });
  });

  it("takes the suggested loss where the task changes, and keeps the rest", () => {
    const config = { ...suggestConfig(IRIS), seed: 7 };
    const changed = changeDataset(config, IRIS, DIABETES);
    expect(changed.compile.loss).toBe("mean_squared_error");
    expect(changed.seed).toBe(7);
  });
});

describe("pickDataset", () => {
  it("finds the data set that has the shape of the input", () => {
    expect(pickDataset([DIGITS, IRIS, DIABETES], makeCheck([null, 4]))).toBe(IRIS);
  });

  it("takes the first one at hand where none fits or nothing is known", () => {
    const away = makeDataset("mnist", "classification", [28, 28], false);
    expect(pickDataset([away, DIGITS], makeCheck([null, 28, 28]))).toBe(DIGITS);
    expect(pickDataset([away, DIGITS], null)).toBe(DIGITS);
    expect(pickDataset([], null)).toBeUndefined();
  });
});
