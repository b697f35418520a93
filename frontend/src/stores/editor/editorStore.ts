/** The model that is being edited: its document with undo, what is chosen, what is saved, what the check found. */
import { create } from "zustand";
import type { CheckResult, DraftPublic } from "@/api/types";
import { type Document, EMPTY_DOCUMENT, indexGraph } from "@/graph/document";
import { endGesture, type History, recordStep, redoStep, startHistory, undoStep } from "@/graph/history";
import { type GraphPath, OUTERMOST, placeOfChange, reachablePath, updateAt } from "@/graph/nesting";
import { type OpenGraph, openAt, readCheck } from "@/stores/editor/openGraph";

/** `refused`: the server does not accept the draft as it is. `conflict`: somebody else saved another one meanwhile. */
export type SaveStatus = "saved" | "unsaved" | "saving" | "retrying" | "refused" | "conflict";

export interface EditorState {
  readonly modelId: string | null;
  /** The whole document, with the graphs inside its layers: one history for all of them. */
  readonly history: History<Document>;
  /** The graph on the canvas: the outermost one, or the one inside a layer. */
  readonly open: OpenGraph;
  /** What is chosen on the canvas, by id within the open graph. */
  readonly selectedNodes: ReadonlySet<string>;
  readonly selectedEdges: ReadonlySet<string>;
  readonly selectedGroups: ReadonlySet<string>;
  readonly selectedNotes: ReadonlySet<string>;
  /** The note that is being written. */
  readonly writtenNote: string | null;
  /** The layer whose calls are marked, because the pointer is over one of them. */
  readonly pointedLayer: string | null;
  /** A number for each node, to colour the canvas by. */
  readonly heat: Heat | null;
  /** What the canvas should bring into view, all of the drawing for null; `request` makes equal requests differ. */
  readonly focus: { readonly nodeId: string | null; readonly request: number } | null;
  readonly saved: Document;
  readonly revision: number;
  readonly saveStatus: SaveStatus;
  readonly saveError: unknown;
  /** What Keras says of the whole document; `open` has the part that is on the canvas. */
  readonly check: CheckResult | null;
  readonly checkError: unknown;
}

/**
 * A number for each node of the open graph: who sets it sets it anew when another graph is opened. `label` says what it
 * is, `unit` in what it is counted, `total` what the shares are of, where that is not the sum (a shared layer's
 * parameters stand at each of its calls).
 */
export interface Heat {
  readonly label: string;
  readonly unit: string;
  readonly values: Readonly<Record<string, number>>;
  readonly total?: number;
}

const NOTHING: ReadonlySet<string> = new Set();
const NO_SELECTION = {
  selectedNodes: NOTHING,
  selectedEdges: NOTHING,
  selectedGroups: NOTHING,
  selectedNotes: NOTHING,
  writtenNote: null,
};

function openState(modelId: string | null, document: Document, revision: number): EditorState {
  return {
    modelId,
    history: startHistory(document),
    open: openAt(null, document, OUTERMOST, null),
    ...NO_SELECTION,
    pointedLayer: null,
    heat: null,
    focus: null,
    saved: document,
    revision,
    saveStatus: "saved",
    saveError: null,
    check: null,
    checkError: null,
  };
}

export const useEditor = create<EditorState>()(() => openState(null, EMPTY_DOCUMENT, 0));

/** The whole document. */
export function currentDocument(): Document {
  return useEditor.getState().history.present;
}

/** The graph on the canvas, and where its nodes stand. */
export function openDocument(): Document {
  return useEditor.getState().open.document;
}

/** Shows a model's draft as the server has it; undo starts anew. */
export function openDraft(modelId: string, draft: DraftPublic): void {
  useEditor.setState(openState(modelId, { graph: draft.graph, layout: draft.layout }, draft.revision));
}

export function closeDraft(): void {
  useEditor.setState(openState(null, EMPTY_DOCUMENT, 0));
}

/** One change of the whole document, and one step for undo. Changes in a row with one `gesture` are one step. */
export function editDocument(change: (document: Document) => Document, gesture: string | null = null): void {
  useEditor.setState((state) =>
    withHistory(state, recordStep(state.history, change(state.history.present), gesture)),
  );
}

/** One change of the graph on the canvas, and one step for undo, as `editDocument`. */
export function editOpen(change: (inner: Document) => Document, gesture: string | null = null): void {
  const { path, document } = useEditor.getState().open;
  const changed = change(document);
  if (changed === document) return;
  editDocument((whole) => updateAt(whole, path, () => changed), gesture && `${path.join("/")} ${gesture}`);
}

export function undo(): void {
  travel(undoStep);
}

export function redo(): void {
  travel(redoStep);
}

