import { expect, it } from "vitest";
import { formatInputs, formatSampleShape } from "@/ui/format/sampleShape";

const NUMBERS = { shape: [28, null], dtype: "float32" };
const TEXT = { shape: [], dtype: "string" };

it("writes the shape of a sample, and what a single value is", () => {
  expect(formatSampleShape(NUMBERS)).toBe("28 × ?");
  expect(formatSampleShape(TEXT)).toBe("one text");
  expect(formatSampleShape({ shape: [], dtype: "int32" })).toBe("one number");
});

it("writes a few inputs out, and counts many", () => {
  expect(formatInputs([NUMBERS])).toBe("input 28 × ?");
  expect(formatInputs([NUMBERS, TEXT, TEXT])).toBe("input 28 × ?, one text and one text");
  expect(formatInputs([TEXT, TEXT, TEXT, TEXT])).toBe("4 inputs");
});
