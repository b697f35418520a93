import { expect, it } from "vitest";
import { formatBytes, formatCount, formatShape, formatShortCount } from "@/graph/shapes";

it("writes shapes as Python tuples", () => {
  expect([[], [null], [null, 64], [2, null, 3]].map(formatShape)).toEqual([
    "()",
    "(None,)",
    "(None, 64)",
    "(2, None, 3)",
  ]);
});

it("groups the digits of counts", () => {
  expect(formatCount(1234567)).toBe("1,234,567");
});

it("rounds large counts where there is little room", () => {
  expect([320, 18496, 1234567, 25_557_032].map(formatShortCount)).toEqual(["320", "18,496", "1.2M", "25.6M"]);
});

it("gives bytes in units that a person reads", () => {
  expect([0, 1023, 1536, 5 * 1024 ** 3].map(formatBytes)).toEqual(["0 B", "1023 B", "1.5 KiB", "5.0 GiB"]);
});
