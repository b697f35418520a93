import { describe, expect, it } from "vitest";
import { arrangeNodes, boundNodes, findFreePosition, findPlaceBeside, moveNodes } from "@/graph/arrange";
import { connect } from "@/graph/connections";
import { type Document, EMPTY_GRAPH } from "@/graph/document";
import { DENSE, INPUT } from "@/graph/exampleEntries";
import { addCall, addLayer, renameLayer } from "@/graph/layers";
import { copyPieces, pastePieces, removePieces } from "@/graph/pieces";

const EMPTY: Document = { graph: EMPTY_GRAPH, layout: { positions: {}, nested: {} } };

/** input_layer → dense → (the same dense again) */
function drawShared(): Document {
  let document = addLayer(EMPTY, INPUT, { x: 0, y: 0 }).document;
  document = addLayer(document, DENSE, { x: 0, y: 100 }).document;
  document = addCall(document, "dense", { x: 0, y: 200 }).document;
  document = connect(document, { node: "input_layer", output: 0 }, { node: "dense" }, DENSE);
  return connect(document, { node: "dense", output: 0 }, { node: "dense_call_2" }, DENSE);
}

describe("removing", () => {
  it("takes edges along, and a layer only with its last call", () => {
    const once = removePieces(drawShared(), new Set(["dense_call_2"]));
    expect(once.graph.layers.map(({ id }) => id)).toEqual(["input_layer", "dense"]);
    expect(once.graph.edges.map(({ id }) => id)).toEqual(["e1"]);
    const twice = removePieces(once, new Set(["dense"]));
    expect(twice.graph.layers.map(({ id }) => id)).toEqual(["input_layer"]);
    expect(twice.graph.edges).toEqual([]);
    expect(Object.keys(twice.layout.positions)).toEqual(["input_layer"]);
  });

  it("forgets the removed nodes in inputs, outputs and groups", () => {
    const document = drawShared();
    const graph = {
      ...document.graph,
      inputs: [{ node: "input_layer", output: 0 }],
      outputs: [
        { node: "dense", output: 0 },
        { node: "dense_call_2", output: 0 },
      ],
      groups: [{ id: "g", title: "G", nodes: ["dense", "input_layer"] }],
    };
    const { graph: left } = removePieces({ ...document, graph }, new Set(["input_layer", "dense"]));
    expect(left.inputs).toBeNull();
    expect(left.outputs).toEqual([{ node: "dense_call_2", output: 0 }]);
    expect(left.groups).toEqual([]);
  });

  it("returns the very same document when nothing was chosen", () => {
    const document = drawShared();
    expect(removePieces(document, new Set())).toBe(document);
  });
});

describe("copying", () => {
  it("keeps inner edges and sharing, gives everything ids and names of its own, and moves it aside", () => {
    const document = renameLayer(drawShared(), "dense", "tower");
    const fragment = copyPieces(document, new Set(["dense", "dense_call_2"]));
    const { document: pasted, nodeIds } = pastePieces(document, fragment, { x: 40, y: 40 });
    expect(nodeIds).toEqual(["dense_1", "dense_call_3"]);
    expect(pasted.graph.layers.slice(2)).toEqual([
      { ...document.graph.layers[1], id: "dense_1", name: "tower_1" },
    ]);
    expect(pasted.graph.nodes.slice(3)).toEqual([
      { id: "dense_1", layer: "dense_1", arguments: {} },
      { id: "dense_call_3", layer: "dense_1", arguments: {} },
    ]);
    expect(pasted.graph.edges.slice(2)).toEqual([
      { id: "e3", source: "dense_1", output: 0, target: "dense_call_3", argument: 0, path: [] },
    ]);
    expect(pasted.layout.positions.dense_1).toEqual({ x: 40, y: 140 });
  });

  it("pastes into another model", () => {
    const fragment = copyPieces(drawShared(), new Set(["input_layer", "dense", "dense_call_2"]));
    const { document } = pastePieces(EMPTY, fragment, { x: 0, y: 0 });
    expect(document).toEqual(drawShared());
  });
});

describe("placing", () => {
  it("moves nodes without touching the graph", () => {
    const document = drawShared();
    const moved = moveNodes(document, { dense: { x: 7, y: 8 } });
    expect(moved.graph).toBe(document.graph);
    expect(moved.layout.positions.dense).toEqual({ x: 7, y: 8 });
    expect(moveNodes(moved, { dense: { x: 7, y: 8 } })).toBe(moved);
  });

  it("lays out every node below what it depends on", () => {
    const { positions } = arrangeNodes(drawShared()).layout;
    const heights = ["input_layer", "dense", "dense_call_2"].map((id) => positions[id]?.y ?? Number.NaN);
    expect(heights).toEqual(heights.toSorted((a, b) => a - b));
    expect(new Set(heights).size).toBe(3);
  });

  it("bounds nodes with their sizes, and nothing by nothing", () => {
    expect(boundNodes(drawShared(), ["input_layer", "dense"])).toEqual({
      x: 0,
      y: 0,
      width: 224,
      height: 188,
    });
    expect(boundNodes(EMPTY, [])).toBeNull();
  });

  it("finds a place where no node stands", () => {
    const place = findFreePosition(drawShared(), { x: 0, y: 0 });
    expect(place).toEqual({ x: 32, y: 32 });
    expect(findFreePosition(EMPTY, { x: 3, y: 4 })).toEqual({ x: 3, y: 4 });
  });

  it("puts a second branch beside the first, where it covers no node", () => {
    const document = drawShared();
    expect(findPlaceBeside(document, { x: 0, y: 300 })).toEqual({ x: 0, y: 300 });
    const beside = findPlaceBeside(document, { x: 0, y: 110 });
    expect(beside).toEqual({ x: 264, y: 110 });
    const third = addLayer(document, DENSE, beside).document;
    expect(findPlaceBeside(third, { x: 0, y: 110 })).toEqual({ x: 528, y: 110 });
  });
});
