import { describe, expect, it } from "vitest";
import { countTrainedSeconds } from "@/runs/trainedSeconds";

const START = "2026-01-01T00:00:00Z";
const LATER = Date.parse(START) + 90_000;

describe("the time in which a run trained", () => {
  it("counts on while it trains", () => {
    const run = { started_at: START, trained_seconds: 10, training_since: START };
    expect(countTrainedSeconds(run, LATER)).toBe(100);
  });

  it("stands still while it is paused", () => {
    const run = { started_at: START, trained_seconds: 10, training_since: null };
    expect(countTrainedSeconds(run, LATER)).toBe(10);
  });

  it("never runs backwards where two clocks differ", () => {
    const run = { started_at: START, trained_seconds: 0, training_since: START };
    expect(countTrainedSeconds(run, Date.parse(START) - 5_000)).toBe(0);
  });

  it("is unknown before the run began", () => {
    expect(
      countTrainedSeconds({ started_at: null, trained_seconds: 0, training_since: null }, LATER),
    ).toBeNull();
  });
});
