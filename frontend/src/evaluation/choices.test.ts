import { describe, expect, it } from "vitest";
import type { CheckpointPublic, RunConfig, ShownArray } from "@/api/types";
import { listCheckpoints } from "@/evaluation/checkpoints";
import { listSplits, offerSplits } from "@/evaluation/splits";
import { writeValues } from "@/ui/samples/ShownValue";

function makeConfig(validation_split: number): RunConfig {
  return { fit: { validation_split }, data: { dataset: "digits" } } as RunConfig;
}

describe("listSplits", () => {
  it("offers validation data first, where the run had some", () => {
    expect(listSplits(makeConfig(0.2), undefined, false).map(({ value }) => value)).toEqual([
      "validation",
      "training",
    ]);
    expect(listSplits(makeConfig(0), undefined, false).map(({ value }) => value)).toEqual(["training"]);
  });

  it("offers the test part of the data set before anything was evaluated", () => {
    const labels = listSplits(makeConfig(0.2), undefined, true).map(({ label }) => label);
    expect(labels).toEqual(["Validation", "Test", "Training"]);
  });

  it("offers all folds of a run together, unless a checkpoint of one of them is chosen", () => {
    const config = makeConfig(0);
    config.data.split = {
      kind: "k_fold",
      variant: "plain",
      folds: 3,
      repeats: 1,
      shuffle: true,
      seed: 0,
      gap: 0,
    };
    const splits = listSplits(config, undefined, false);
    expect(splits.map(({ label }) => label)).toEqual(["Validation", "Out of fold", "Training"]);
    expect(offerSplits(splits, "all").some(({ disabled }) => disabled)).toBe(false);
    expect(offerSplits(splits, "one").find(({ disabled }) => disabled)?.value).toBe("out_of_fold");
    expect(offerSplits(splits, "none").map(({ value }) => value)).toEqual(["validation", "training"]);
  });

  it("offers what an evaluation has found, with sizes", () => {
    const known = [
      { split: "training" as const, samples: 20_000 },
      { split: "test" as const, samples: 25_000 },
    ];
    expect(listSplits(makeConfig(0), known, false)).toEqual([
      { value: "test", label: "Test (25,000)" },
      { value: "training", label: "Training (20,000)" },
    ]);
  });
});

describe("listCheckpoints", () => {
  it("names the best and the last before all others", () => {
    const one = {
      id: "a",
      epoch: 2,
      step: 135,
      logs: { loss: 0.3, val_loss: "NaN" },
    } as unknown as CheckpointPublic;
    expect(listCheckpoints([one]).map(({ label }) => label)).toEqual([
      "Best val_loss",
      "Last",
      "Epoch 3 · step 135 · val_loss NaN",
    ]);
  });
});

describe("writeValues", () => {
  it("begins a text with its first word", () => {
    const array = { kind: "tokens", values: [0, 0, 1, 14, 22], cut: false } as unknown as ShownArray;
    expect(writeValues(array)).toBe("… 1 14 22");
  });

  it("shortens rows", () => {
    const array = { kind: "numbers", values: [0, 0.123456, "NaN"], cut: true } as unknown as ShownArray;
    expect(writeValues(array)).toBe("0, 0.1235, NaN …");
  });
});
