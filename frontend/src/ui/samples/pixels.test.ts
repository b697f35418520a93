import { describe, expect, it } from "vitest";
import { readPixels } from "@/ui/samples/pixels";

describe("readPixels", () => {
  it("draws grey with one channel or none, from black at the minimum to white at the maximum", () => {
    const expected = {
      width: 2,
      height: 1,
      bytes: new Uint8ClampedArray([0, 0, 0, 255, 255, 255, 255, 255]),
    };
    expect(readPixels([[0, 2]], 0, 2)).toEqual(expected);
    expect(readPixels([[[0], [2]]], 0, 2)).toEqual(expected);
  });

  it("draws three channels as colours", () => {
    expect(readPixels([[[255, 0, 51]]], 0, 255)?.bytes).toEqual(new Uint8ClampedArray([255, 0, 51, 255]));
  });

  it("refuses what is no image", () => {
    expect(readPixels([1, 2, 3], 0, 1)).toBeNull();
    expect(readPixels("text", 0, 1)).toBeNull();
  });

  it("draws an image of one colour without dividing by nothing", () => {
    expect(readPixels([[3]], 3, 3)?.bytes).toEqual(new Uint8ClampedArray([0, 0, 0, 255]));
  });
});
