import { expect, it } from "vitest";
import { formatBytes, formatCount, formatShape } from "@/graph/shapes";

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

it("gives bytes in units that a person reads", () => {
  expect([0, 1023, 1536, 5 * 1024 ** 3].map(formatBytes)).toEqual(["0 B", "1023 B", "1.5 KiB", "5.0 GiB"]);
});
