import { describe, expect, it } from "vitest";
import type { ArraySpec } from "@/api/types";
import { type Document, EMPTY_DOCUMENT } from "@/graph/document";
import { inputsOf, outputsOf } from "@/graph/ends";
import { ADD, DENSE, INPUT, makeEntry, makeTensorArgument } from "@/graph/exampleEntries";
import { explainNoHead, fitHeads, headFor, makeInputs } from "@/graph/fromData";
import { addLayer } from "@/graph/layers";
import { startFor } from "@/graph/starting";

const ENTRIES = new Map(
  [
    INPUT,
    DENSE,
    ADD,
    makeEntry("Concatenate", { call: [makeTensorArgument("inputs", 0, true)] }),
    ...[
      "Flatten",
      "BatchNormalization",
      "Normalization",
      "Rescaling",
      "Conv2D",
      "MaxPooling2D",
      "Dropout",
      "Reshape",
    ].map((name) => makeEntry(name)),
    makeEntry("GlobalAveragePooling2D"),
  ].map((entry) => [entry.class_name, entry]),
);
const find = (name: string) => ENTRIES.get(name);

function array(name: string, shape: number[], given: Partial<ArraySpec> = {}): ArraySpec {
  return { name, shape, dtype: "float32", classes: null, ...given };
}

const FLOWERS = {
  inputs: [array("features", [4])],
  targets: [array("label", [], { dtype: "int32", classes: 3 })],
  task: "classification" as const,
};

const classesOf = ({ graph }: Document) => graph.layers.map(({ class_name }) => class_name);
const configOf = ({ graph }: Document, id: string) => graph.layers.find((layer) => layer.id === id)?.config;

describe("the last layer", () => {
  it.each([
    ["classification", array("y", [], { classes: 10 }), { units: 10, activation: "softmax" }],
    ["binary_classification", array("y", [], { classes: 2 }), { units: 1, activation: "sigmoid" }],
    ["regression", array("y", []), { units: 1, activation: "linear" }],
    ["regression", array("y", [2, 3]), { units: 6, activation: "linear" }],
  ] as const)("for %s has the target's size", (task, target, head) => {
    expect(headFor(target, task)).toEqual(head);
  });

  it("is fitted where it is a Dense layer, and keeps what else is set", () => {
    const inputs = makeInputs(EMPTY_DOCUMENT, FLOWERS, INPUT);
    const drawn = startFor(FLOWERS, find);
    const changed = fitHeads(drawn, { ...FLOWERS, task: "regression", targets: [array("y", [])] }, find);
    const [end] = outputsOf(changed.graph, () => 1);
    expect(configOf(changed, end?.node ?? "")).toEqual({ units: 1 });
    expect(changed.graph.layers.length).toBe(drawn.graph.layers.length);
    expect(classesOf(fitHeads(inputs, FLOWERS, find))).toEqual(["InputLayer", "Dense"]);
  });

  it("is not fitted where the outputs are fewer than the targets, and a sentence says why", () => {
    const two = { ...FLOWERS, targets: [...FLOWERS.targets, array("z", [])] };
    const drawn = startFor(FLOWERS, find);
    expect(explainNoHead(drawn, two)).toContain("1 outputs, the data 2 targets");
    expect(fitHeads(drawn, two, find)).toBe(drawn);
    expect(explainNoHead(EMPTY_DOCUMENT, FLOWERS)).toContain("empty");
  });
});

describe("making inputs", () => {
  it("adds one for each array, with its name and shape", () => {
    const { graph } = makeInputs(
      EMPTY_DOCUMENT,
      { ...FLOWERS, inputs: [array("image", [28, 28, 1]), array("numbers", [3])] },
      INPUT,
    );
    expect(graph.layers.map(({ name, config }) => [name, config.shape])).toEqual([
      ["image", [28, 28, 1]],
      ["numbers", [3]],
    ]);
  });

  it("gives inputs that are there the shapes of the data, and leaves the rest of the drawing", () => {
    const one = addLayer(EMPTY_DOCUMENT, INPUT, { x: 5, y: 5 }).document;
    const changed = makeInputs(one, FLOWERS, INPUT);
    expect(changed.graph.layers).toHaveLength(1);
    expect(changed.graph.layers[0]?.config).toEqual({ shape: [4] });
    expect(makeInputs(changed, FLOWERS, INPUT)).toBe(changed);
  });

  it("says of texts and of numbers of categories what they are, and takes it back", () => {
    const words = { ...FLOWERS, inputs: [array("town", [], { dtype: "string", classes: 3 })] };
    const drawn = makeInputs(EMPTY_DOCUMENT, words, INPUT);
    expect(drawn.graph.layers[0]?.config).toEqual({ shape: [], dtype: "string" });
    const labels = { ...FLOWERS, inputs: [array("town", [1], { dtype: "int32", classes: 3 })] };
    expect(makeInputs(drawn, labels, INPUT).graph.layers[0]?.config).toEqual({ shape: [1], dtype: "int32" });
    expect(makeInputs(drawn, FLOWERS, INPUT).graph.layers[0]?.config).toEqual({ shape: [4] });
  });

  it("leaves a name away that Keras would refuse", () => {
    const { graph } = makeInputs(EMPTY_DOCUMENT, { ...FLOWERS, inputs: [array("größe in m", [1])] }, INPUT);
    expect(graph.layers[0]?.name).toBeNull();
  });
});

describe("a model to begin with", () => {
  it("takes a row of numbers through one scale to the classes", () => {
    const drawn = startFor(FLOWERS, find);
    expect(classesOf(drawn)).toEqual(["InputLayer", "BatchNormalization", "Dense", "Dense", "Dense"]);
    expect(drawn.graph.edges).toHaveLength(4);
  });

  it("takes small pictures through convolutions, and averages large ones", () => {
    const pictures = (side: number) => ({
      ...FLOWERS,
      inputs: [array("image", [side, side, 3], { dtype: "uint8" })],
    });
    expect(classesOf(startFor(pictures(28), find)).slice(0, 3)).toEqual([
      "InputLayer",
      "Rescaling",
      "Conv2D",
    ]);
    expect(classesOf(startFor(pictures(28), find))).toContain("Flatten");
    expect(classesOf(startFor(pictures(160), find))).toContain("GlobalAveragePooling2D");
    expect(classesOf(startFor(pictures(4), find))).not.toContain("Conv2D");
  });

  it("joins several inputs, and has a last layer for each target", () => {
    const drawn = startFor(
      {
        inputs: [array("a", [4]), array("b", [])],
        targets: [array("y", []), array("z", [2])],
        task: "regression",
      },
      find,
    );
    expect(inputsOf(drawn.graph)).toHaveLength(2);
    expect(outputsOf(drawn.graph, () => 1)).toHaveLength(2);
    expect(classesOf(drawn)).toContain("Concatenate");
    expect(Object.keys(drawn.layout.positions)).toHaveLength(drawn.graph.nodes.length);
  });
});
