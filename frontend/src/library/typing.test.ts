import { describe, expect, it } from "vitest";
import { makeDefinition, makeField } from "@/library/examples";
import { optionOf, typeOf, typesOf, withType } from "@/library/typing";

const AGE = makeField("age");
const IMAGE = makeField("x", { kind: "array", dtype: "uint8", shape: [28, 28] });

describe("types of fields", () => {
  it("are an option of the kind, and leave those of other fields alone", () => {
    const columns = { name: { type: "skip" } };
    const options = withType("table", { columns }, AGE, "category");
    expect(options).toEqual({ columns: { name: { type: "skip" }, age: { type: "category" } } });
    expect(typeOf(makeDefinition("table", { options }), AGE)).toBe("category");
    expect(withType("arrays", {}, AGE, "category")).toEqual({ read_as: { age: "category" } });
    expect(typeOf(makeDefinition("arrays"), AGE)).toBe("number");
  });

  it("are to be chosen only for single values", () => {
    expect(typesOf("table", AGE)).toContain("skip");
    expect(typesOf("arrays", IMAGE)).toEqual([]);
    expect(typesOf("images", AGE)).toEqual([]);
  });
});

describe("an issue", () => {
  it.each([
    ["definition.options.delimiter", "delimiter"],
    ["options.image_size.0", "image_size"],
    ["definition.inputs", null],
    [null, null],
  ])("about %s is shown at %s", (argument, option) => {
    expect(optionOf({ code: "c", message: "m", severity: "error", argument, within: [], fixes: [] })).toBe(
      option,
    );
  });
});
