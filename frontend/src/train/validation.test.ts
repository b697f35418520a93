import { describe, expect, it } from "vitest";
import type { DatasetSummary } from "@/api/types";
import { changeDataset, suggestConfig } from "@/train/suggest";
import { chooseValidation, findChoice, listValidationChoices, listWeightArrays } from "@/train/validation";

function makeDataset(
  name: string,
  shape: (number | null)[],
  more: Partial<DatasetSummary> = {},
): DatasetSummary {
  return {
    name,
    title: name,
    source: "keras.datasets",
    task: "classification",
    samples: 100,
    inputs: [{ name: "image", shape, dtype: "uint8" }],
    targets: [{ name: "label", shape: [], dtype: "uint8", classes: 10 }],
    available: true,
    has_test_part: false,
    arguments_schema: {},
    ...more,
  };
}

const MNIST = makeDataset("mnist", [28, 28], { has_test_part: true });
const FASHION = makeDataset("fashion_mnist", [28, 28], { has_test_part: true });
const LETTERS = makeDataset("letters", [28, 28]);
const AWAY = makeDataset("away", [28, 28], { available: false });
const OTHER_TASK = makeDataset("angles", [28, 28], { task: "regression" });
const DIGITS = makeDataset("digits", [8, 8, 1]);
const ALL = [DIGITS, MNIST, FASHION, LETTERS, AWAY, OTHER_TASK];
const CONFIG = suggestConfig(MNIST);

function choose(value: string, config = CONFIG) {
  const choice = listValidationChoices(config, ALL).find((one) => one.value === value);
  if (choice === undefined) throw new Error(`${value} cannot be chosen`);
  return chooseValidation(config, choice);
}

describe("listValidationChoices", () => {
  it("offers a part of the data, the own test part, and data of the same form that is at hand", () => {
    expect(listValidationChoices(CONFIG, ALL).map(({ label }) => label)).toEqual([
      "Part of the data",
      "mnist, test part",
      "fashion_mnist",
      "fashion_mnist, test part",
      "letters",
    ]);
    expect(listValidationChoices(suggestConfig(DIGITS), ALL).map(({ value }) => value)).toEqual(["split"]);
  });

  it("keeps what was set elsewhere", () => {
    const data = { ...CONFIG.data, validation: { dataset: "gone" } };
    expect(listValidationChoices({ ...CONFIG, data }, ALL).at(-1)?.label).toBe("gone");
  });
});

describe("chooseValidation", () => {
  it("takes the split out where there is data to validate on, and puts it back", () => {
    const tested = choose("test mnist");
    expect(tested.data).toEqual({
      dataset: "mnist",
      arguments: {},
      steps: [],
      validation: { dataset: "mnist", part: "test" },
    });
    expect([tested.fit.validation_split, findChoice(tested).label]).toEqual([0, "mnist, test part"]);
    const split = choose("split", tested);
    expect([split.data.validation, split.fit.validation_split]).toEqual([null, 0.2]);
  });

  it("changes nothing where that is chosen already", () => {
    const data = { ...CONFIG.data, validation: { dataset: "letters", sample_weights: "label" } };
    const config = { ...CONFIG, data };
    expect(choose("all letters", config)).toBe(config);
    expect(choose("split")).toBe(CONFIG);
  });

  it("is over with the data set", () => {
    const changed = changeDataset(choose("test mnist"), MNIST, DIGITS);
    expect([changed.data.validation, changed.fit.validation_split]).toEqual([undefined, 0.2]);
    const unsplit = { ...CONFIG, fit: { ...CONFIG.fit, validation_split: 0 } };
    expect(changeDataset(unsplit, MNIST, DIGITS).fit.validation_split).toBe(0);
  });
});

describe("listWeightArrays", () => {
  it("offers arrays of one number per sample, and what was set elsewhere", () => {
    expect(listWeightArrays(CONFIG, MNIST)).toEqual(["label"]);
    const data = { ...CONFIG.data, sample_weights: "weight" };
    expect(listWeightArrays({ ...CONFIG, data }, MNIST)).toEqual(["label", "weight"]);
    expect(listWeightArrays(CONFIG, undefined)).toEqual([]);
  });
});
