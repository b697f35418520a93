import { describe, expect, it } from "vitest";
import type { StoredSplitInfo } from "@/api/splits";
import type { DatasetSummary } from "@/api/types";
import { changeDataset, suggestConfig } from "@/train/suggest";
import { changeVariant, makeSplit } from "@/train/validation/splits";
import {
  chooseValidation,
  findChoice,
  isValidated,
  listValidationChoices,
  listWeightArrays,
} from "@/train/validation/validation";
import { describeValidation, type SplitOf } from "@/ui/runs/describeValidation";

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
      "Nothing",
      "The last samples",
      "By chance",
      "By chance, class by class",
      "Whole groups by chance",
      "The latest samples",
      "K folds, each in turn",
      "mnist, test part",
      "fashion_mnist",
      "fashion_mnist, test part",
      "letters",
    ]);
  });

  it("offers what the data set can be divided by", () => {
    const pictures = makeDataset("pictures", [8, 8], { task: "regression" });
    const measured = { ...pictures, targets: [{ name: "angles", shape: [2], dtype: "float32" }] };
    const offered = listValidationChoices(suggestConfig(measured), [measured]);
    expect(offered.map(({ value }) => value)).toEqual(["none", "last", "holdout", "time", "k_fold"]);
  });

  it("lists stored splits with the sizes of their sides", () => {
    const stored = [{ name: "mine", sides: [{ training: 70, validation: 20, test: 10, classes: {} }] }];
    const offered = listValidationChoices(CONFIG, ALL, stored as unknown as StoredSplitInfo[]);
    expect(offered.find(({ group }) => group === "Stored splits")?.label).toBe(
      "mine (70 train · 20 validate · 10 test)",
    );
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
      split: null,
    });
    expect([tested.fit.validation_split, findChoice(tested).label]).toEqual([0, "mnist, test part"]);
    const split = choose("last", tested);
    expect([split.data.validation, split.fit.validation_split]).toEqual([null, 0.2]);
  });

  it("changes nothing where that is chosen already", () => {
    const data = { ...CONFIG.data, validation: { dataset: "letters", sample_weights: "label" } };
    const config = { ...CONFIG, data };
    expect(choose("all letters", config)).toBe(config);
    expect(choose("last")).toBe(CONFIG);
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

describe("splits", () => {
  it("keep the share that validates where the way changes", () => {
    const third = { ...CONFIG, fit: { ...CONFIG.fit, validation_split: 0.33 } };
    const divided = choose("stratified", third);
    expect(divided.data.split).toEqual({ kind: "stratified", validation: 0.33, test: 0, by: null, seed: 0 });
    expect(divided.fit.validation_split).toBe(0);
    expect(choose("last", divided).fit.validation_split).toBe(0.33);
    expect(choose("holdout", divided).data.split).toMatchObject({ kind: "holdout", validation: 0.33 });
  });

  it("divide by an array with one value per sample", () => {
    expect(choose("grouped").data.split).toMatchObject({ kind: "grouped", by: "label" });
  });

  it("leave nothing of the other ways behind", () => {
    const nothing = choose("none", choose("k_fold", choose("test mnist")));
    expect([nothing.data.split, nothing.data.validation, nothing.fit.validation_split]).toEqual([
      null,
      null,
      0,
    ]);
    expect([isValidated(nothing), isValidated(choose("time")), isValidated(CONFIG)]).toEqual([
      false,
      true,
      true,
    ]);
  });

  it("are over with the data set", () => {
    const changed = changeDataset(choose("k_fold"), MNIST, DIGITS);
    expect([changed.data.split, changed.fit.validation_split]).toEqual([undefined, 0.2]);
  });

  it("are told in words", () => {
    const words = ["none", "last", "stratified", "k_fold", "test mnist"].map((one) =>
      describeValidation(choose(one)),
    );
    expect(words).toEqual([
      "none",
      "the last 20 % of the samples",
      "20 %: by chance, class by class",
      "5 folds (samples)",
      "mnist, test part",
    ]);
  });

  it("of folds keep only settings that their way knows", () => {
    const folds = makeSplit("k_fold", 0.2, "label") as SplitOf<"k_fold">;
    const grouped = changeVariant({ ...folds, repeats: 3 }, "grouped", "patient");
    expect(grouped).toMatchObject({ by: "patient", repeats: 3, gap: 0 });
    const timed = changeVariant(grouped, "time", "patient");
    expect(timed).toMatchObject({ by: null, repeats: 1 });
    expect(changeVariant({ ...timed, gap: 4 }, "plain", "patient")).toMatchObject({ by: null, gap: 0 });
  });
});
