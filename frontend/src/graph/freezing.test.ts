import { describe, expect, it } from "vitest";
import { type Document, EMPTY_DOCUMENT } from "@/graph/document";
import { setTrainableOf, withAncestors } from "@/graph/freezing";

const NAMES = ["x", "left", "right", "sum", "answer"];
const WIRES = [
  ["x", "left"],
  ["x", "right"],
  ["left", "sum"],
  ["right", "sum"],
  ["sum", "answer"],
] as const;

const DIAMOND: Document = {
  ...EMPTY_DOCUMENT,
  graph: {
    ...EMPTY_DOCUMENT.graph,
    layers: NAMES.map((id) => ({ id, class_name: "Dense", config: {}, trainable: true })),
    nodes: NAMES.map((id) => ({ id, layer: id, arguments: {} })),
    edges: WIRES.map(([source, target]) => ({
      id: `${source}-${target}`,
      source,
      target,
      output: 0,
      argument: 0,
      path: [],
    })),
  },
};

const frozen = ({ graph }: Document) => graph.layers.filter((one) => !one.trainable).map(({ id }) => id);

describe("freezing", () => {
  it("reaches everything from a node back to the inputs, by every way", () => {
    expect([...withAncestors(DIAMOND.graph, ["sum"])].sort()).toEqual(["left", "right", "sum", "x"]);
    expect([...withAncestors(DIAMOND.graph, ["x", "no such node"])]).toEqual(["x"]);
  });

  it("ends on a cycle", () => {
    const edges = [
      ...DIAMOND.graph.edges,
      { ...DIAMOND.graph.edges[0], id: "back", source: "answer", target: "x" },
    ];
    const cyclic = { ...DIAMOND.graph, edges } as Document["graph"];
    expect(withAncestors(cyclic, ["x"]).size).toBe(NAMES.length);
  });

  it("freezes the layers of nodes, and changes nothing where they are frozen already", () => {
    const once = setTrainableOf(DIAMOND, ["left", "x"], false);
    expect(frozen(once)).toEqual(["x", "left"]);
    expect(setTrainableOf(once, ["x"], false)).toBe(once);
    expect(frozen(setTrainableOf(once, NAMES, true))).toEqual([]);
    expect(frozen(DIAMOND)).toEqual([]);
  });
});
