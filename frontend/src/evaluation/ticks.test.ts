import { describe, expect, it } from "vitest";
import { pickTicks } from "@/evaluation/ticks";

describe("pickTicks", () => {
  it("picks round numbers within the range", () => {
    expect(pickTicks(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(pickTicks(-37, 122)).toEqual([0, 50, 100]);
    expect(pickTicks(25, 346)).toEqual([100, 200, 300]);
  });

  it("has one number where there is no range", () => {
    expect(pickTicks(3, 3)).toEqual([3]);
  });
});
