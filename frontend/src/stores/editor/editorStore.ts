/** The model that is being edited: its document with undo, what is chosen, what is saved, what the check found. */
import { create } from "zustand";
import type { CheckResult, DraftPublic } from "@/api/types";
import { type Document, EMPTY_GRAPH } from "@/graph/document";
import { endGesture, type History, recordStep, redoStep, startHistory, undoStep } from "@/graph/history";
import { type GraphIssues, NO_ISSUES } from "@/graph/issues";

/** `refused`: the server does not accept the draft as it is. `conflict`: somebody else saved another one meanwhile. */
export type SaveStatus = "saved" | "unsaved" | "saving" | "retrying" | "refused" | "conflict";

export interface EditorState {
  readonly modelId: string | null;
  readonly history: History<Document>;
  readonly selectedNodes: ReadonlySet<string>;
  readonly selectedEdges: ReadonlySet<string>;
  /** What the canvas should bring into view, all of the drawing for null; `request` makes equal requests differ. */
  readonly focus: { readonly nodeId: string | null; readonly request: number } | null;
  readonly saved: Document;
  readonly revision: number;
  readonly saveStatus: SaveStatus;
  readonly saveError: unknown;
  readonly check: CheckResult | null;
  readonly issues: GraphIssues;
  readonly checkError: unknown;
}

const NOTHING: ReadonlySet<string> = new Set();
const BLANK: Document = { graph: EMPTY_GRAPH, layout: { positions: {} } };

function openState(modelId: string | null, document: Document, revision: number): EditorState {
  return {
    modelId,
    history: startHistory(document),
    selectedNodes: NOTHING,
    selectedEdges: NOTHING,
    focus: null,
    saved: document,
    revision,
    saveStatus: "saved",
    saveError: null,
    check: null,
    issues: NO_ISSUES,
    checkError: null,
  };
}

export const useEditor = create<EditorState>()(() => openState(null, BLANK, 0));

export function currentDocument(): Document {
  return useEditor.getState().history.present;
}

/** Shows a model's draft as the server has it; undo starts anew. */
export function openDraft(modelId: string, draft: DraftPublic): void {
  useEditor.setState(openState(modelId, { graph: draft.graph, layout: draft.layout }, draft.revision));
}

export function closeDraft(): void {
  useEditor.setState(openState(null, BLANK, 0));
}

/** One change of the document, and one step for undo. Changes in a row with one `gesture` are one step. */
export function editDocument(change: (document: Document) => Document, gesture: string | null = null): void {
  useEditor.setState((state) =>
    withHistory(state, recordStep(state.history, change(state.history.present), gesture)),
  );
}

export function undo(): void {
  useEditor.setState((state) => withHistory(state, undoStep(state.history)));
}

export function redo(): void {
  useEditor.setState((state) => withHistory(state, redoStep(state.history)));
}

/** The field was left: typing into it again is a step of its own. */
export function finishGesture(): void {
  useEditor.setState((state) => ({ history: endGesture(state.history) }));
}

function withHistory(state: EditorState, history: History<Document>): Partial<EditorState> {
  if (history === state.history) return {};
  const { present } = history;
  const unsaved = isBeforeSave(state.saveStatus) ? "unsaved" : state.saveStatus;
  return {
    history,
    saveStatus: present === state.saved && state.saveStatus === "unsaved" ? "saved" : unsaved,
    selectedNodes: keepPresent(state.selectedNodes, present.graph.nodes),
    selectedEdges: keepPresent(state.selectedEdges, present.graph.edges),
  };
}

function isBeforeSave(status: SaveStatus): boolean {
  return status === "saved" || status === "refused";
}

function keepPresent(chosen: ReadonlySet<string>, pieces: readonly { id: string }[]): ReadonlySet<string> {
  if (chosen.size === 0) return chosen;
  const present = new Set(pieces.map(({ id }) => id));
  const kept = new Set([...chosen].filter((id) => present.has(id)));
  return kept.size === chosen.size ? chosen : kept;
}

export function selectPieces(nodes: Iterable<string>, edges: Iterable<string> = []): void {
  useEditor.setState({ selectedNodes: new Set(nodes), selectedEdges: new Set(edges) });
}

/** Chooses a node and asks the canvas to bring it into view. */
export function focusNode(nodeId: string): void {
  selectPieces([nodeId]);
  requestView(nodeId);
}

/** Asks the canvas to show all of the drawing. */
export function showAll(): void {
  requestView(null);
}

function requestView(nodeId: string | null): void {
  useEditor.setState(({ focus }) => ({ focus: { nodeId, request: (focus?.request ?? 0) + 1 } }));
}
