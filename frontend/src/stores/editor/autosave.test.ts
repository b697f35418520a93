import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ProblemError } from "@/api/problem";
import type { DraftPublic } from "@/api/types";
import { EMPTY_GRAPH } from "@/graph/document";
import { DENSE, INPUT } from "@/graph/exampleEntries";
import { addLayer } from "@/graph/layers";
import { hasUnsavedChanges, keepMine, saveNow, startAutosave, takeTheirs } from "@/stores/editor/autosave";
import {
  closeDraft,
  currentDocument,
  editDocument,
  openDraft,
  undo,
  useEditor,
} from "@/stores/editor/editorStore";

/** What the server does with drafts: keeps one, counts its revisions, refuses a stale `If-Match`, and can be away. */
class DraftServer {
  draft: DraftPublic = { graph: EMPTY_GRAPH, layout: { positions: {}, nested: {} }, revision: 1, hash: "" };
  isAway = false;
  saves = 0;

  readonly fetch = async (request: Request): Promise<Response> => {
    if (this.isAway) throw new TypeError("fetch failed");
    if (request.method === "GET") return Response.json(this.draft);
    if (request.headers.get("If-Match") !== `"${this.draft.revision}"`) {
      const problem = {
        type: "/problems/stale",
        title: "Stale",
        status: 412,
        detail: "Changed meanwhile.",
        issues: [],
      };
      return Response.json(problem, { status: 412 });
    }
    this.saves += 1;
    this.draft = { ...(await request.json()), revision: this.draft.revision + 1, hash: "" };
    return Response.json(this.draft);
  };

  changeElsewhere(): void {
    const { graph, layout } = addLayer(this.draft, INPUT, { x: 0, y: 0 }).document;
    this.draft = { graph, layout, revision: this.draft.revision + 1, hash: "" };
  }
}

let server: DraftServer;

function addDense(): void {
  editDocument((document) => addLayer(document, DENSE, { x: 0, y: 0 }).document);
}

function nodesOf(document: { graph: DraftPublic["graph"] }): string[] {
  return document.graph.nodes.map(({ id }) => id);
}

beforeEach(() => {
  server = new DraftServer();
  vi.stubGlobal("fetch", server.fetch);
  openDraft("m", server.draft);
});

afterEach(() => {
  closeDraft();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("saving", () => {
  it("sends what is not saved yet, and nothing else", async () => {
    await saveNow();
    expect(server.saves).toBe(0);
    addDense();
    expect(useEditor.getState().saveStatus).toBe("unsaved");
    await saveNow();
    expect(nodesOf(server.draft)).toEqual(["dense"]);
    expect(useEditor.getState()).toMatchObject({ saveStatus: "saved", revision: 2 });
  });

  it("also saves what changed while it was saving", async () => {
    addDense();
    const saving = saveNow();
    addDense();
    await saving;
    expect(nodesOf(server.draft)).toEqual(["dense", "dense_1"]);
    expect(hasUnsavedChanges()).toBe(false);
  });

  it("is done by itself a moment after the last change", async () => {
    const stop = startAutosave();
    addDense();
    addDense();
    await vi.waitFor(() => expect(useEditor.getState().saveStatus).toBe("saved"), { timeout: 5_000 });
    expect(server.saves).toBe(1);
    stop();
  });

  it("goes on trying while the server is away, and loses nothing", async () => {
    server.isAway = true;
    const stop = startAutosave();
    addDense();
    await vi.waitFor(() => expect(useEditor.getState().saveStatus).toBe("retrying"), { timeout: 5_000 });
    addDense();
    server.isAway = false;
    await vi.waitFor(() => expect(useEditor.getState().saveStatus).toBe("saved"), { timeout: 5_000 });
    expect(nodesOf(server.draft)).toEqual(["dense", "dense_1"]);
    stop();
  });
});

describe("a draft that was changed elsewhere", () => {
  async function conflict(): Promise<void> {
    server.changeElsewhere();
    addDense();
    await expect(saveNow()).rejects.toBeInstanceOf(ProblemError);
    expect(useEditor.getState().saveStatus).toBe("conflict");
    expect(nodesOf(server.draft)).toEqual(["input_layer"]);
  }

  it("is replaced only when the person says so", async () => {
    await conflict();
    await keepMine();
    expect(nodesOf(server.draft)).toEqual(["dense"]);
    expect(useEditor.getState().saveStatus).toBe("saved");
  });

  it("is taken over when the person says so, and undo brings the own one back", async () => {
    await conflict();
    await takeTheirs();
    expect(nodesOf(currentDocument())).toEqual(["input_layer"]);
    expect(useEditor.getState().saveStatus).toBe("saved");
    undo();
    expect(nodesOf(currentDocument())).toEqual(["dense"]);
    expect(hasUnsavedChanges()).toBe(true);
  });
});
