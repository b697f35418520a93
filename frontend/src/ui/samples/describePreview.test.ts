import { expect, it } from "vitest";
import { describePreview } from "@/ui/samples/describePreview";

it("says shape, type and range, and of texts what there is", () => {
  expect(describePreview({ shape: [2, 3], dtype: "uint8", minimum: 0, maximum: 255 })).toBe(
    "(2, 3) uint8, 0 to 255",
  );
  expect(describePreview({ shape: [4], dtype: "int64", minimum: 1, maximum: 2 })).toBe("(4,) int64, 1 to 2");
  expect(describePreview({ shape: [], dtype: "string", minimum: null, maximum: null })).toBe("() string");
});
