import { describe, expect, it } from "vitest";
import type { CheckResult, Graph } from "@/api/types";
import { dissolveModel } from "@/graph/dissolve";
import { type Document, EMPTY_GRAPH, indexGraph } from "@/graph/document";
import { inputsOf } from "@/graph/ends";
import { nestPieces, type Outcome } from "@/graph/nest";

interface Drawn {
  layers: Record<string, string>;
  nodes?: Record<string, string>;
  edges: string[];
  outputs?: string[];
  groups?: Graph["groups"];
}

/** `edges` read `source → target`, with `:output` after the source and `[place]` after the target. */
function draw({ layers, nodes, edges, outputs, groups = [] }: Drawn): Document {
  const called = nodes ?? Object.fromEntries(Object.keys(layers).map((id) => [id, id]));
  const graph: Graph = {
    ...EMPTY_GRAPH,
    layers: Object.entries(layers).map(([id, class_name]) => ({
      id,
      class_name,
      config: {},
      trainable: true,
    })),
    nodes: Object.entries(called).map(([id, layer]) => ({ id, layer, arguments: {} })),
    edges: edges.map((text, index) => {
      const [, source = "", output = "0", target = "", place] =
        /^(\w+)(?::(\d))? → (\w+)(?:\[(\d)\])?$/.exec(text) ?? [];
      const path = place === undefined ? [] : [Number(place)];
      return { id: `e${index + 1}`, source, output: Number(output), target, argument: 0, path };
    }),
    outputs: outputs?.map((node) => ({ node, output: 0 })) ?? null,
    groups,
  };
  const positions = Object.fromEntries(graph.nodes.map(({ id }, index) => [id, { x: 0, y: index * 144 }]));
  return { graph, layout: { positions, nested: {} } };
}

/** What a check might say: every node has one output, or as many as `counts` says. */
function check({ graph }: Document, counts: Record<string, number> = {}): CheckResult {
  const tensor = { shape: [null, 8], dtype: "float32" };
  return {
    ok: true,
    issues: [],
    nodes: Object.fromEntries(
      graph.nodes.map(({ id }) => [
        id,
        { inputs: [], outputs: Array.from({ length: counts[id] ?? 1 }, () => tensor) },
      ]),
    ),
    layers: {},
    inputs: [],
    outputs: [],
    parameters: 0,
    trainable_parameters: 0,
    parameter_bytes: 0,
    nested: {},
  };
}

function done(outcome: Outcome): Document {
  if ("refusal" in outcome) throw new Error(outcome.refusal);
  return outcome.document;
}

function refusalOf(outcome: Outcome): string {
  return "refusal" in outcome ? outcome.refusal : "";
}

function edgesOf(graph: Graph): string[] {
  return graph.edges
    .map(({ source, output, target, path }) => {
      const from = output > 0 ? `${source}:${output}` : source;
      return `${from} → ${target}${path.length > 0 ? `[${path.join()}]` : ""}`;
    })
    .toSorted();
}

function nest(document: Document, ids: string[], counts: Record<string, number> = {}): Document {
  return done(nestPieces(document, new Set(ids), check(document, counts)));
}

const CHAIN = draw({
  layers: { x: "InputLayer", a: "Dense", b: "Dense", c: "Dense" },
  edges: ["x → a", "a → b", "b → c"],
});

function innerOf({ graph }: Document, layerId = "functional"): Graph {
  return indexGraph(graph).layers.get(layerId)?.graph ?? EMPTY_GRAPH;
}

