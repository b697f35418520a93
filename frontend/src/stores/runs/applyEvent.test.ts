import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunEvent } from "@/api/events";
import { applyEvent } from "@/stores/runs/applyEvent";
import { makeRun, makeSnapshot, SETUP, TIME } from "@/stores/runs/exampleRun";
import { measureProgress } from "@/stores/runs/progress";
import { type Curves, fromSnapshot, type LiveRun, MAX_LOGS } from "@/stores/runs/state";

const EMPTY = fromSnapshot(makeSnapshot());

function steps(seq: number, firstStep: number, loss: (number | string)[], time = TIME, epoch = 0): RunEvent {
  return { type: "steps", seq, time, epoch, first_step: firstStep, values: { loss } };
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

  it("has a curve of how long steps wait for data, which is no value of the model", () => {
    const values = { loss: [1, 2], wait_ms: [0, 0.5] };
    const run = apply({ type: "steps", seq: 1, time: TIME, epoch: 0, first_step: 0, values });
    expect(Object.keys(run.stepCurves)).toEqual(["loss", "wait_ms"]);
    expect(run.latest).toEqual({ loss: 2 });
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
        cause: "interval",
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

  it("replaces what a later piece overlaps, and drops all after it, on every curve", () => {
    const both: RunEvent = {
      type: "steps",
      seq: 1,
      time: TIME,
      epoch: 0,
      first_step: 0,
      values: { loss: [9, 8, 7, 6], accuracy: [1, 2, 3, 4] },
    };
    const before = apply(both, epochEnd(2, 0, { loss: 6 }), steps(3, 4, [5, 4]));
    const run = applyEvent(before, { ...both, seq: 4, first_step: 2, values: { loss: [70] } });
    expect(plain(run.stepCurves)).toEqual({
      loss: [
        [1, 2, 3],
        [9, 8, 70],
      ],
      accuracy: [
        [1, 2],
        [1, 2],
      ],
    });
    expect(run).toMatchObject({ step: 3, epoch: 0, epochsDone: 0, epochCurves: {} });
    expect(plain(before.stepCurves).loss).toEqual([
      [1, 2, 3, 4, 5, 6],
      [9, 8, 7, 6, 5, 4],
    ]);
  });

  it("replaces an epoch that is reported again, with the later ones and their steps", () => {
    const run = apply(
      steps(1, 0, [4, 3, 2, 1]),
      epochEnd(2, 0, { loss: 1 }),
      steps(3, 4, [0.9, 0.8, 0.7, 0.6], TIME, 1),
      epochEnd(4, 1, { loss: 0.6, val_loss: 3 }),
      epochEnd(5, 0, { loss: 1.5 }),
    );
    expect(plain(run.epochCurves)).toEqual({ loss: [[0], [1.5]] });
    expect(plain(run.stepCurves).loss?.[0]).toEqual([1, 2, 3, 4]);
    expect(run).toMatchObject({ step: 4, epochsDone: 1 });
  });

  it("gives what a run that never broke off would have given, wherever it goes on", () => {
    const losses = [9, 8, 7, 6, 5, 4, 3, 2];
    const piece = (seq: number, from: number, to: number): RunEvent =>
      steps(seq, from, losses.slice(from, to), TIME, Math.floor(from / 4));
    const whole = apply(
      piece(1, 0, 4),
      epochEnd(2, 0, { loss: 6 }),
      piece(3, 4, 8),
      epochEnd(4, 1, { loss: 2 }),
    );
    for (let from = 0; from < 8; from++) {
      const again =
        from < 4 ? [piece(5, from, 4), epochEnd(6, 0, { loss: 6 }), piece(7, 4, 8)] : [piece(7, from, 8)];
      const run = [...again, epochEnd(8, 1, { loss: 2 })].reduce(applyEvent, whole);
      expect(plain(run.stepCurves)).toEqual(plain(whole.stepCurves));
      expect(plain(run.epochCurves)).toEqual(plain(whole.epochCurves));
      expect(run).toMatchObject({ step: 8, epoch: 1, epochsDone: 2 });
    }
  });

  it("keeps the marks, and takes the number of epochs from the one that changed it", () => {
    const asked: RunEvent = {
      type: "mark",
      seq: 2,
      time: TIME,
      kind: "epochs",
      source: "person",
      message: "10 epochs instead of 3",
      epoch: 0,
      step: 2,
      values: { epochs: 10 },
      command: 1,
    };
    const run = apply(steps(1, 0, [3, 2]), asked, asked);
    expect(run.marks).toEqual([asked]);
    expect(run.epochs).toBe(10);
    expect(applyEvent({ ...run, lastSeq: 1 }, asked).marks).toEqual([asked]);
  });

  it("measures no speed across a pause", () => {
    const run = apply(
      steps(1, 0, [3, 2]),
      { type: "status", seq: 2, time: TIME, status: "paused", reason: null },
      { type: "status", seq: 3, time: TIME, status: "running", reason: null },
    );
    expect(run.moments).toEqual([]);
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
