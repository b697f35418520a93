import { describe, expect, it } from "vitest";
import type { RunEvent } from "@/api/events";
import type { RunStatus } from "@/api/types";
import { findLearningRate, readRate, writeRate } from "@/runs/control/learningRate";
import { type Action, findObstacle } from "@/runs/control/obstacles";
import { isSettled, noteAsked } from "@/runs/control/settled";
import { applyEvent } from "@/stores/runs/applyEvent";
import { makeRun, makeSnapshot, TIME } from "@/stores/runs/exampleRun";
import { fromSnapshot, type LiveRun } from "@/stores/runs/state";

function makeLive(status: RunStatus): LiveRun {
  return fromSnapshot(makeSnapshot({ run: makeRun({ status }) }));
}

function status(seq: number, to: RunStatus): RunEvent {
  return { type: "status", seq, time: TIME, status: to, reason: null };
}

function mark(seq: number, kind: "learning_rate" | "epochs", source: string, rate = 0.1): RunEvent {
  const values = { [kind]: rate };
  return { type: "mark", seq, time: TIME, kind, source, message: "changed", epoch: 0, step: seq, values };
}

function checkpoint(seq: number): RunEvent {
  const file = { path: "a.keras", size: 1, sha256: "0".repeat(64), logs: {} };
  return { type: "checkpoint", seq, time: TIME, epoch: 0, step: 1, cause: "asked", ...file };
}

describe("findObstacle", () => {
  const asked: Action[] = ["pause", "resume", "stop", "stop_after_epoch", "save", "learning_rate", "epochs"];
  const possible = (situation: Parameters<typeof findObstacle>[1]): Action[] =>
    asked.filter((action) => findObstacle(action, situation) === null);

  it("lets a run that trains be changed in every way", () => {
    expect(possible({ status: "running", canResume: false })).toEqual([
      "pause",
      "stop",
      "stop_after_epoch",
      "save",
      "learning_rate",
      "epochs",
    ]);
  });

  it("lets a paused run go on, end or be changed", () => {
    expect(possible({ status: "paused", canResume: true })).toEqual([
      "resume",
      "stop",
      "learning_rate",
      "epochs",
    ]);
  });

  it("lets a run that is over go on only from a checkpoint", () => {
    expect(possible({ status: "stopped", canResume: true })).toEqual(["resume"]);
    expect(possible({ status: "failed", canResume: false })).toEqual([]);
    expect(possible({ status: "finished", canResume: true })).toEqual(["epochs"]);
    expect(findObstacle("resume", { status: "failed", canResume: false })).toContain("no checkpoint");
  });
});

describe("isSettled", () => {
  const settles = (action: Action, from: RunStatus, ...events: RunEvent[]): boolean => {
    const before = makeLive(from);
    return isSettled(noteAsked(action, before), events.reduce(applyEvent, before));
  };

  it("waits for the event that says so", () => {
    expect(settles("pause", "running")).toBe(false);
    expect(settles("pause", "running", status(1, "paused"))).toBe(true);
    expect(settles("resume", "paused", status(1, "running"))).toBe(true);
    expect(settles("stop", "running", status(1, "paused"))).toBe(false);
    expect(settles("stop_after_epoch", "running", status(1, "stopped"))).toBe(true);
    expect(settles("save", "running", mark(1, "epochs", "person"))).toBe(false);
    expect(settles("save", "running", checkpoint(1))).toBe(true);
  });

  it("does not take a callback's change of the learning rate for the person's", () => {
    expect(settles("learning_rate", "running", mark(1, "learning_rate", "ReduceLROnPlateau"))).toBe(false);
    expect(settles("learning_rate", "running", mark(1, "learning_rate", "person"))).toBe(true);
  });

  it("waits for nothing more once the run is over", () => {
    expect(settles("learning_rate", "running", status(1, "failed"))).toBe(true);
  });

  it("sees a run that was over go on", () => {
    expect(settles("resume", "stopped")).toBe(false);
    expect(settles("resume", "stopped", status(1, "queued"))).toBe(true);
    expect(settles("epochs", "finished", status(1, "running"))).toBe(true);
  });
});

describe("the learning rate", () => {
  const { config } = makeRun();
  const withRate = {
    ...config,
    compile: { ...config.compile, optimizer: { class_name: "Adam", config: { learning_rate: 0.01 } } },
  };

  it("is what was last told of it, by a mark, the logs or the config", () => {
    const live = makeLive("running");
    expect(findLearningRate(live, config)).toBeNull();
    expect(findLearningRate(live, withRate)).toBe(0.01);
    expect(findLearningRate({ ...live, latest: { learning_rate: 0.003 } }, withRate)).toBe(0.003);
    expect(findLearningRate(applyEvent(live, mark(1, "learning_rate", "person", 0.5)), withRate)).toBe(0.5);
  });

  it("is read as people type it", () => {
    expect([readRate("0.001"), readRate(" 1e-4 "), readRate("0,5")]).toEqual([
      { rate: 0.001 },
      { rate: 1e-4 },
      { rate: 0.5 },
    ]);
  });

  it.each(["", "fast", "0", "-1", "Infinity", "1e999"])("is not %j, and says what is expected", (text) => {
    expect(readRate(text)).toHaveProperty("problem", expect.stringContaining("Expected"));
  });

  it("is written without the noise of 32 bits", () => {
    expect([writeRate(Math.fround(0.001)), writeRate(1e-7), writeRate(1)]).toEqual(["0.001", "1e-7", "1"]);
  });
});
