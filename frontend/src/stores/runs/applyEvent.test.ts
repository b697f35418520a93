import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunEvent } from "@/api/events";
import { applyEvent } from "@/stores/runs/applyEvent";
import { makeRun, makeSnapshot, SETUP, TIME } from "@/stores/runs/exampleRun";
import { measureProgress } from "@/stores/runs/progress";
import { type Curves, fromSnapshot, type LiveRun, MAX_LOGS } from "@/stores/runs/state";

const EMPTY = fromSnapshot(makeSnapshot());

function steps(seq: number, firstStep: number, loss: (number | string)[], time = TIME): RunEvent {
  return { type: "steps", seq, time, epoch: 0, first_step: firstStep, values: { loss } };
}

function epochEnd(seq: number, epoch: number, logs: Record<string, number | string>): RunEvent {
  return { type: "epoch", seq, time: TIME, epoch, step: (epoch + 1) * 4, logs, seconds: 0.5 };
}

function apply(...events: RunEvent[]): LiveRun {
  return events.reduce(applyEvent, EMPTY);
}

function plain(curves: Curves): Record<string, number[][]> {
  return Object.fromEntries(
    Object.entries(curves).map(([name, { x, y }]) => [name, [Array.from(x.view()), Array.from(y.view())]]),
  );
}

describe("applyEvent", () => {
  it("puts the logs of each step on the curve, at the number of updates done", () => {
    const run = apply(steps(1, 0, [3, 2]), steps(2, 2, [1]));
    expect(plain(run.stepCurves)).toEqual({
      loss: [
        [1, 2, 3],
        [3, 2, 1],
      ],
    });
    expect(run).toMatchObject({ step: 3, epoch: 0, latest: { loss: 1 }, livePoints: 3, lastSeq: 2 });
  });

  it("puts the logs of each epoch on their own curves", () => {
    const run = apply(epochEnd(1, 0, { loss: 2, val_loss: 3 }), epochEnd(2, 1, { loss: 1, val_loss: 2.5 }));
    expect(plain(run.epochCurves)).toEqual({
      loss: [
        [0, 1],
        [2, 1],
      ],
      val_loss: [
        [0, 1],
        [3, 2.5],
      ],
    });
    expect(run).toMatchObject({ epoch: 1, epochsDone: 2, step: 8, latest: { loss: 1, val_loss: 2.5 } });
  });

  it("keeps NaN and infinities as numbers, and the curve goes on after them", () => {
    const run = apply(steps(1, 0, [1, "NaN", "Infinity", "-Infinity", 2]));
    expect(plain(run.stepCurves).loss?.[1]).toEqual([1, Number.NaN, Infinity, -Infinity, 2]);
  });

  it("ignores an event that is in the state already", () => {
    const once = apply(steps(1, 0, [3, 2]));
    expect(applyEvent(once, steps(1, 0, [3, 2]))).toBe(once);
  });

  it("does not change the state that it is given", () => {
    const before = apply(steps(1, 0, [3]));
    const after = applyEvent(before, steps(2, 1, [2]));
    expect(plain(before.stepCurves)).toEqual({ loss: [[1], [3]] });
    expect(plain(applyEvent(before, steps(2, 1, [9])).stepCurves)).toEqual({
      loss: [
        [1, 2],
        [3, 9],
      ],
    });
    expect(plain(after.stepCurves)).toEqual({
      loss: [
        [1, 2],
        [3, 2],
      ],
    });
  });

  it("knows status, reason, setup and checkpoints", () => {
    const run = apply(
      { type: "status", seq: 1, time: TIME, status: "running", reason: null },
      SETUP,
      {
        type: "checkpoint",
        seq: 3,
        time: TIME,
        epoch: 0,
        step: 4,
        path: "e0.keras",
        size: 1,
        sha256: "",
        logs: {},
      },
      { type: "status", seq: 4, time: TIME, status: "failed", reason: "out of memory" },
    );
    expect(run).toMatchObject({
      status: "failed",
      reason: "out of memory",
      setup: SETUP,
      stepsPerEpoch: 4,
      checkpoints: 1,
    });
  });

  it("keeps the newest log lines and counts those that it let go", () => {
    const events = Array.from({ length: MAX_LOGS + 3 }, (_, i): RunEvent => {
      return { type: "log", seq: i + 1, time: TIME, level: "info", message: `${i}` };
    });
    const run = apply(...events);
    expect(run.logs.length).toBe(MAX_LOGS);
    expect(run.logs[0]?.message).toBe("3");
    expect(run.droppedLogs).toBe(3);
  });

  it("gives the same curves however the steps are cut into events", () => {
    const values = fc.array(fc.array(fc.double(), { minLength: 1, maxLength: 5 }), { maxLength: 20 });
    fc.assert(
      fc.property(values, (chunks) => {
        let first = 0;
        const events = chunks.map((chunk, i) => {
          const event = steps(i + 1, first, chunk);
          first += chunk.length;
          return event;
        });
        const all = chunks.flat();
        const expected = all.length === 0 ? {} : { loss: [all.map((_, i) => i + 1), all] };
        expect(plain(apply(...events).stepCurves)).toEqual(expected);
      }),
    );
  });
});

describe("fromSnapshot", () => {
  it("starts from the down-sampled curves and goes on without a seam", () => {
    const run = fromSnapshot(
      makeSnapshot({
        run: makeRun({ epoch: 0, step: 4, steps_per_epoch: 4, latest: { loss: "NaN" } }),
        metrics: {
          run_id: "r1",
          steps: [{ name: "loss", x: [0, 2, 3], y: [3, "NaN", 1], total: 4 }],
          epochs: [{ name: "loss", x: [0], y: [2], total: 1 }],
          last_seq: 9,
        },
      }),
    );
    expect(run).toMatchObject({
      lastSeq: 9,
      step: 4,
      epochsDone: 1,
      stepsPerEpoch: 4,
      latest: { loss: Number.NaN },
    });
    expect(applyEvent(run, steps(9, 3, [7]))).toBe(run);
    expect(plain(applyEvent(run, steps(10, 4, [0.5])).stepCurves)).toEqual({
      loss: [
        [1, 3, 4, 5],
        [3, Number.NaN, 1, 0.5],
      ],
    });
  });
});

describe("measureProgress", () => {
  it("tells fraction, speed and remaining time from the newest moments", () => {
    const run = apply(
      { type: "status", seq: 1, time: TIME, status: "running", reason: null },
      SETUP,
      steps(3, 0, [1, 1], "2026-01-01T00:00:01Z"),
      steps(4, 2, [1, 1, 1, 1], "2026-01-01T00:00:03Z"),
    );
    expect(measureProgress(run, 3)).toEqual({
      fraction: 0.5,
      totalSteps: 12,
      stepsPerSecond: 2,
      remainingSeconds: 3,
    });
  });

  it("says nothing that it cannot know", () => {
    expect(measureProgress(EMPTY, null)).toEqual({
      fraction: null,
      totalSteps: null,
      stepsPerSecond: null,
      remainingSeconds: null,
    });
  });
});
