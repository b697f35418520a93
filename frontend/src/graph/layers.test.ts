import { describe, expect, it } from "vitest";
import { type Document, EMPTY_GRAPH } from "@/graph/document";
import { DENSE, INPUT, makeArgument } from "@/graph/exampleEntries";
import { pickFreeName, toSnakeCase } from "@/graph/identifiers";
import { addCall, addLayer, renameLayer, setArgument, setTrainable } from "@/graph/layers";

const EMPTY: Document = { graph: EMPTY_GRAPH, layout: { positions: {}, nested: {} } };
const ONE = addLayer(EMPTY, DENSE, { x: 10, y: 20 }).document;

describe("names", () => {
  it.each([
    ["Dense", "dense"],
    ["Conv2D", "conv2d"],
    ["MaxPooling2D", "max_pooling2d"],
    ["LSTM", "lstm"],
    ["InputLayer", "input_layer"],
    ["BatchNormalization", "batch_normalization"],
    ["ReLU", "re_lu"],
  ])("of %s starts as %s, like Keras's own", (className, name) => {
    expect(toSnakeCase(className)).toBe(name);
  });

  it("count on where the wanted one is taken", () => {
    expect(pickFreeName("dense", new Set(["dense", "dense_1"]))).toBe("dense_2");
    expect(pickFreeName("dense_7", new Set(["dense_7"]))).toBe("dense_8");
    expect(pickFreeName("dense", new Set())).toBe("dense");
  });
});

describe("adding", () => {
  it("puts the layer, its example config, its node and its place into the document", () => {
    expect(ONE).toEqual({
      graph: {
        ...EMPTY_GRAPH,
        layers: [
          {
            id: "dense",
            class_name: "Dense",
            package: null,
            name: null,
            config: { units: 32 },
            trainable: true,
            graph: null,
          },
        ],
        nodes: [{ id: "dense", layer: "dense", arguments: {} }],
      },
      layout: { positions: { dense: { x: 10, y: 20 } }, nested: {} },
    });
  });

  it("does not take a name that another layer was given", () => {
    const renamed = renameLayer(addLayer(EMPTY, INPUT, { x: 0, y: 0 }).document, "input_layer", "dense");
    expect(addLayer(renamed, DENSE, { x: 0, y: 0 }).nodeId).toBe("dense_1");
  });

  it("calls a layer again under an id of its own", () => {
    const { document, nodeId } = addCall(ONE, "dense", { x: 0, y: 99 });
    expect(nodeId).toBe("dense_call_2");
    expect(document.graph.layers).toHaveLength(1);
    expect(addCall(document, "dense", { x: 0, y: 0 }).nodeId).toBe("dense_call_3");
  });
});

describe("changing a layer", () => {
  it("renames it, and gives the id back its part when the name is emptied", () => {
    const renamed = renameLayer(ONE, "dense", "  hidden ");
    expect(renamed.graph.layers[0]?.name).toBe("hidden");
    expect(renameLayer(renamed, "dense", "").graph.layers[0]?.name).toBeNull();
    expect(renameLayer(ONE, "dense", "dense")).toBe(ONE);
  });

  it("takes an argument out of the config when it equals its default", () => {
    const useBias = makeArgument("use_bias", { default: true });
    const without = setArgument(ONE, "dense", useBias, false);
    expect(without.graph.layers[0]?.config).toEqual({ units: 32, use_bias: false });
    expect(setArgument(without, "dense", useBias, true).graph.layers[0]?.config).toEqual({ units: 32 });
    expect(setArgument(without, "dense", useBias, undefined).graph.layers[0]?.config).toEqual({ units: 32 });
  });

  it("keeps a required argument even when it equals what the catalogue calls default", () => {
    const units = makeArgument("units", { required: true, default: null });
    expect(setArgument(ONE, "dense", units, null).graph.layers[0]?.config).toEqual({ units: null });
  });

  it("returns the very same document when nothing changes", () => {
    expect(setTrainable(ONE, "dense", true)).toBe(ONE);
    expect(setTrainable(ONE, "no such layer", false)).toBe(ONE);
  });
});
