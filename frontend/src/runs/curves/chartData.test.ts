import { describe, expect, it } from "vitest";
import { buildChartData, type ChartData, type ChartOptions, pickCurves } from "@/runs/curves/chartData";
import { groupFamilies } from "@/runs/curves/families";
import { smoothCurve } from "@/runs/curves/smoothing";
import { makeRun, makeSnapshot, SETUP } from "@/stores/runs/exampleRun";
import { fromSnapshot, type LiveRun } from "@/stores/runs/state";

const LOSS = { name: "loss", validation: "val_loss" };
const BOTH: ChartOptions = { xAxis: "both", smoothing: 0, logScale: false };

function drawLoss(run: LiveRun, options: ChartOptions): ChartData {
  return buildChartData(pickCurves(run, LOSS), options);
}

function makeLive(y: (number | string)[]): LiveRun {
  return fromSnapshot(
    makeSnapshot({
      run: makeRun(),
      setup: SETUP,
      metrics: {
        run_id: "r1",
        steps: [{ name: "loss", x: y.map((_, i) => i), y, total: y.length }],
        epochs: [
          { name: "loss", x: [0], y: [2], total: 1 },
          { name: "val_loss", x: [0], y: [3], total: 1 },
        ],
        last_seq: 1,
      },
    }),
  );
}

describe("groupFamilies", () => {
  it("puts a metric and its validation on one chart, loss first", () => {
    expect(groupFamilies(["accuracy", "val_loss", "loss", "val_accuracy", "learning_rate"])).toEqual([
      { name: "loss", validation: "val_loss" },
      { name: "accuracy", validation: "val_accuracy" },
      { name: "learning_rate", validation: "val_learning_rate" },
    ]);
  });
});

describe("buildChartData", () => {
  it("puts the points of an epoch at the step where it ended", () => {
    const { aligned, lines } = drawLoss(makeLive([5, 4, 3, 2]), BOTH);
    expect(lines.map((line) => line.role)).toEqual(["training", "training-epoch", "validation"]);
    expect(aligned).toEqual([
      [1, 2, 3, 4],
      [5, 4, 3, 2],
      [undefined, undefined, undefined, 2],
      [undefined, undefined, undefined, 3],
    ]);
  });

  it("puts the points of an epoch that was broken off at its last step", () => {
    const { aligned } = drawLoss(makeLive([5, 4, 3]), BOTH);
    expect(aligned).toEqual([
      [1, 2, 3],
      [5, 4, 3],
      [undefined, undefined, 2],
      [undefined, undefined, 3],
    ]);
  });

  it("counts epochs from 1 on the epoch axis", () => {
    const { aligned } = drawLoss(makeLive([5, 4]), { ...BOTH, xAxis: "epoch" });
    expect(aligned).toEqual([[1], [2], [3]]);
  });

  it("leaves a gap and a mark where a value is not a number, and goes on", () => {
    const { aligned, nonFinite } = drawLoss(makeLive([5, "NaN", "Infinity", 2]), {
      ...BOTH,
      xAxis: "step",
    });
    expect(aligned).toEqual([
      [1, 2, 3, 4],
      [5, null, null, 2],
    ]);
    expect(nonFinite).toEqual([
      { x: 2, value: "NaN", role: "training" },
      { x: 3, value: "∞", role: "training" },
    ]);
  });

  it("leaves out what a logarithmic axis cannot show", () => {
    const { aligned } = drawLoss(makeLive([1, 0, -1, 2]), {
      ...BOTH,
      xAxis: "step",
      logScale: true,
    });
    expect(aligned[1]).toEqual([1, null, null, 2]);
  });

  it("shows the raw curve behind the smoothed one", () => {
    const { lines } = drawLoss(makeLive([1, 2]), { ...BOTH, xAxis: "step", smoothing: 0.9 });
    expect(lines.map((line) => line.role)).toEqual(["raw", "training"]);
  });

  it("is empty where the run has reported nothing", () => {
    expect(drawLoss(fromSnapshot(makeSnapshot()), BOTH)).toEqual({
      lines: [],
      aligned: [[]],
      nonFinite: [],
      newest: [],
    });
  });
});

describe("smoothCurve", () => {
  it("leaves a constant curve as it is", () => {
    for (const value of smoothCurve([2, 2, 2], 0.9)) expect(value).toBeCloseTo(2, 12);
  });

  it("does not let NaN spread", () => {
    const [first, second, third] = smoothCurve([1, Number.NaN, 1], 0.5);
    expect([first, second, third]).toEqual([1, Number.NaN, 1]);
  });

  it("changes nothing with weight 0", () => {
    expect(Array.from(smoothCurve([1, 5, 3], 0))).toEqual([1, 5, 3]);
  });
});
