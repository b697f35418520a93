import { describe, expect, it } from "vitest";
import { connect } from "@/graph/connections";
import { type Document, EMPTY_DOCUMENT } from "@/graph/document";
import { addOutput, deriveEnds, moveEnd, removeOutput } from "@/graph/ends";
import { ADD, DENSE, INPUT } from "@/graph/exampleEntries";
import { addNote, addToGroup, groupNodes, renameGroup, ungroup, writeOnNote } from "@/graph/groups";
import { addCall, addLayer } from "@/graph/layers";
import { copyPieces, pastePieces, removeMarks, removePieces } from "@/graph/pieces";
import { bridge, chainOf, insertOnEdge, popLast, setGraphClass } from "@/graph/sequential";
import { callPlace, sharedIndex, unshareCall } from "@/graph/sharing";
import { slotsOf } from "@/graph/slots";

/** input_layer → dense → dense_1 */
function drawChain(): Document {
  let document = addLayer(EMPTY_DOCUMENT, INPUT, { x: 0, y: 0 }).document;
  document = addLayer(document, DENSE, { x: 0, y: 144 }).document;
  document = addLayer(document, DENSE, { x: 0, y: 288 }).document;
  document = connect(document, { node: "input_layer", output: 0 }, { node: "dense" }, DENSE);
  return connect(document, { node: "dense", output: 0 }, { node: "dense_1" }, DENSE);
}

function edgesOf({ graph }: Document): string[] {
  return graph.edges.map(({ source, target }) => `${source} → ${target}`).toSorted();
}

describe("a chain", () => {
  it("is told from what is none, with the reason", () => {
    const chain = drawChain();
    expect(chainOf(chain.graph)).toEqual({ nodes: ["input_layer", "dense", "dense_1"] });
    const forked = connect(
      addLayer(chain, DENSE, { x: 0, y: 0 }).document,
      { node: "dense", output: 0 },
      { node: "dense_2" },
      DENSE,
    );
    expect(chainOf(forked.graph)).toEqual({ refusal: "2 edges leave dense." });
    const shared = addCall(chain, "dense", { x: 0, y: 0 }).document;
    expect(chainOf(shared.graph)).toEqual({ refusal: "The layer of dense is called 2 times." });
    const circle = connect(
      removePieces(chain, new Set(["input_layer"])),
      { node: "dense_1", output: 0 },
      { node: "dense" },
      DENSE,
    );
    expect(chainOf(circle.graph)).toEqual({ refusal: "Its nodes go round in a circle." });
    const merged = addLayer(EMPTY_DOCUMENT, ADD, { x: 0, y: 0 }).document;
    const listed = connect(
      addLayer(merged, DENSE, { x: 0, y: 0 }).document,
      { node: "dense", output: 0 },
      { node: "add" },
      ADD,
    );
    expect(chainOf(listed.graph)).toEqual({
      refusal: "What goes into add is not one whole output in its first argument.",
    });
  });

  it("becomes a Sequential and back; what is none stays Functional", () => {
    const sequential = setGraphClass(drawChain(), "Sequential");
    expect(sequential.graph.class_name).toBe("Sequential");
    expect(setGraphClass(sequential, "Functional").graph.class_name).toBe("Functional");
    const shared = addCall(drawChain(), "dense", { x: 0, y: 0 }).document;
    expect(setGraphClass(shared, "Sequential")).toBe(shared);
  });

  it("takes a layer into an edge, loses its last, and closes over one that goes", () => {
    const inserted = insertOnEdge(drawChain(), DENSE, "e2", { x: 0, y: 216 });
    expect(inserted && edgesOf(inserted.document)).toEqual([
      "dense → dense_2",
      "dense_2 → dense_1",
      "input_layer → dense",
    ]);
    const positions = inserted?.document.layout.positions ?? {};
    expect(positions.dense_1?.y).toBeGreaterThanOrEqual((positions.dense_2?.y ?? 0) + 144);
    expect(insertOnEdge(drawChain(), INPUT, "e2", { x: 0, y: 0 })).toBeNull();
    expect(edgesOf(popLast(drawChain()))).toEqual(["input_layer → dense"]);
    expect(edgesOf(removePieces(bridge(drawChain(), "dense"), new Set(["dense"])))).toEqual([
      "input_layer → dense_1",
    ]);
  });
});

describe("the ends of a graph", () => {
  const two = addLayer(addLayer(drawChain(), INPUT, { x: 400, y: 0 }).document, DENSE, {
    x: 400,
    y: 144,
  }).document;

  it("have an order that can be changed, and is unsaid again where the drawing says the same", () => {
    const moved = moveEnd(two, "inputs", 0, 1, null);
    expect(moved.graph.inputs?.map(({ node }) => node)).toEqual(["input_layer_1", "input_layer"]);
    expect(moveEnd(moved, "inputs", 1, 0, null).graph.inputs).toBeNull();
    const more = addLayer(moved, INPUT, { x: 0, y: 0 }).document;
    expect(more.graph.inputs).toHaveLength(3);
    expect(deriveEnds(more, "inputs").graph.inputs).toBeNull();
  });

  it("can be tensors inside the graph, and never become none", () => {
    const chain = drawChain();
    const more = addOutput(chain, { node: "dense", output: 0 }, null);
    expect(more.graph.outputs?.map(({ node }) => node)).toEqual(["dense_1", "dense"]);
    expect(removeOutput(more, 1, null).graph.outputs).toBeNull();
    expect(removeOutput(chain, 0, null)).toBe(chain);
  });
});

