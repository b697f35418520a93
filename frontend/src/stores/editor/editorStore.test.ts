import { beforeEach, describe, expect, it } from "vitest";
import { EMPTY_GRAPH } from "@/graph/document";
import { DENSE, makeArgument } from "@/graph/exampleEntries";
import { addLayer, setArgument } from "@/graph/layers";
import { removePieces } from "@/graph/pieces";
import {
  currentDocument,
  editDocument,
  finishGesture,
  openDraft,
  redo,
  selectPieces,
  undo,
  useEditor,
} from "@/stores/editor/editorStore";

const UNITS = makeArgument("units", { required: true });

function typeUnits(value: number): void {
  editDocument((document) => setArgument(document, "dense", UNITS, value), "argument dense units");
}

function unitsNow(): unknown {
  return currentDocument().graph.layers[0]?.config.units;
}

beforeEach(() => {
  openDraft("m", { graph: EMPTY_GRAPH, layout: { positions: {}, nested: {} }, revision: 1, hash: "" });
  editDocument((document) => addLayer(document, DENSE, { x: 0, y: 0 }).document);
});

describe("editing", () => {
  it("makes typing into one field one step for undo", () => {
    typeUnits(1);
    typeUnits(12);
    typeUnits(128);
    undo();
    expect(unitsNow()).toBe(32);
    redo();
    expect(unitsNow()).toBe(128);
  });

  it("begins a new step when the field was left in between", () => {
    typeUnits(1);
    finishGesture();
    typeUnits(2);
    undo();
    expect(unitsNow()).toBe(1);
  });

  it("forgets that pieces are chosen when they are gone", () => {
    selectPieces(["dense"]);
    editDocument((document) => removePieces(document, new Set(["dense"])));
    expect([...useEditor.getState().selectedNodes]).toEqual([]);
  });

  it("counts as saved again when everything is undone", () => {
    expect(useEditor.getState().saveStatus).toBe("unsaved");
    undo();
    expect(useEditor.getState().saveStatus).toBe("saved");
  });

  it("starts with an empty history when another model is opened", () => {
    openDraft("other", { graph: EMPTY_GRAPH, layout: { positions: {}, nested: {} }, revision: 7, hash: "" });
    undo();
    expect(useEditor.getState()).toMatchObject({ modelId: "other", revision: 7, saveStatus: "saved" });
    expect(currentDocument().graph.nodes).toEqual([]);
  });
});
