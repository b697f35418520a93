import { describe, expect, it } from "vitest";
import type { Graph } from "@/api/types";
import { EMPTY_GRAPH } from "@/graph/document";
import { makeRoomBelow } from "@/graph/newLayers";

function chain(...ids: string[]): Graph {
  return {
    ...EMPTY_GRAPH,
    layers: ids.map((id) => ({
      id,
      class_name: "Any",
      package: null,
      name: null,
      config: {},
      trainable: true,
    })),
    nodes: ids.map((id) => ({ id, layer: id, arguments: {} })),
    edges: ids.slice(1).map((id, place) => ({
      id: `e${place}`,
      source: ids[place] ?? "",
      output: 0,
      target: id,
      argument: 0,
      path: [],
    })),
  };
}

const LAYOUT = {
  positions: { image: { x: 10, y: 0 }, dense: { x: 10, y: 144 }, note: { x: 400, y: 20 } },
  nested: {},
};

describe("room for new layers", () => {
  it("stands them below the one that they follow, and moves down what stood there", () => {
    const before = { graph: chain("image", "dense"), layout: LAYOUT };
    const { positions } = makeRoomBelow(before, chain("image", "flip", "zoom", "dense"), "image").layout;
    expect(positions.flip).toEqual({ x: 10, y: 144 });
    expect(positions.zoom).toEqual({ x: 10, y: 288 });
    expect(positions.dense).toEqual({ x: 10, y: 432 });
  });

  it("leaves everything where it is when nothing is new, and forgets the places of what is gone", () => {
    const before = { graph: chain("image", "dense"), layout: LAYOUT };
    expect(makeRoomBelow(before, before.graph, "image").layout.positions).toEqual(LAYOUT.positions);
    expect(makeRoomBelow(before, chain("image"), "image").layout.positions.dense).toBeUndefined();
  });
});
