import { expect, test } from "vitest";
import {
  CODE_ENTRY,
  CODE_TEMPLATE,
  findClassName,
  findFaultLine,
  listCodeEntries,
} from "@/graph/codeEntries";

test("a new layer's class is the one that its code defines", () => {
  expect(findClassName(CODE_TEMPLATE)).toBe(CODE_ENTRY.class_name);
});

test("the first class at the margin counts, and half a line is none", () => {
  expect(findClassName("import keras\nclass Twice(keras.layers.Layer):\n  pass\nclass B: pass")).toBe(
    "Twice",
  );
  expect(findClassName("class ")).toBeNull();
  expect(findClassName("# class Nothing\n  class Inner: pass")).toBeNull();
});

test("where the server runs no code the palette says why", () => {
  expect(listCodeEntries(true)[0]?.unavailable).toBeNull();
  expect(listCodeEntries(false)[0]?.unavailable).toContain("--allow-code");
  expect(listCodeEntries(undefined)[0]?.unavailable).toContain("--allow-code");
});

test("an issue names the line at fault", () => {
  expect(findFaultLine("At line 11 of the code of PythonLayer: ValueError: no")).toBe(11);
  expect(findFaultLine("The layer brings no Python.")).toBeNull();
});
