import { describe, expect, it } from "vitest";
import type { Entry } from "@/api/types";
import { findEntry, makeReference } from "@/train/references";

function makeEntry(className: string, example: Record<string, unknown> = {}): Entry {
  return {
    class_name: className,
    category: "Losses",
    summary: "",
    help: "",
    aliases: [],
    arguments: [],
    call: [],
    example,
  };
}

const HINGE = makeEntry("CategoricalHinge");

describe("references", () => {
  it("finds an entry by class and by the name that Keras also takes", () => {
    expect(findEntry([HINGE], "CategoricalHinge")).toBe(HINGE);
    expect(findEntry([HINGE], "categorical_hinge")).toBe(HINGE);
    expect(findEntry([HINGE], "hinge")).toBeUndefined();
  });

  it("fills required arguments, and leaves a plain name where there are none", () => {
    expect(makeReference(HINGE)).toBe("CategoricalHinge");
    expect(makeReference(makeEntry("MeanIoU", { num_classes: 2 }))).toEqual({
      class_name: "MeanIoU",
      config: { num_classes: 2 },
    });
  });
});