describe("sharing", () => {
  const shared = addCall(drawChain(), "dense", { x: 0, y: 0 }).document;

  it("numbers the calls of a layer and ties them by a colour", () => {
    expect(callPlace(shared.graph, "dense_call_2")).toEqual({ number: 2, of: 2 });
    expect([sharedIndex(shared.graph, "dense"), sharedIndex(shared.graph, "dense_1")]).toEqual([0, null]);
  });

  it("ends for a call that gets a layer of its own", () => {
    const apart = unshareCall(shared, "dense_call_2");
    expect(apart.graph.nodes.at(-1)).toMatchObject({ id: "dense_call_2", layer: "dense_2" });
    expect(apart.graph.layers.at(-1)).toMatchObject({ id: "dense_2", class_name: "Dense" });
    expect(unshareCall(apart, "dense_call_2")).toBe(apart);
  });
});

describe("groups and notes", () => {
  it("are made, renamed, grown and taken away, and a node is in one group at most", () => {
    const chosen = new Set(["dense", "dense_1"]);
    const first = groupNodes(drawChain(), chosen);
    if (!first) throw new Error("no group");
    const second = groupNodes(first.document, new Set(["dense"]), "Two");
    expect(second?.document.graph.groups).toEqual([
      { id: "group", title: "Group", nodes: ["dense_1"] },
      { id: "group_1", title: "Two", nodes: ["dense"] },
    ]);
    const grown = addToGroup(first.document, "group", new Set(["input_layer"]));
    expect(grown.graph.groups[0]?.nodes).toEqual(["dense", "dense_1", "input_layer"]);
    expect(renameGroup(grown, "group", "Encoder").graph.groups[0]?.title).toBe("Encoder");
    expect(ungroup(grown, new Set(["group"])).graph.groups).toEqual([]);
    expect(groupNodes(drawChain(), new Set(["gone"]))).toBeNull();
  });

  it("are copied with what they frame, and deleted without it", () => {
    const grouped = groupNodes(drawChain(), new Set(["dense", "dense_1"]))?.document ?? EMPTY_DOCUMENT;
    const noted = writeOnNote(addNote(grouped, { x: 5, y: 6 }).document, "note", "why");
    const fragment = copyPieces(noted, new Set(["dense", "dense_1"]), new Set(["note"]));
    const { document, noteIds } = pastePieces(noted, fragment, { x: 10, y: 10 });
    expect(document.graph.groups[1]).toEqual({
      id: "group_1",
      title: "Group",
      nodes: ["dense_2", "dense_3"],
    });
    expect(document.graph.notes[1]).toEqual({ id: "note_1", text: "why" });
    expect(document.layout.positions.note_1).toEqual({ x: 15, y: 16 });
    const removed = removeMarks(document, new Set(["group"]), new Set(noteIds));
    expect(removed.graph.groups.map(({ id }) => id)).toEqual(["group_1"]);
    expect(removed.graph.notes.map(({ id }) => id)).toEqual(["note"]);
    expect(removed.layout.positions.note_1).toBeUndefined();
    expect(removed.graph.nodes).toBe(document.graph.nodes);
  });
});

describe("the slots of a call", () => {
  it("are the inputs of the model inside, one by one, and keep their places when one is let go", () => {
    let inner = addLayer(EMPTY_DOCUMENT, INPUT, { x: 0, y: 0 }).document;
    inner = addLayer(inner, INPUT, { x: 0, y: 0 }).document;
    const layer = { id: "m", class_name: "Functional", config: {}, trainable: true, graph: inner.graph };
    expect(slotsOf(layer, undefined).map(({ name, member }) => [name, member])).toEqual([
      ["input_layer", 0],
      ["input_layer_1", 1],
    ]);
    const outer = drawChain();
    const graph = {
      ...outer.graph,
      layers: [...outer.graph.layers, layer],
      nodes: [...outer.graph.nodes, { id: "m", layer: "m", arguments: {} }],
    };
    let document = connect({ ...outer, graph }, { node: "dense", output: 0 }, { node: "m" }, undefined);
    document = connect(document, { node: "dense_1", output: 0 }, { node: "m" }, undefined);
    expect(document.graph.edges.slice(2).map(({ path }) => path)).toEqual([[0], [1]]);
    const left = removePieces(document, new Set(), new Set(["e3"]));
    expect(left.graph.edges.at(-1)).toMatchObject({ source: "dense_1", path: [1] });
  });
});
