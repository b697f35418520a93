import { describe, expect, it } from "vitest";
import { choosePlan, modeOf } from "@/train/plans";

describe("choosing a plan", () => {
  it("leaves everything open but the mode", () => {
    expect(choosePlan("xla", null)).toEqual({ mode: "xla", steps_per_chunk: null, data: null });
    expect([choosePlan("auto", null), choosePlan("fit", null)]).toEqual(["auto", "fit"]);
  });

  it("keeps what was pinned besides, but a chunk for single steps", () => {
    const pinned = { mode: "xla", steps_per_chunk: 8, data: "stream" } as const;
    expect(choosePlan("graph", pinned)).toEqual({ ...pinned, mode: "graph" });
    expect(choosePlan("step", pinned)).toEqual({ mode: "step", steps_per_chunk: null, data: "stream" });
  });

  it("knows the choice that a plan is", () => {
    expect([modeOf("auto"), modeOf({ mode: "step" })]).toEqual(["auto", "step"]);
  });
});
