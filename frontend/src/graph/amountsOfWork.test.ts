import { expect, test } from "vitest";
import { formatFlops } from "@/graph/amountsOfWork";

test.each([
  [0, "0 FLOPs"],
  [999, "999 FLOPs"],
  [1000, "1 kFLOPs"],
  [7_755_299_312, "7.76 GFLOPs"],
  [1e12, "1 TFLOPs"],
  [2.5e24, "2500000 EFLOPs"],
])("%d is written as %s", (flops, text) => {
  expect(formatFlops(flops)).toBe(text);
});
