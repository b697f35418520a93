import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entry } from "@/api/types";
import { connect, disconnect, moveListMember } from "@/graph/connections";
import { type Document, EMPTY_GRAPH } from "@/graph/document";
import { ADD, ATTENTION, DENSE, INPUT } from "@/graph/exampleEntries";
import { addLayer } from "@/graph/layers";
import { removePieces } from "@/graph/pieces";

const EMPTY: Document = { graph: EMPTY_GRAPH, layout: { positions: {}, nested: {} } };
const ENTRIES = new Map<string, Entry>(
  [INPUT, DENSE, ADD, ATTENTION].map((entry) => [entry.class_name, entry]),
);

function draw(...entries: Entry[]): Document {
  return entries.reduce((document, entry) => addLayer(document, entry, { x: 0, y: 0 }).document, EMPTY);
}

function join(document: Document, source: string, target: string, entry: Entry, argument?: string): Document {
  return connect(document, { node: source, output: 0 }, { node: target, argument }, entry);
}

function slots(document: Document) {
  return document.graph.edges.map(({ source, argument, path }) => ({ source, argument, path }));
}

describe("connecting", () => {
  it("fills the first argument by its position", () => {
    const document = join(draw(INPUT, DENSE), "input_layer", "dense", DENSE);
    expect(document.graph.edges).toEqual([
      { id: "e1", source: "input_layer", output: 0, target: "dense", argument: 0, path: [] },
    ]);
  });

  it("replaces the edge of a single argument that is taken", () => {
    let document = draw(INPUT, INPUT, DENSE);
    document = join(document, "input_layer", "dense", DENSE);
    document = join(document, "input_layer_1", "dense", DENSE);
    expect(slots(document)).toEqual([{ source: "input_layer_1", argument: 0, path: [] }]);
  });

  it("leaves the document as it is when the same edge is drawn again", () => {
    const document = join(draw(INPUT, DENSE), "input_layer", "dense", DENSE);
    expect(join(document, "input_layer", "dense", DENSE)).toBe(document);
  });

  it("appends to a list argument, so that the order is the order of drawing", () => {
    let document = draw(INPUT, DENSE, ADD);
    document = join(document, "dense", "add", ADD);
    document = join(document, "input_layer", "add", ADD);
    expect(slots(document)).toEqual([
      { source: "dense", argument: 0, path: [0] },
      { source: "input_layer", argument: 0, path: [1] },
    ]);
  });

  it("lets one tensor be several members of a list", () => {
    let document = draw(INPUT, ADD);
    document = join(document, "input_layer", "add", ADD);
    document = join(document, "input_layer", "add", ADD);
    expect(slots(document).map(({ path }) => path)).toEqual([[0], [1]]);
  });

  it("takes the next free argument, and a keyword where there is no position", () => {
    let document = draw(INPUT, INPUT, INPUT, ATTENTION);
    for (const source of ["input_layer", "input_layer_1", "input_layer_2"]) {
      document = join(document, source, "multi_head_attention", ATTENTION);
    }
    expect(slots(document).map(({ argument }) => argument)).toEqual([0, 1, "attention_mask"]);
  });

  it("fills the argument that was aimed at, and takes its constant away", () => {
    const start = draw(INPUT, ATTENTION);
    const withConstant: Document = {
      ...start,
      graph: {
        ...start.graph,
        nodes: start.graph.nodes.map((node) => ({ ...node, arguments: { "1": 2, training: false } })),
      },
    };
    const document = join(withConstant, "input_layer", "multi_head_attention", ATTENTION, "value");
    expect(slots(document)).toEqual([{ source: "input_layer", argument: 1, path: [] }]);
    expect(document.graph.nodes[1]?.arguments).toEqual({ training: false });
  });
});

describe("list arguments", () => {
  function drawSum(): Document {
    let document = draw(INPUT, INPUT, INPUT, ADD);
    for (const source of ["input_layer", "input_layer_1", "input_layer_2"])
      document = join(document, source, "add", ADD);
    return document;
  }

  it("close up when a member is disconnected", () => {
    expect(slots(disconnect(drawSum(), new Set(["e1"])))).toEqual([
      { source: "input_layer_1", argument: 0, path: [0] },
      { source: "input_layer_2", argument: 0, path: [1] },
    ]);
  });

  it("close up when a source is removed", () => {
    expect(slots(removePieces(drawSum(), new Set(["input_layer_1"])))).toEqual([
      { source: "input_layer", argument: 0, path: [0] },
      { source: "input_layer_2", argument: 0, path: [1] },
    ]);
  });

  it("are put in another order", () => {
    const moved = moveListMember(drawSum(), "e3", 0);
    expect(
      slots(moved)
        .toSorted((a, b) => Number(a.path[0]) - Number(b.path[0]))
        .map(({ source }) => source),
    ).toEqual(["input_layer_2", "input_layer", "input_layer_1"]);
    expect(moveListMember(moved, "e3", 0)).toBe(moved);
  });
});

describe("any sequence of edits", () => {
  const action = fc.oneof(
    fc.record({ what: fc.constant("add" as const), entry: fc.constantFrom(...ENTRIES.values()) }),
    fc.record({ what: fc.constant("connect" as const), from: fc.nat(30), to: fc.nat(30) }),
    fc.record({ what: fc.constant("disconnect" as const), edge: fc.nat(30) }),
    fc.record({ what: fc.constant("remove" as const), node: fc.nat(30) }),
  );

  function apply(
    document: Document,
    step: typeof action extends fc.Arbitrary<infer Step> ? Step : never,
  ): Document {
    const { layers, nodes, edges } = document.graph;
    switch (step.what) {
      case "add":
        return addLayer(document, step.entry, { x: 0, y: 0 }).document;
      case "connect": {
        const [from, to] = [nodes[step.from % nodes.length], nodes[step.to % nodes.length]];
        const entry = ENTRIES.get(layers.find(({ id }) => id === to?.layer)?.class_name ?? "");
        return from && to ? join(document, from.id, to.id, entry ?? DENSE) : document;
      }
      case "disconnect": {
        const edge = edges[step.edge % edges.length];
        return edge ? disconnect(document, new Set([edge.id])) : document;
      }
      case "remove": {
        const node = nodes[step.node % nodes.length];
        return node ? removePieces(document, new Set([node.id])) : document;
      }
    }
  }

  it("keeps ids unique, every edge's ends present, every slot filled once, and lists without gaps", () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (steps) => {
        const { graph, layout } = steps.reduce(apply, EMPTY);
        for (const pieces of [graph.layers, graph.nodes, graph.edges]) {
          expect(new Set(pieces.map(({ id }) => id)).size).toBe(pieces.length);
        }
        const nodes = new Set(graph.nodes.map(({ id }) => id));
        expect(graph.edges.every(({ source, target }) => nodes.has(source) && nodes.has(target))).toBe(true);
        expect(new Set(Object.keys(layout.positions))).toEqual(nodes);
        expect(new Set(graph.nodes.map(({ layer }) => layer))).toEqual(
          new Set(graph.layers.map(({ id }) => id)),
        );
        const places = graph.edges.map(
          ({ target, argument, path }) => `${target} ${argument} ${path.join()}`,
        );
        expect(new Set(places).size).toBe(places.length);
        const lists = Map.groupBy(
          graph.edges.filter(({ path }) => path.length > 0),
          ({ target, argument }) => `${target} ${argument}`,
        );
        for (const members of lists.values()) {
          expect(members.map(({ path }) => Number(path[0])).toSorted((a, b) => a - b)).toEqual([
            ...members.keys(),
          ]);
        }
      }),
    );
  });
});
