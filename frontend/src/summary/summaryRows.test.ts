import { expect, test } from "vitest";
import type { CheckResult, CostResult, Graph } from "@/api/types";
import { EMPTY_GRAPH } from "@/graph/document";
import { findOpenInputs, makeRows, nextSorting, sortRows } from "@/summary/summaryRows";

function layer(id: string, class_name: string) {
  return { id, class_name, name: null, package: null, config: {}, trainable: true, graph: null, code: null };
}

const graph: Graph = {
  ...EMPTY_GRAPH,
  layers: [layer("words", "InputLayer"), layer("embed", "Embedding"), layer("lost", "Dense")],
  nodes: [
    { id: "words", layer: "words", arguments: {} },
    { id: "embed", layer: "embed", arguments: {} },
    { id: "again", layer: "embed", arguments: {} },
    { id: "lost", layer: "lost", arguments: {} },
  ],
};
const tensor = (...shape: (number | null)[]) => ({ shape, dtype: "float32" });
const check: CheckResult = {
  ok: true,
  issues: [],
  nodes: {
    words: { inputs: [], outputs: [tensor(null, null)] },
    embed: { inputs: [], outputs: [tensor(null, null, 8)] },
    again: { inputs: [], outputs: [tensor(null, null, 8)] },
  },
  layers: { embed: { parameters: 80, trainable_parameters: 80, parameter_bytes: 320 } },
  inputs: ["words"],
  outputs: [],
  parameters: 80,
  trainable_parameters: 80,
  parameter_bytes: 320,
  nested: {},
};
const cost = (flops: number | null, activation_bytes: number | null) => ({
  outputs: [],
  flops,
  flops_share: flops === null ? null : flops / 30,
  activation_bytes,
  activation_share: 0.5,
  uncounted: {},
  unknown: flops === null ? "why" : null,
});
const costs = {
  nodes: { words: cost(0, 8), embed: cost(10, 64), again: cost(null, null) },
} as unknown as CostResult;

test("a node has the numbers of the check and of the costs", () => {
  const rows = makeRows(graph, check, costs);
  expect(rows.map(({ node, parameters, flops, calls }) => [node, parameters, flops, calls])).toEqual([
    ["words", undefined, 0, 1],
    ["embed", 80, 10, 2],
    ["again", 80, null, 2],
    ["lost", undefined, undefined, 1],
  ]);
});

test("what is not known comes last in both directions", () => {
  const rows = makeRows(graph, check, costs);
  const order = (isReversed: boolean) =>
    sortRows(rows, { column: "flops", isReversed }).map(({ node }) => node);
  expect(order(true)).toEqual(["embed", "words", "again", "lost"]);
  expect(order(false)).toEqual(["words", "embed", "again", "lost"]);
});

test("clicks on a column sort, turn the order round, and take it away", () => {
  const first = nextSorting(null, "flops");
  const second = nextSorting(first, "flops");
  expect([first, second, nextSorting(second, "flops")]).toEqual([
    { column: "flops", isReversed: true },
    { column: "flops", isReversed: false },
    null,
  ]);
});

test("inputs that leave more than the batch open are found", () => {
  expect(findOpenInputs(graph, check)).toEqual([{ node: "words", name: "words", shape: [null] }]);
  expect(findOpenInputs(graph, null)).toEqual([]);
});
