import { describe, expect, it } from "vitest";
import type { CallArgument } from "@/api/types";
import {
  formatConstant,
  listConstants,
  parseConstant,
  readConstant,
  setConstant,
} from "@/graph/callConstants";
import { EMPTY_GRAPH } from "@/graph/document";
import { makeTensorArgument } from "@/graph/exampleEntries";

const ALL = { class_name: "__slice__", config: { start: null, stop: null, step: null } };
const ELLIPSIS = { class_name: "__ellipsis__", config: {} };

describe("a typed constant", () => {
  it.each([
    ["3", 3],
    ["-2.5", -2.5],
    ["None", null],
    ["True", true],
    ["(1, 2,)", [1, 2]],
    ['"same"', "same"],
    ['{"a": 1}', { a: 1 }],
    [":", ALL],
    [":, 0", [ALL, 0]],
    ["[:, 0]", [ALL, 0]],
    ["..., None", [ELLIPSIS, null]],
    ["1:-1:2", { class_name: "__slice__", config: { start: 1, stop: -1, step: 2 } }],
    ["", undefined],
  ])("%s is read", (text, value) => {
    expect(parseConstant(text)).toEqual({ ok: true, value });
  });

  it.each(["same", "1 2", "::::", "[1, :x]"])("%s is refused", (text) => {
    expect(parseConstant(text)).toMatchObject({ ok: false });
  });

  it.each(["3", ":, 0", "..., ::2", "1:-1", '"a"', "[1,2]", "null", "array([1,2])"])(
    "%s is shown as it was typed",
    (text) => {
      const read = parseConstant(text);
      expect(read.ok && formatConstant(read.value)).toBe(text);
    },
  );
});

describe("the constants of a call", () => {
  const x1: CallArgument = { ...makeTensorArgument("x1", 0), required: true };
  const x2: CallArgument = { ...makeTensorArgument("x2", 1), required: true };
  const scale: CallArgument = { ...makeTensorArgument("scale", 2), required: false };
  const document = {
    graph: { ...EMPTY_GRAPH, nodes: [{ id: "n", layer: "l", arguments: {} }] },
    layout: { positions: {}, nested: {} },
  };

  it("are those that no edge fills", () => {
    const edge = { id: "e", source: "x", output: 0, target: "n", argument: 0, path: [] };
    expect(listConstants([x1, x2, scale], [edge])).toEqual([x2, scale]);
  });

  it("are kept by position where they are required, else by name", () => {
    const [both] = setConstant(setConstant(document, "n", x2, 3), "n", scale, 2).graph.nodes;
    expect(both?.arguments).toEqual({ "1": 3, scale: 2 });
    expect(both && readConstant(both, x2)).toBe(3);
  });

  it("go away when nothing is typed", () => {
    const changed = setConstant(setConstant(document, "n", x2, 3), "n", x2, undefined);
    expect(changed.graph.nodes[0]?.arguments).toEqual({});
  });
});
