import { describe, expect, it } from "vitest";
import { makeDefinition, makeField } from "@/library/examples";
import { giveRole } from "@/library/roles";
import {
  encodingOf,
  encodingsOf,
  isRaw,
  optionOf,
  typeOf,
  typesOf,
  withEncoding,
  withType,
} from "@/library/typing";

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
    ["options.delimiter", "delimiter"],
    ["options.image_size.0", "image_size"],
    ["definition.inputs", null],
    [null, null],
  ])("about %s is shown at %s", (argument, option) => {
    expect(optionOf({ code: "c", message: "m", severity: "error", argument, within: [], fixes: [] })).toBe(
      option,
    );
  });
});

describe("what becomes of columns", () => {
  const definition = makeDefinition("table", {
    options: { columns: { age: { type: "category", encode: "index" }, review: { type: "text" } } },
  });

  it("is to be chosen for numbers and categories, and goes with the type", () => {
    expect(encodingsOf(definition, AGE).map(({ value }) => value)).toEqual(["one_hot", "index", "raw"]);
    expect(encodingsOf(definition, makeField("size")).map(({ value }) => value)).toEqual(["one_hot", "raw"]);
    expect(encodingsOf(definition, makeField("review"))).toEqual([]);
    expect(encodingsOf(makeDefinition("arrays"), AGE)).toEqual([]);
    expect(encodingOf(definition, AGE)).toBe("index");
    expect(withEncoding(definition, {}, AGE, "raw")).toEqual({
      columns: { age: { type: "category", encode: "raw" } },
    });
  });

  it("makes texts and raw columns arrays of their own", () => {
    expect(isRaw(definition, "review")).toBe(true);
    expect(isRaw(definition, "age")).toBe(false);
    const both = giveRole(giveRole(definition, AGE, "input"), makeField("review"), "input");
    const all = giveRole(both, makeField("size"), "input");
    expect(all.inputs.map(({ fields }) => fields)).toEqual([["age", "size"], ["review"]]);
  });
});
