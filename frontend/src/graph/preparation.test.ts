import { describe, expect, it } from "vitest";
import type { ArraySpec } from "@/api/types";
import { connect } from "@/graph/connections";
import { type Document, EMPTY_DOCUMENT, indexGraph } from "@/graph/document";
import { inputsOf } from "@/graph/ends";
import { DENSE, INPUT, makeEntry, makeTensorArgument } from "@/graph/exampleEntries";
import { addLayer } from "@/graph/layers";
import { makePreparedInputs, preparationFor } from "@/graph/preparation";
import { startFor } from "@/graph/starting";

const NAMES = [
  "Normalization",
  "StringLookup",
  "TextVectorization",
  "Embedding",
  "GlobalAveragePooling1D",
  "Rescaling",
  "CategoryEncoding",
  "IntegerLookup",
  "Flatten",
];
const ENTRIES = new Map(
  [
    INPUT,
    DENSE,
    makeEntry("Concatenate", { call: [makeTensorArgument("inputs", 0, true)] }),
    ...NAMES.map((name) => makeEntry(name)),
  ].map((entry) => [entry.class_name, entry]),
);
const find = (name: string) => ENTRIES.get(name);

function array(name: string, shape: number[], given: Partial<ArraySpec> = {}): ArraySpec {
  return { name, shape, dtype: "float32", classes: null, ...given };
}

const AGE = array("age", [1]);
const TOWN = array("town", [], { dtype: "string", classes: 3 });
const REVIEW = array("review", [], { dtype: "string" });
const RAW = {
  inputs: [AGE, TOWN, REVIEW],
  targets: [array("y", [], { dtype: "int32", classes: 2 })],
  task: "binary_classification" as const,
};

const classesOf = ({ graph }: Document) => graph.layers.map(({ class_name }) => class_name);
/** Class names from an input down to where it divides or ends. */
function follow(document: Document, place: number): string[] {
  const { outgoing, nodes, layers } = indexGraph(document.graph);
  const names: string[] = [];
  let node: string | undefined = inputsOf(document.graph)[place]?.node;
  while (node !== undefined) {
    names.push(layers.get(nodes.get(node)?.layer ?? "")?.class_name ?? "");
    node = outgoing.get(node)?.[0]?.target;
  }
  return names;
}

describe("what prepares an array", () => {
  it.each([
    [AGE, ["Normalization"]],
    [array("one number", []), ["Flatten", "Normalization"]],
    [array("series", [20, 3]), ["Normalization"]],
    [TOWN, ["StringLookup"]],
    [array("many towns", [], { dtype: "string", classes: 5000 }), ["StringLookup", "Embedding"]],
    [REVIEW, ["TextVectorization", "Embedding", "GlobalAveragePooling1D"]],
    [array("label", [1], { dtype: "int32", classes: 4 }), ["CategoryEncoding"]],
    [array("label", [], { dtype: "int64", classes: 4 }), ["IntegerLookup"]],
    [array("image", [28, 28, 1], { dtype: "uint8" }), ["Rescaling"]],
    [array("scaled image", [28, 28, 1]), []],
  ] as const)("of $name is what is in it", (given, classes) => {
    expect(preparationFor(given).map(([name]) => name)).toEqual(classes);
  });
});

describe("inputs with preprocessing", () => {
  it("are side by side in an empty drawing, each with a name and a place of its own", () => {
    const drawn = makePreparedInputs(EMPTY_DOCUMENT, RAW, find);
    expect(drawn.graph.layers.slice(0, 3).map(({ name, config }) => [name, config])).toEqual([
      ["age", { shape: [1] }],
      ["town", { shape: [], dtype: "string" }],
      ["review", { shape: [], dtype: "string" }],
    ]);
    expect(follow(drawn, 0)).toEqual(["InputLayer", "Normalization", "Concatenate"]);
    expect(follow(drawn, 2).at(-1)).toBe("Concatenate");
    const places = Object.values(drawn.layout.positions).map(({ x, y }) => `${x} ${y}`);
    expect(new Set(places).size).toBe(drawn.graph.nodes.length);
  });

  it("are made once: again nothing changes", () => {
    const drawn = makePreparedInputs(EMPTY_DOCUMENT, RAW, find);
    expect(makePreparedInputs(drawn, RAW, find)).toBe(drawn);
  });

  it("take the place of the one input that led somewhere", () => {
    const input = addLayer(EMPTY_DOCUMENT, INPUT, { x: 0, y: 0 });
    const dense = addLayer(input.document, DENSE, { x: 0, y: 200 });
    const before = connect(dense.document, { node: input.nodeId, output: 0 }, { node: dense.nodeId }, DENSE);
    const drawn = makePreparedInputs(before, RAW, find);
    expect(follow(drawn, 0)).toEqual(["InputLayer", "Normalization", "Concatenate", "Dense"]);
    expect(follow(drawn, 1)).toEqual(["InputLayer", "StringLookup", "Concatenate", "Dense"]);
    expect(classesOf(drawn).filter((name) => name === "Dense")).toHaveLength(1);
  });

  it("stand before what each of several inputs led to", () => {
    let before = EMPTY_DOCUMENT;
    for (const _ of [0, 1]) {
      const input = addLayer(before, INPUT, { x: 0, y: 0 });
      const dense = addLayer(input.document, DENSE, { x: 0, y: 200 });
      before = connect(dense.document, { node: input.nodeId, output: 0 }, { node: dense.nodeId }, DENSE);
    }
    const drawn = makePreparedInputs(before, { ...RAW, inputs: [AGE, TOWN] }, find);
    expect(follow(drawn, 0)).toEqual(["InputLayer", "Normalization", "Dense"]);
    expect(follow(drawn, 1)).toEqual(["InputLayer", "StringLookup", "Dense"]);
    expect(classesOf(drawn)).not.toContain("Concatenate");
  });

  it("of images are not put beside rows of numbers", () => {
    const image = array("image", [28, 28, 1], { dtype: "uint8" });
    const drawn = makePreparedInputs(EMPTY_DOCUMENT, { ...RAW, inputs: [image, AGE] }, find);
    expect(follow(drawn, 0)).toEqual(["InputLayer", "Rescaling"]);
    expect(classesOf(drawn)).not.toContain("Concatenate");
  });
});

it("a model to begin with prepares raw columns, and learns from them side by side", () => {
  const drawn = startFor(RAW, find);
  expect(follow(drawn, 1)).toEqual(["InputLayer", "StringLookup", "Concatenate", "Dense", "Dense"]);
  const alone = startFor({ ...RAW, inputs: [REVIEW] }, find);
  expect(follow(alone, 0)).toEqual([
    "InputLayer",
    "TextVectorization",
    "Embedding",
    "GlobalAveragePooling1D",
    "Dense",
    "Dense",
  ]);
});
