import { expect, it } from "vitest";
import type { Graph } from "@/api/types";
import { EMPTY_GRAPH } from "@/graph/document";
import { computeQuickPlaces } from "@/graph/quickPlaces";

function draw(nodes: string[], edges: [string, string][]): Graph {
  return {
    ...EMPTY_GRAPH,
    nodes: nodes.map((id) => ({ id, layer: id, arguments: {} })),
    edges: edges.map(([source, target]) => ({
      id: `${source}-${target}`,
      source,
      target,
      output: 0,
      argument: 0,
      path: [],
    })),
  };
}

const STEPS = { across: 100, down: 50 };

it("places each node below all that feed it, and neighbours side by side around the same middle", () => {
  const graph = draw(
    ["x", "a", "b", "add", "skip"],
    [
      ["x", "a"],
      ["x", "b"],
      ["a", "add"],
      ["b", "add"],
      ["x", "add"],
      ["add", "skip"],
    ],
  );
  expect(computeQuickPlaces(graph, STEPS)).toEqual({
    x: { x: 0, y: 0 },
    a: { x: -50, y: 50 },
    b: { x: 50, y: 50 },
    add: { x: 0, y: 100 },
    skip: { x: 0, y: 150 },
  });
});

it("places nodes on a circle, and edges without an end, somewhere", () => {
  const places = computeQuickPlaces(
    draw(
      ["a", "b"],
      [
        ["a", "b"],
        ["b", "a"],
        ["gone", "a"],
        ["b", "lost"],
      ],
    ),
    STEPS,
  );
  expect(Object.keys(places)).toEqual(["a", "b"]);
  expect(places.a).not.toEqual(places.b);
});

it("places ten thousand nodes in no time", () => {
  const ids = Array.from({ length: 10_000 }, (_, index) => `n${index}`);
  const chain = ids.slice(1).map((id, index): [string, string] => [`n${index}`, id]);
  expect(computeQuickPlaces(draw(ids, chain), STEPS).n9999).toEqual({ x: 0, y: 9999 * 50 });
});
