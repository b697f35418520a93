import { expect, test } from "vitest";
import type { GraphDiff, LayerChange, ValueChange } from "@/api/types";
import { countLines, describeDiff, describeValue } from "@/compare/describeChanges";

const NOTHING: GraphDiff = {
  same: true,
  settings: [],
  layers: [],
  nodes: [],
  edges: [],
  inputs: null,
  outputs: null,
  groups: [],
  notes: [],
  matched: [],
};

function change(fields: Partial<ValueChange>): ValueChange {
  return { aspect: "argument", path: [], kind: "changed", before: null, after: null, ...fields };
}

function layer(fields: Partial<LayerChange>): LayerChange {
  return {
    kind: "changed",
    before: "a",
    after: "a",
    name: "a",
    class_name: "Dense",
    changes: [],
    nested: null,
    parameters_before: null,
    parameters_after: null,
    ...fields,
  };
}

test("nothing that differs makes no section", () => {
  expect(describeDiff(NOTHING)).toEqual([]);
});

test.each([
  [change({ path: ["units"], before: 64, after: 32 }), { what: "units", before: "64", after: "32" }],
  [change({ path: ["units"], kind: "added", after: 32 }), { what: "units", before: null, after: "32" }],
  [
    change({ path: ["activation"], kind: "removed", before: "relu" }),
    { what: "activation", before: "'relu'", after: null },
  ],
  [change({ path: ["a", "b"], before: null, after: [3] }), { what: "a.b", before: "None", after: "(3,)" }],
  [change({ aspect: "name", before: "a", after: "<b>" }), { what: "name", before: "a", after: "<b>" }],
  [
    change({ aspect: "code", before: null, after: "def" }),
    { what: "Python code", before: "none", after: "later" },
  ],
  [
    change({ aspect: "call_argument", path: ["training"], kind: "added", after: true }),
    { what: "training of the call", before: null, after: "True" },
  ],
])("a value is told with where it stands", (value, detail) => {
  expect(describeValue(value)).toEqual(detail);
});

test("a new layer is told once, and not again as its call", () => {
  const diff: GraphDiff = {
    ...NOTHING,
    same: false,
    layers: [layer({ kind: "added", before: null, after: "drop", name: "drop", class_name: "Dropout" })],
    nodes: [{ kind: "added", before: null, after: "drop", name: "drop", class_name: "Dropout", changes: [] }],
  };
  const sections = describeDiff(diff);
  expect(sections.map(({ title, lines }) => [title, lines.length])).toEqual([["Layers", 1]]);
  expect(sections[0]?.lines[0]).toMatchObject({ name: "drop", type: "Dropout", layer: "drop" });
});

test("another order of the outputs is told with both orders", () => {
  const end = (node: string, output = 0) => ({ node, name: node, output });
  const diff = { ...NOTHING, outputs: { before: [end("a"), end("b", 1)], after: [end("b", 1), end("a")] } };
  expect(describeDiff(diff)[0]?.lines[0]?.details).toEqual([
    { what: "order", before: "a, b output 1", after: "b output 1, a" },
  ]);
});

test("lines inside a nested graph are counted, the layer around them is not", () => {
  const inner = { ...NOTHING, same: false, layers: [layer({ changes: [change({ path: ["units"] })] })] };
  const diff = { ...NOTHING, same: false, layers: [layer({ name: "block", nested: inner })] };
  expect(countLines(describeDiff(diff))).toEqual({ added: 0, removed: 0, changed: 1 });
});
