import { describe, expect, it } from "vitest";
import type { ChartOptions } from "@/runs/curves/chartData";
import { buildFoldChart, listFolds, pickFold } from "@/runs/curves/foldCurves";
import { listLegend } from "@/runs/curves/legendItems";
import { makeRun, makeSnapshot, SETUP } from "@/stores/runs/exampleRun";
import { fromSnapshot } from "@/stores/runs/state";

const LOSS = { name: "loss", validation: "val_loss" };
const EPOCHS: ChartOptions = { xAxis: "epoch", smoothing: 0, logScale: false };

const RUN = fromSnapshot(
  makeSnapshot({
    run: makeRun({ fold: 2, folds: 2, steps_per_epoch: 2 }),
    setup: { ...SETUP, steps_per_epoch: 2, fold: 2, folds: 2 },
    metrics: {
      run_id: "r1",
      steps: [
        { name: "fold_1/loss", x: [0, 1, 2, 3], y: [5, 4, 3, 2], total: 4 },
        { name: "fold_2/loss", x: [4, 5], y: [9, 8], total: 2 },
      ],
      epochs: [
        { name: "fold_1/loss", x: [0, 1], y: [4, 2], total: 2 },
        { name: "fold_2/loss", x: [0], y: [8], total: 1 },
        { name: "fold_1/val_loss", x: [0, 1], y: [5, 3], total: 2 },
        { name: "fold_2/val_loss", x: [0], y: [9], total: 1 },
        { name: "mean/loss", x: [0, 1], y: [6, 2], total: 2 },
      ],
      last_seq: 1,
    },
  }),
);
const FOLDS = listFolds(RUN).map((fold) => pickFold(RUN, LOSS, fold));

describe("pickFold", () => {
  it("counts steps from the fold's first", () => {
    expect(FOLDS.map(({ perStep }) => Array.from(perStep?.x.view() ?? []))).toEqual([
      [1, 2, 3, 4],
      [1, 2],
    ]);
  });
});

describe("buildFoldChart", () => {
  it("draws each fold, the mean over those that have an epoch, and the edges of its band", () => {
    const { lines, aligned } = buildFoldChart(FOLDS, EPOCHS);
    expect(lines.map(({ role }) => role)).toEqual([
      ...["fold", "fold", "mean", "edge", "edge"],
      ...["fold-validation", "fold-validation", "mean-validation", "edge-validation", "edge-validation"],
    ]);
    expect(aligned).toEqual([
      [1, 2],
      ...[
        [4, 2],
        [8, undefined],
        [6, 2],
        [8, 2],
        [4, 2],
      ],
      ...[
        [5, 3],
        [9, undefined],
        [7, 3],
        [9, 3],
        [5, 3],
      ],
    ]);
  });

  it("draws the training of each fold by step, over one another", () => {
    const { lines, aligned } = buildFoldChart(FOLDS, { ...EPOCHS, xAxis: "step" });
    expect(lines.map(({ label }) => label)).toEqual(["training, fold 1", "training, fold 2"]);
    expect(aligned).toEqual([
      [1, 2, 3, 4],
      [5, 4, 3, 2],
      [9, 8, undefined, undefined],
    ]);
  });

  it("puts means at the steps where epochs end", () => {
    const { lines, aligned } = buildFoldChart(FOLDS, { ...EPOCHS, xAxis: "both" });
    const mean = lines.findIndex(({ role }) => role === "mean");
    expect(aligned[mean + 1]).toEqual([undefined, 6, undefined, 2]);
  });

  it("is empty where no fold has reported anything", () => {
    expect(buildFoldChart([], EPOCHS)).toEqual({ lines: [], aligned: [[]], nonFinite: [], newest: [] });
  });
});

describe("listLegend", () => {
  it("has one entry for all folds, and means with their spread, however many folds there are", () => {
    const { lines, newest } = buildFoldChart(FOLDS, EPOCHS);
    expect(listLegend(lines, newest).map(({ label, value }) => `${label} ${value}`.trim())).toEqual([
      "training, mean of 2 folds 2 ± 0",
      "validation, mean of 2 folds 3 ± 0",
    ]);
    const steps = buildFoldChart(FOLDS, { ...EPOCHS, xAxis: "step" });
    expect(listLegend(steps.lines, steps.newest)).toEqual([
      { label: "each of 2 folds", role: "fold", value: "" },
    ]);
  });
});
