import { expect, it } from "vitest";
import type { Issue } from "@/api/types";
import { connect } from "@/graph/connections";
import { EMPTY_GRAPH } from "@/graph/document";
import { DENSE, INPUT } from "@/graph/exampleEntries";
import { sortIssues } from "@/graph/issues";
import { addCall, addLayer } from "@/graph/layers";

function issue(given: Partial<Issue>): Issue {
  return { code: "x", message: "m", severity: "error", within: [], fixes: [], ...given };
}

it("shows an issue on its node, on all calls of its layer, at its edge's target, or nowhere in particular", () => {
  let document = addLayer({ graph: EMPTY_GRAPH, layout: { positions: {}, nested: {} } }, INPUT, {
    x: 0,
    y: 0,
  }).document;
  document = addLayer(document, DENSE, { x: 0, y: 0 }).document;
  document = addCall(document, "dense", { x: 0, y: 0 }).document;
  document = connect(document, { node: "input_layer", output: 0 }, { node: "dense" }, DENSE);
  const [atNode, atLayer, atEdge, nowhere, gone] = [
    issue({ node: "input_layer" }),
    issue({ layer: "dense" }),
    issue({ edge: "e1" }),
    issue({ code: "no_output" }),
    issue({ node: "deleted meanwhile" }),
  ];
  const sorted = sortIssues([atNode, atLayer, atEdge, nowhere, gone], document.graph);
  expect(Object.fromEntries(sorted.byNode)).toEqual({
    input_layer: [atNode],
    dense: [atLayer, atEdge],
    dense_call_2: [atLayer],
  });
  expect(sorted.general).toEqual([nowhere, gone]);
  expect(Object.fromEntries(sorted.byEdge)).toEqual({ e1: [atEdge] });
});