describe("nesting", () => {
  it("moves a piece of a chain into a model with one input and one output", () => {
    const nested = nest(CHAIN, ["a", "b"]);
    expect(edgesOf(nested.graph)).toEqual(["functional → c", "x → functional"]);
    expect(nested.graph.nodes.map(({ id }) => id)).toEqual(["x", "functional", "c"]);
    const inner = innerOf(nested);
    expect(edgesOf(inner)).toEqual(["a → b", "x_input → a"]);
    expect(inner.layers[0]).toMatchObject({
      id: "x_input",
      class_name: "InputLayer",
      config: { shape: [8], dtype: "float32" },
    });
    expect(inner.outputs).toBeNull();
    expect(Object.keys(nested.layout.positions)).toEqual(["x", "c", "functional"]);
    expect(Object.keys(nested.layout.nested.functional?.positions ?? {})).toEqual(["a", "b", "x_input"]);
  });

  it("makes one input for each distinct tensor, however many calls take it", () => {
    const document = draw({
      layers: { x: "InputLayer", y: "InputLayer", a: "Dense", b: "Dense", add: "Add" },
      edges: ["x → a", "x → b", "y → add[0]", "a → add[1]", "b → add[2]"],
    });
    const nested = nest(document, ["a", "b", "add"]);
    expect(edgesOf(nested.graph)).toEqual(["x → functional[0]", "y → functional[1]"]);
    expect(inputsOf(innerOf(nested)).map(({ node }) => node)).toEqual(["x_input", "y_input"]);
    expect(edgesOf(innerOf(nested))).toContain("y_input → add[0]");
  });

  it("gives out every tensor that is used outside and every one that leaves the model", () => {
    const document = draw({
      layers: { x: "InputLayer", lstm: "LSTM", end: "Dense", head: "Dense" },
      edges: ["x → lstm", "lstm:1 → end", "lstm → head"],
    });
    const nested = nest(document, ["lstm", "head"], { lstm: 3 });
    expect(innerOf(nested).outputs).toEqual([
      { node: "lstm", output: 1 },
      { node: "head", output: 0 },
    ]);
    expect(edgesOf(nested.graph)).toEqual(["functional → end", "x → functional"]);
    expect(nested.graph.outputs).toEqual([
      { node: "end", output: 0 },
      { node: "functional", output: 1 },
    ]);
  });

  it("leaves the graph's inputs outside", () => {
    expect(edgesOf(nest(CHAIN, ["x", "a"]).graph)).toEqual(["b → c", "functional → b", "x → functional"]);
    expect(refusalOf(nestPieces(CHAIN, new Set(["x"]), check(CHAIN)))).toContain("not an InputLayer");
  });

  it("explains a layer that is shared across the border", () => {
    const document = draw({
      layers: { x: "InputLayer", a: "Dense", b: "Dense" },
      nodes: { x: "x", a: "a", b: "b", a2: "a" },
      edges: ["x → a", "a → b", "b → a2"],
    });
    const refusal = refusalOf(nestPieces(document, new Set(["a"]), check(document)));
    expect(refusal).toContain("The layer a is also called outside the selection, at a2");
  });

  it("explains a way that leaves the selection and comes back", () => {
    const refusal = refusalOf(nestPieces(CHAIN, new Set(["a", "c"]), check(CHAIN)));
    expect(refusal).toContain("b lies between the chosen nodes");
  });

  it("explains an unknown shape, and a selection that nothing goes into", () => {
    expect(refusalOf(nestPieces(CHAIN, new Set(["b"]), null))).toContain("what comes from a is not known");
    const loose = draw({ layers: { a: "Dense", b: "Dense" }, edges: ["a → b"] });
    expect(refusalOf(nestPieces(loose, new Set(["a"]), check(loose)))).toContain("Nothing goes into");
  });

  it("takes a group along that lies wholly inside, and stands for what another loses", () => {
    const groups = [
      { id: "g", title: "Inside", nodes: ["a", "b"] },
      { id: "h", title: "Both", nodes: ["b", "c"] },
    ];
    const document = { ...CHAIN, graph: { ...CHAIN.graph, groups } };
    const nested = nest(document, ["a", "b"]);
    expect(innerOf(nested).groups.map(({ id }) => id)).toEqual(["g"]);
    expect(nested.graph.groups).toEqual([{ id: "h", title: "Both", nodes: ["c", "functional"] }]);
  });

  it("nests inside what was nested, with its layout", () => {
    const once = nest(CHAIN, ["a", "b"]);
    const twice = nest(once, ["functional", "c"]);
    expect(innerOf(twice, "functional_1").layers.map(({ id }) => id)).toEqual(["x_input", "c", "functional"]);
    expect(twice.layout.nested.functional_1?.nested?.functional?.positions).toHaveProperty("a");
    expect(twice.layout.nested.functional).toBeUndefined();
  });
});

