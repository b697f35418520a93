import { describe, expect, it } from "vitest";
import { Column } from "@/stores/runs/column";

describe("Column", () => {
  it("keeps what was appended, in order", () => {
    let column = Column.EMPTY;
    for (let i = 0; i < 1000; i++) column = column.append([i, i + 0.5]);
    expect(column.length).toBe(2000);
    expect(Array.from(column.view().subarray(0, 4))).toEqual([0, 0.5, 1, 1.5]);
    expect(column.last()).toBe(999.5);
  });

  it("does not change an older column when a newer one grows", () => {
    const old = Column.from([1, 2]);
    const newer = old.append([3]);
    expect(Array.from(old.view())).toEqual([1, 2]);
    expect(Array.from(newer.view())).toEqual([1, 2, 3]);
  });

  it("lets two columns grow out of the same one without mixing them", () => {
    const root = Column.from([1]);
    const left = root.append([2]);
    const right = root.append([3, 4]);
    expect(Array.from(left.view())).toEqual([1, 2]);
    expect(Array.from(right.view())).toEqual([1, 3, 4]);
    expect(Array.from(left.append([5]).view())).toEqual([1, 2, 5]);
  });

  it("shares its buffer while it grows, so appending does not copy the whole", () => {
    const first = Column.from([1]);
    const second = first.append([2]);
    expect(second.view().buffer).toBe(first.view().buffer);
  });

  it("carries NaN and infinities", () => {
    expect(Array.from(Column.from([Number.NaN, Number.POSITIVE_INFINITY]).view())).toEqual([
      Number.NaN,
      Number.POSITIVE_INFINITY,
    ]);
  });
});
