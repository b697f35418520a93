import { describe, expect, it } from "vitest";
import { describeGain, describePlan, describeWish } from "@/runs/plan/describePlan";

const XLA = { mode: "xla", steps_per_chunk: 64, data: "device" } as const;

describe("describePlan", () => {
  it("says mode, chunk, place of the data, speed and gain", () => {
    const plan = { ...XLA, steps_per_second: 24_312.7, fit_steps_per_second: 1158 };
    expect(describePlan(plan)).toBe("XLA · 64 steps a chunk · data on device · 24,300 steps/s · 21 × fit");
  });

  it("leaves out what was not measured", () => {
    expect(describePlan({ ...XLA, mode: "graph", data: "stream", steps_per_second: null })).toBe(
      "Graph · 64 steps a chunk · data streamed",
    );
  });

  it("speaks of no chunk where there is none, and compares fit with nothing", () => {
    expect(describePlan({ mode: "step", steps_per_chunk: 1, data: "device", steps_per_second: 12.34 })).toBe(
      "Step by step · data on device · 12.3 steps/s",
    );
    const fit = { mode: "fit", steps_per_chunk: 1, data: "device" } as const;
    expect(describePlan({ ...fit, steps_per_second: 50, fit_steps_per_second: 50 })).toBe(
      "Keras's fit · 50 steps/s",
    );
  });
});

describe("describeGain", () => {
  it("has as many digits as mean something", () => {
    expect([describeGain(2130, 100), describeGain(137, 100), describeGain(80, 100)]).toEqual([
      "21 × fit",
      "1.4 × fit",
      "0.8 × fit",
    ]);
  });

  it("is nothing without a measurement", () => {
    expect([describeGain(5, null), describeGain(undefined, 5), describeGain(5, 0)]).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe("describeWish", () => {
  it("says what a config asks for", () => {
    expect(describeWish("auto")).toBe("the fastest, measured");
    expect(describeWish("fit")).toBe("Keras's fit");
    expect(describeWish({ mode: "graph", steps_per_chunk: 8, data: "stream" })).toBe(
      "Graph · 8 steps a chunk · data streamed",
    );
    expect(describeWish({ mode: "step" })).toBe("Step by step");
  });
});
