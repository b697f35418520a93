import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatCount,
  formatMetric,
  formatPercent,
  formatRate,
  formatSeconds,
  formatWithSpread,
} from "@/ui/format/amounts";

describe("amounts", () => {
  it("counts in the singular and the plural", () => {
    expect([1, 0, 1437].map((n) => formatCount(n, "epoch"))).toEqual(["1 epoch", "0 epochs", "1,437 epochs"]);
    expect(formatCount(2, "entry", "entries")).toBe("2 entries");
  });

  it("shows a mean to the digits that its spread leaves", () => {
    expect([formatWithSpread(11.4221, 2.588), formatWithSpread(0.91234, 0.01234)]).toEqual([
      "11.4 ± 2.6",
      "0.912 ± 0.012",
    ]);
    expect([formatWithSpread(2, 0), formatWithSpread(Number.NaN, Number.NaN)]).toEqual([
      "2 ± 0",
      "NaN ± NaN",
    ]);
    expect(formatWithSpread(1234.5, 432.1)).toBe("1235 ± 432.1");
  });

  it("shows a metric to four digits, small and large ones as powers", () => {
    expect([0.98765, 0, 123.456, 0.00001234, 2.5e7].map(formatMetric)).toEqual([
      "0.9877",
      "0",
      "123.5",
      "1.23E-5",
      "2.5E7",
    ]);
  });

  it("names what is not finite", () => {
    expect([Number.NaN, Infinity, -Infinity].map(formatMetric)).toEqual(["NaN", "∞", "−∞"]);
  });

  it("puts the unit on sizes, durations, speeds and parts", () => {
    expect(formatBytes(1_234_567)).toBe("1.23 MB");
    expect([0.42, 12.3, 80, 7500].map(formatSeconds)).toEqual(["0.4 s", "12 s", "1 m 20 s", "2 h 5 m"]);
    expect([812.4, 0.4].map((speed) => formatRate(speed, "step"))).toEqual(["812 steps/s", "2.5 s/step"]);
    expect(formatPercent(0.999)).toBe("99 %");
  });
});