/** Goes a step back or forth, and to the graph where it changes something: nobody should undo what they do not see. */
function travel(step: (history: History<Document>) => History<Document>): void {
  useEditor.setState((state) => {
    const history = step(state.history);
    if (history === state.history) return {};
    const path = placeOfChange(state.history.present, history.present);
    return withHistory(state, history, path.length === 0 && state.open.path.length === 0 ? undefined : path);
  });
}

/** The field was left: typing into it again is a step of its own. */
export function finishGesture(): void {
  useEditor.setState((state) => ({ history: endGesture(state.history) }));
}

function withHistory(
  state: EditorState,
  history: History<Document>,
  path: GraphPath = state.open.path,
): Partial<EditorState> {
  if (history === state.history) return {};
  const { present } = history;
  const unsaved = isBeforeSave(state.saveStatus) ? "unsaved" : state.saveStatus;
  const open = openAt(state.open, present, reachablePath(present.graph, path), state.check);
  const isSamePlace = open.path === state.open.path || open.path.join() === state.open.path.join();
  return {
    history,
    open,
    saveStatus: present === state.saved && state.saveStatus === "unsaved" ? "saved" : unsaved,
    ...(isSamePlace
      ? keepSelection(state, open.document)
      : { ...NO_SELECTION, ...requestedView(state, null) }),
  };
}

function keepSelection(state: EditorState, { graph }: Document): Partial<EditorState> {
  return {
    selectedNodes: keepPresent(state.selectedNodes, graph.nodes),
    selectedEdges: keepPresent(state.selectedEdges, graph.edges),
    selectedGroups: keepPresent(state.selectedGroups, graph.groups),
    selectedNotes: keepPresent(state.selectedNotes, graph.notes),
  };
}

/** Shows the graph at a path, or as far as the path leads, with nothing chosen in it. */
export function openGraph(path: GraphPath): void {
  useEditor.setState((state) => {
    const reached = reachablePath(state.history.present.graph, path);
    if (reached.join() === state.open.path.join()) return {};
    const open = openAt(state.open, state.history.present, reached, state.check);
    return { open, ...NO_SELECTION, ...requestedView(state, null) };
  });
}

/** Opens the graph inside the layer that a node calls; says whether there is one. */
export function openNode(nodeId: string): boolean {
  const { path, document } = useEditor.getState().open;
  const { nodes, layers } = indexGraph(document.graph);
  const layer = layers.get(nodes.get(nodeId)?.layer ?? "");
  if (!layer?.graph) return false;
  openGraph([...path, layer.id]);
  return true;
}

/** Goes out to the graph that the open one stands in, and chooses a node that calls it. */
export function closeGraph(): void {
  const { path } = useEditor.getState().open;
  const inner = path.at(-1);
  if (inner === undefined) return;
  openGraph(path.slice(0, -1));
  const [call] = indexGraph(openDocument().graph).calls.get(inner) ?? [];
  if (call) selectPieces([call.id]);
}

/** Keeps what Keras says of the whole document. */
export function noteCheck(check: CheckResult): void {
  useEditor.setState((state) => ({
    check,
    checkError: null,
    open: { ...state.open, ...readCheck(check, state.open.document.graph, state.open.path) },
  }));
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

export interface Selection {
  readonly nodes?: Iterable<string>;
  readonly edges?: Iterable<string>;
  readonly groups?: Iterable<string>;
  readonly notes?: Iterable<string>;
}

/** Chooses these pieces of the open graph, and nothing else. */
export function choose({ nodes = [], edges = [], groups = [], notes = [] }: Selection): void {
  useEditor.setState({
    selectedNodes: new Set(nodes),
    selectedEdges: new Set(edges),
    selectedGroups: new Set(groups),
    selectedNotes: new Set(notes),
  });
}

export function selectPieces(nodes: Iterable<string>, edges: Iterable<string> = []): void {
  choose({ nodes, edges });
}

/** Begins or ends writing a note in its place on the canvas. */
export function writeNote(noteId: string | null): void {
  useEditor.setState({ writtenNote: noteId });
}

/** Marks the calls of a layer on the canvas. */
export function pointAtLayer(layerId: string | null): void {
  useEditor.setState({ pointedLayer: layerId });
}

/** Colours the canvas by a number for each node; null takes the colours away. */
export function setHeat(heat: Heat | null): void {
  useEditor.setState({ heat });
}

/** Chooses a node and asks the canvas to bring it into view; with `path`, in the graph there. */
export function focusNode(nodeId: string, path: GraphPath = useEditor.getState().open.path): void {
  openGraph(path);
  selectPieces([nodeId]);
  useEditor.setState((state) => requestedView(state, nodeId));
}

/** Asks the canvas to show all of the drawing. */
export function showAll(): void {
  useEditor.setState((state) => requestedView(state, null));
}

function requestedView({ focus }: EditorState, nodeId: string | null): Pick<EditorState, "focus"> {
  return { focus: { nodeId, request: (focus?.request ?? 0) + 1 } };
}
