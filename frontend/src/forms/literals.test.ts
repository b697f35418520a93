import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Argument } from "@/api/types";
import { formatLiteral, parseLiteral } from "@/forms/literals";

function argument(given: Partial<Argument>): Argument {
  return {
    name: "x",
    kinds: ["integer"],
    required: false,
    nullable: false,
    choices: [],
    items: [],
    items_nullable: false,
    lengths: [],
    variables: [],
    exclusive_minimum: false,
    exclusive_maximum: false,
    help: "",
    ...given,
  };
}

const INTEGER = argument({});
const FLOAT = argument({ kinds: ["float"], nullable: true });
const KERNEL = argument({ kinds: ["integer", "tuple"], items: ["integer"], lengths: [2] });
const SHAPE = argument({ kinds: ["tuple"], items: ["integer"], items_nullable: true, nullable: true });
const PADDING = argument({ kinds: ["integer", "tuple"], items: ["integer", "tuple"], lengths: [2] });

describe("what was typed", () => {
  it.each([
    ["128", INTEGER, 128],
    ["-1", INTEGER, -1],
    ["1_000", INTEGER, 1000],
    ["0.001", FLOAT, 0.001],
    [".5", FLOAT, 0.5],
    ["1e-3", FLOAT, 0.001],
    ["None", FLOAT, null],
    ["3", KERNEL, 3],
    ["3, 5", KERNEL, [3, 5]],
    ["(3, 5)", KERNEL, [3, 5]],
    ["64", SHAPE, [64]],
    ["(64,)", SHAPE, [64]],
    ["64,", SHAPE, [64]],
    ["None, 64", SHAPE, [null, 64]],
    ["()", SHAPE, []],
    ["none", SHAPE, null],
    [
      "(1, 2), (3, 4)",
      PADDING,
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      "((1, 2), (3, 4))",
      PADDING,
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ["", INTEGER, undefined],
  ])("%s is read", (text, given, value) => {
    expect(parseLiteral(text, given)).toEqual({ ok: true, value });
  });

  it.each([
    ["abc", INTEGER, 'Expected a whole number, got "abc".'],
    ["3.5", INTEGER, 'Expected a whole number, got "3.5".'],
    ["99999999999999999999", INTEGER, 'Expected a whole number, got "99999999999999999999".'],
    ["None", INTEGER, 'Expected a whole number, got "None".'],
    ["1, 2", INTEGER, 'Expected a whole number, got "1, 2".'],
    ["x", FLOAT, 'Expected a number or None, got "x".'],
    ["1, 2, 3", KERNEL, "Expected a tuple of 2 values, got 3."],
    ["1.5, 2", KERNEL, 'Expected a whole number or a tuple of 2 whole numbers, got "1.5, 2".'],
    ["None, 2", KERNEL, 'Expected a whole number or a tuple of 2 whole numbers, got "None, 2".'],
    ["(1, ", SHAPE, 'Expected a tuple of whole numbers (each may be None) or None, got "(1,".'],
    ['"a"', SHAPE, 'Expected a tuple of whole numbers (each may be None) or None, got ""a"".'],
  ])("%s is refused with what was expected and what came", (text, given, message) => {
    expect(parseLiteral(text, given)).toEqual({ ok: false, message });
  });

  it("comes back the same after being shown", () => {
    const tuple = fc.array(fc.option(fc.integer({ min: -1000, max: 1000 })), { maxLength: 6 });
    fc.assert(
      fc.property(tuple, (value) => {
        expect(parseLiteral(formatLiteral(value), SHAPE)).toEqual({ ok: true, value });
      }),
    );
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const parsed = parseLiteral(formatLiteral(value), FLOAT);
        expect(parsed.ok && Number(parsed.value) === value).toBe(true);
      }),
    );
  });
});
