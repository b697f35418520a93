import { describe, expect, it } from "vitest";
import { describeGain, describePlan, describeWait, describeWish } from "@/runs/plan/describePlan";

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

  it("says how long streamed data is waited for", () => {
    const plan = { ...XLA, mode: "graph", data: "stream", wait_share: 0.03 } as const;
    expect(describePlan(plan)).toBe(
      "Graph · 64 steps a chunk · data streamed · waiting for data 3 % of the time",
    );
    expect(describePlan({ ...plan, data: "device" })).toBe("Graph · 64 steps a chunk · data on device");
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

describe("describeWait", () => {
  it("says for how much of the time the training waits for its samples", () => {
    expect(
      [0.034, 0.5, 0.002, 0, 1].map((wait_share) => describeWait({ wait_share, data: "stream" })),
    ).toEqual([
      "3 % of the time",
      "50 % of the time",
      "less than 1 % of the time",
      "less than 1 % of the time",
      "100 % of the time",
    ]);
  });

  it("knows samples on the device, and runs in which it was not measured", () => {
    expect(describeWait({ wait_share: 0, data: "device" })).toBe("never: the samples lie on the device");
    expect(describeWait({ wait_share: null, data: "stream" })).toBeNull();
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
