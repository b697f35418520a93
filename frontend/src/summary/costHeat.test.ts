import { expect, test } from "vitest";
import type { CostResult, Graph } from "@/api/types";
import { EMPTY_GRAPH } from "@/graph/document";
import { costHeat } from "@/summary/costHeat";

const graph: Graph = {
  ...EMPTY_GRAPH,
  nodes: [
    { id: "one", layer: "shared", arguments: {} },
    { id: "two", layer: "shared", arguments: {} },
  ],
};
const costs = {
  nodes: { one: { flops: 12, activation_bytes: 8 }, two: { flops: null, activation_bytes: 8 } },
  layers: { shared: { parameters: 6 } },
  parameters: 6,
} as unknown as CostResult;

test("nodes of unknown cost have no number", () => {
  expect(costHeat("FLOPs", graph, costs)).toEqual({ label: "FLOPs", unit: "FLOPs", values: { one: 12 } });
});

test("memory is counted in bytes", () => {
  expect(costHeat("Activation memory", graph, costs).values).toEqual({ one: 8, two: 8 });
});

test("a shared layer's parameters stand at each call and count once", () => {
  expect(costHeat("Parameters", graph, costs)).toMatchObject({ values: { one: 6, two: 6 }, total: 6 });
});