describe("dissolving", () => {
  function dissolve(document: Document, nodeId: string): Document {
    return done(dissolveModel(document, nodeId, check(document)));
  }

  it("takes back what nesting made", () => {
    const back = dissolve(nest(CHAIN, ["a", "b"]), "functional");
    expect(edgesOf(back.graph)).toEqual(edgesOf(CHAIN.graph));
    expect(back.graph.nodes).toEqual(CHAIN.graph.nodes);
    expect(back.graph.layers.map(({ id }) => id).toSorted()).toEqual(["a", "b", "c", "x"]);
    expect(back.graph.outputs).toBeNull();
    expect(back.layout.nested).toEqual({});
  });

  it("takes back several inputs and outputs", () => {
    const document = draw({
      layers: { x: "InputLayer", y: "InputLayer", a: "Dense", b: "Dense", add: "Add" },
      edges: ["x → a", "y → b", "a → add[0]", "b → add[1]"],
      outputs: ["add", "a"],
    });
    const back = dissolve(nest(document, ["a", "b"]), "functional");
    expect(edgesOf(back.graph)).toEqual(edgesOf(document.graph));
    expect(back.graph.outputs).toEqual(document.graph.outputs);
  });

  it("makes the layers of a model that is called twice shared ones", () => {
    const nested = nest(CHAIN, ["a", "b"]);
    const twice: Document = {
      ...nested,
      graph: {
        ...nested.graph,
        nodes: [...nested.graph.nodes, { id: "again", layer: "functional", arguments: {} }],
        edges: [
          ...nested.graph.edges,
          { id: "more", source: "functional", output: 0, target: "again", argument: 0, path: [] },
        ],
      },
      layout: { ...nested.layout, positions: { ...nested.layout.positions, again: { x: 400, y: 0 } } },
    };
    const { graph, layout } = dissolve(twice, "again");
    expect(graph.layers.map(({ id }) => id).toSorted()).toEqual(["a", "b", "c", "x"]);
    expect(edgesOf(graph)).toEqual(["a → b", "a_call_2 → b_call_2", "b → a_call_2", "b → c", "x → a"]);
    expect(indexGraph(graph).calls.get("a")).toHaveLength(2);
    expect(Object.keys(layout.positions).toSorted()).toEqual(["a", "a_call_2", "b", "b_call_2", "c", "x"]);
  });

  it("gives names that are taken outside a number, and freezes what was frozen as a whole", () => {
    const nested = nest(CHAIN, ["a"]);
    const layers = nested.graph.layers.map((layer) =>
      layer.id === "functional" ? { ...layer, trainable: false } : layer,
    );
    const taken: Document = {
      ...nested,
      graph: {
        ...nested.graph,
        layers: [...layers, { id: "a", class_name: "Dropout", config: {}, trainable: true }],
        nodes: [...nested.graph.nodes, { id: "a", layer: "a", arguments: {} }],
      },
    };
    const { graph } = dissolve(taken, "functional");
    expect(graph.layers.find(({ id }) => id === "a_1")).toMatchObject({
      class_name: "Dense",
      trainable: false,
    });
    expect(edgesOf(graph)).toEqual(["a_1 → b", "b → c", "x → a_1"]);
  });

  it("explains a wrapper, an argument of the call, and an input that nothing goes into", () => {
    const nested = nest(CHAIN, ["a"]);
    const change = (graph: Partial<Graph>): Document => ({ ...nested, graph: { ...nested.graph, ...graph } });
    const refuse = (document: Document) => refusalOf(dissolveModel(document, "functional", check(document)));
    const wrapped = nested.graph.layers.map((layer) =>
      layer.graph ? { ...layer, class_name: "TimeDistributed" } : layer,
    );
    expect(refuse(change({ layers: wrapped }))).toContain("TimeDistributed does more");
    const nodes = nested.graph.nodes.map((node) =>
      node.id === "functional" ? { ...node, arguments: { training: false } } : node,
    );
    expect(refuse(change({ nodes }))).toContain("passes training");
    expect(refuse(change({ edges: [] }))).toContain("Nothing goes into the input");
    expect(refusalOf(dissolveModel(nested, "c", null))).toContain("nothing to dissolve");
  });
});
