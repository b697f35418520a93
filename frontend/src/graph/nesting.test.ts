import { describe, expect, it } from "vitest";
import type { Graph, Layer } from "@/api/types";
import { completeLayout } from "@/graph/arrange";
import { type Document, EMPTY_GRAPH } from "@/graph/document";
import { DENSE, makeArgument } from "@/graph/exampleEntries";
import { addLayer, setArgument } from "@/graph/layers";
import {
  graphAt,
  layoutAt,
  namesAlong,
  pathFromText,
  pathToText,
  placeOfChange,
  reachablePath,
  updateAt,
} from "@/graph/nesting";

const UNITS = makeArgument("units", { required: true });

function model(id: string, graph: Graph, name: string | null = null): Layer {
  return { id, class_name: "Functional", name, config: {}, trainable: true, graph };
}

const INNERMOST = addLayer({ graph: EMPTY_GRAPH, layout: { positions: {}, nested: {} } }, DENSE, {
  x: 1,
  y: 2,
});

const DOCUMENT: Document = {
  graph: {
    ...EMPTY_GRAPH,
    layers: [
      model("encoder", { ...EMPTY_GRAPH, layers: [model("block", INNERMOST.document.graph, "residual")] }),
      model("other", EMPTY_GRAPH),
    ],
  },
  layout: {
    positions: {},
    nested: { encoder: { positions: {}, nested: { block: INNERMOST.document.layout } } },
  },
};

const INSIDE = ["encoder", "block"];

function setUnits(value: number): Document {
  return updateAt(DOCUMENT, INSIDE, (inner) => setArgument(inner, "dense", UNITS, value));
}

describe("the graph at a path", () => {
  it("is found with its layout and the names on the way", () => {
    expect(graphAt(DOCUMENT.graph, INSIDE)?.layers[0]?.id).toBe("dense");
    expect(layoutAt(DOCUMENT.layout, INSIDE).positions.dense).toEqual({ x: 1, y: 2 });
    expect(namesAlong(DOCUMENT.graph, INSIDE)).toEqual(["encoder", "residual"]);
    expect(graphAt(DOCUMENT.graph, ["encoder", "gone"])).toBeNull();
  });

  it("is changed with all that leads to it, and nothing beside", () => {
    const changed = setUnits(7);
    expect(graphAt(changed.graph, INSIDE)?.layers[0]?.config.units).toBe(7);
    expect(changed.graph.layers[1]).toBe(DOCUMENT.graph.layers[1]);
    expect(changed.layout).toBe(DOCUMENT.layout);
    expect(updateAt(DOCUMENT, INSIDE, (inner) => inner)).toBe(DOCUMENT);
    expect(updateAt(DOCUMENT, ["gone"], () => DOCUMENT)).toBe(DOCUMENT);
  });

  it("makes another class of the layer where the graph becomes another", () => {
    const toSequential = ({ graph, layout }: Document): Document => ({
      graph: { ...graph, class_name: "Sequential" },
      layout,
    });
    expect(updateAt(DOCUMENT, ["other"], toSequential).graph.layers[1]?.class_name).toBe("Sequential");
  });

  it("is left where it is gone", () => {
    expect(reachablePath(DOCUMENT.graph, INSIDE)).toBe(INSIDE);
    expect(reachablePath(DOCUMENT.graph, ["encoder", "gone", "deeper"])).toEqual(["encoder"]);
  });

  it("stands in the address", () => {
    expect(pathFromText(pathToText(INSIDE))).toEqual(INSIDE);
    expect([pathFromText(null), pathFromText(""), pathFromText("/a//b/")]).toEqual([[], [], ["a", "b"]]);
  });
});

describe("the place of a change", () => {
  it("is the innermost graph that has all of it", () => {
    expect(placeOfChange(DOCUMENT, setUnits(7))).toEqual(INSIDE);
    const moved = updateAt(DOCUMENT, ["encoder"], ({ graph, layout }) => ({
      graph,
      layout: { ...layout, positions: { block: { x: 3, y: 4 } } },
    }));
    expect(placeOfChange(DOCUMENT, moved)).toEqual(["encoder"]);
    expect(placeOfChange(setUnits(7), moved)).toEqual(["encoder"]);
  });

  it("is the outermost graph where more than one inner graph changes", () => {
    const both = updateAt(setUnits(7), ["other"], (inner) => addLayer(inner, DENSE, { x: 0, y: 0 }).document);
    expect(placeOfChange(DOCUMENT, both)).toEqual([]);
  });
});

describe("nodes without a place", () => {
  it("get one beside those that have one, the same each time, and the others stay", () => {
    const { graph } = addLayer(INNERMOST.document, DENSE, { x: 0, y: 0 }).document;
    const layout = { positions: { dense: { x: 1000, y: 1000 } }, nested: {} };
    const complete = completeLayout({ graph, layout });
    expect(complete.positions.dense).toEqual({ x: 1000, y: 1000 });
    expect(complete.positions.dense_1?.x).toBeGreaterThan(1000);
    expect(completeLayout({ graph, layout })).toBe(complete);
    expect(completeLayout({ graph, layout: complete })).toBe(complete);
  });
});
