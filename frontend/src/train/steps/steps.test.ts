import { describe, expect, it } from "vitest";
import type { DataStep, SteppedArray, StepsPreview } from "@/api/dataSteps";
import type { DatasetSummary, Entry } from "@/api/types";
import {
  addStep,
  arraysBefore,
  describeStepped,
  listArrays,
  listStepIssues,
  moveStep,
  setStepArgument,
  setSteps,
  writeArray,
} from "@/train/steps/steps";
import { suggestConfig } from "@/train/suggest";

const DIGITS: DatasetSummary = {
  name: "digits",
  title: "Digits",
  source: "here",
  task: "classification",
  samples: 100,
  inputs: [{ name: "image", shape: [8, 8, 1], dtype: "float32" }],
  targets: [{ name: "digit", shape: [], dtype: "int64", classes: 10 }],
  available: true,
  has_test_part: false,
  arguments_schema: {},
};

const CONFIG = suggestConfig(DIGITS);
const NORMALIZE: DataStep = { function: "normalize", array: "image", arguments: {} };
const CATEGORIES: DataStep = { function: "to_categorical", array: "digit", arguments: {} };

function entry(class_name: string, names: readonly string[], example = {}): Entry {
  const named = names.map((name) => ({ name })) as Entry["arguments"];
  return {
    class_name,
    arguments: named,
    example,
    category: "",
    summary: "",
    help: "",
    aliases: [],
    call: [],
  };
}

function array(name: string, part: SteppedArray["part"], shape: number[]): SteppedArray {
  return { name, part, shape, dtype: "float32", shown: [] };
}

const PREVIEW: StepsPreview = {
  dataset: "digits",
  looked_at: 100,
  stages: [
    { samples: 100, arrays: [array("image", "input", [8, 8, 1]), array("digit", "target", [])], changed: [] },
    {
      function: "to_categorical",
      samples: 100,
      arrays: [array("image", "input", [8, 8, 1]), { ...array("digit", "target", [10]), classes: 10 }],
      changed: ["digit"],
    },
  ],
  issues: [],
};

describe("steps on data", () => {
  it("begin with the labels where a function makes classes of them, and with the first input otherwise", () => {
    const arrays = listArrays(DIGITS);
    const both = addStep(
      addStep(CONFIG, entry("to_categorical", ["num_classes"]), arrays),
      entry("multi_hot", ["num_tokens"], { num_tokens: 5 }),
      arrays,
    );
    expect(both.data.steps).toEqual([
      { function: "to_categorical", array: "digit", arguments: {} },
      { function: "multi_hot", array: "image", arguments: { num_tokens: 5 } },
    ]);
  });

  it("change places with their neighbours, and stay where there is none", () => {
    const config = setSteps(CONFIG, [NORMALIZE, CATEGORIES]);
    expect(moveStep(config, 0, 1).data.steps).toEqual([CATEGORIES, NORMALIZE]);
    expect(moveStep(config, 1, -1).data.steps).toEqual([CATEGORIES, NORMALIZE]);
    expect(moveStep(config, 1, 1)).toBe(config);
  });

  it("take arguments, and forget them where the default is to hold", () => {
    const set = setStepArgument(NORMALIZE, "axis", 1);
    expect(set.arguments).toEqual({ axis: 1 });
    expect(setStepArgument(set, "axis", undefined).arguments).toEqual({});
  });

  it("find the arrays that the steps before leave, or those of the last stage that is known", () => {
    expect(arraysBefore(PREVIEW, 1)[1]?.shape).toEqual([10]);
    expect(arraysBefore(PREVIEW, 5)[1]?.shape).toEqual([10]);
    expect(arraysBefore(undefined, 0)).toEqual([]);
  });

  it("leave a data set of other shapes once all of them can be applied", () => {
    const config = setSteps(CONFIG, [CATEGORIES]);
    expect(describeStepped(DIGITS, config, PREVIEW)?.targets).toEqual([
      { name: "digit", shape: [10], dtype: "float32", classes: 10 },
    ]);
    expect(describeStepped(DIGITS, setSteps(CONFIG, [CATEGORIES, NORMALIZE]), PREVIEW)).toBe(DIGITS);
    expect(describeStepped(DIGITS, CONFIG, PREVIEW)).toBe(DIGITS);
    expect(describeStepped(DIGITS, config, undefined)).toBe(DIGITS);
  });

  it("have the issues of the check and of the preview, each once", () => {
    const issue = { code: "x", severity: "error" as const, within: [], fixes: [] };
    const seen = {
      ...PREVIEW,
      issues: [
        { ...issue, message: "A", argument: "data.steps.1.arguments.axis" },
        { ...issue, message: "B", argument: "data.steps.1.array" },
        { ...issue, message: "C", argument: "data.steps.10" },
      ],
    };
    const listed = listStepIssues(1, [{ ...issue, message: "A", argument: "arguments.axis" }], seen);
    expect(listed.map(({ message, argument }) => [message, argument])).toEqual([
      ["A", "axis"],
      ["B", "array"],
    ]);
  });

  it("write an array with its shape, type and range", () => {
    expect(writeArray({ ...array("a", "input", [28, 28]), minimum: 0, maximum: 255 })).toBe(
      "28 × 28 float32, 0 to 255",
    );
    expect(writeArray(array("a", "input", []))).toBe("one float32");
  });
});
