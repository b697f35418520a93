import { describe, expect, it } from "vitest";
import type { RunEvent } from "@/api/events";
import { applyEvent } from "@/stores/runs/applyEvent";
import { makeRun, makeSnapshot, SETUP, TIME } from "@/stores/runs/exampleRun";
import { findFoldStart, listNewest, splitName, summarizeNewest } from "@/stores/runs/folds";
import { measureProgress } from "@/stores/runs/progress";
import { fromSnapshot, type LiveRun } from "@/stores/runs/state";

const EMPTY = fromSnapshot(makeSnapshot());

function setup(seq: number, fold: number): RunEvent {
  return { ...SETUP, seq, steps_per_epoch: 2, epochs: 2, fold, folds: 3 };
}

function steps(seq: number, fold: number, epoch: number, firstStep: number, loss: number[]): RunEvent {
  const values = { [`fold_${fold}/loss`]: loss };
  return { type: "steps", seq, time: TIME, epoch, first_step: firstStep, values, fold };
}

function epochEnd(seq: number, fold: number, epoch: number, step: number, loss: number): RunEvent {
  return {
    type: "epoch",
    seq,
    time: TIME,
    epoch,
    step,
    logs: { [`fold_${fold}/loss`]: loss },
    seconds: 1,
    fold,
  };
}

const FIRST = [
  setup(1, 1),
  steps(2, 1, 0, 0, [5, 4]),
  epochEnd(3, 1, 0, 2, 4),
  steps(4, 1, 1, 2, [3, 2]),
  epochEnd(5, 1, 1, 4, 2),
];
const SECOND = [setup(6, 2), steps(7, 2, 0, 4, [9, 8]), epochEnd(8, 2, 0, 6, 8)];

function apply(...events: RunEvent[]): LiveRun {
  return events.reduce(applyEvent, EMPTY);
}

function epochsOf(run: LiveRun, fold: number): number[] | undefined {
  const curve = run.epochCurves[`fold_${fold}/loss`];
  return curve && Array.from(curve.y.view());
}

describe("a run of several folds", () => {
  it("keeps the curves of each fold, whose epochs begin anew", () => {
    const run = apply(...FIRST, ...SECOND);
    expect(run).toMatchObject({ fold: 2, folds: 3, epoch: 0, epochsDone: 1, step: 6 });
    expect([epochsOf(run, 1), epochsOf(run, 2)]).toEqual([[4, 2], [8]]);
    expect([findFoldStart(run.stepCurves, 1), findFoldStart(run.stepCurves, 2)]).toEqual([0, 4]);
  });

  it("is in the next fold as soon as that is set up", () => {
    expect(apply(...FIRST, setup(6, 2))).toMatchObject({ fold: 2, epoch: null, epochsDone: 0, step: 4 });
  });

  it("drops what it reports again of a fold, and keeps the folds before", () => {
    const run = apply(...FIRST, ...SECOND, steps(9, 2, 0, 5, [7]), epochEnd(10, 2, 0, 6, 7));
    expect([epochsOf(run, 1), epochsOf(run, 2)]).toEqual([[4, 2], [7]]);
  });

  it("drops later folds when it goes back to an earlier one", () => {
    const run = apply(...FIRST, ...SECOND, setup(9, 1), steps(10, 1, 1, 2, [1, 1]), epochEnd(11, 1, 1, 4, 1));
    expect(run).toMatchObject({ fold: 1, epoch: 1, epochsDone: 2, step: 4, latest: { "fold_1/loss": 1 } });
    expect([epochsOf(run, 1), epochsOf(run, 2)]).toEqual([[4, 1], undefined]);
    expect(Object.keys(run.latest)).toEqual(["fold_1/loss"]);
  });

  it("counts the steps of all folds, and of those that are over what they did", () => {
    expect(measureProgress(apply(...FIRST, ...SECOND), null)).toMatchObject({
      totalSteps: 12,
      fraction: 0.5,
    });
    const early = [...FIRST.slice(0, 3), setup(4, 2), steps(5, 2, 0, 2, [9, 8])];
    expect(measureProgress(apply(...early), null).totalSteps).toBe(10);
  });

  it("has the newest values under the metrics' own names", () => {
    expect(listNewest(apply(...FIRST, ...SECOND))).toEqual({ loss: 8 });
    expect(listNewest(apply(steps(1, 1, 0, 0, [1])))).toEqual({ loss: 1 });
  });

  it("takes the means of the server out, as it makes its own", () => {
    const latest = { "fold_1/loss": 2, "mean/loss": 2, "std/loss": 0 };
    const run = fromSnapshot(makeSnapshot({ run: makeRun({ fold: 2, folds: 3, latest }) }));
    expect(run.latest).toEqual({ "fold_1/loss": 2 });
  });
});

describe("summarizeNewest", () => {
  it("has mean and spread of the folds that are over", () => {
    const latest = { "fold_1/loss": 2, "fold_2/loss": 4, "fold_3/loss": 100 };
    expect(summarizeNewest(latest, 2)).toEqual({ loss: { mean: 3, spread: 1, folds: 2 } });
    expect(summarizeNewest(latest, 0)).toEqual({});
  });
});

describe("splitName", () => {
  it("tells folds from metrics that only look like it", () => {
    expect(splitName("fold_12/val_loss")).toEqual({ fold: 12, metric: "val_loss" });
    expect(splitName("fold_x/loss")).toEqual({ fold: null, metric: "fold_x/loss" });
    expect(splitName("loss")).toEqual({ fold: null, metric: "loss" });
  });
});
