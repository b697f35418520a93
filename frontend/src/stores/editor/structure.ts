/** Gestures that change how the drawing is put together: nesting, sharing, groups, notes, its ends and its class. */
import type { Entry, Graph, Position, TensorReference } from "@/api/types";
import { dissolveModel } from "@/graph/dissolve";
import { addOutput, deriveEnds, type EndKind, moveEnd, removeOutput } from "@/graph/ends";
import { setTrainableOf } from "@/graph/freezing";
import { addNote, addToGroup, groupNodes, renameGroup, ungroup, writeOnNote } from "@/graph/groups";
import { nestPieces, type Outcome } from "@/graph/nest";
import { popLast, setGraphClass } from "@/graph/sequential";
import { unshareCall } from "@/graph/sharing";
import { wrapModel } from "@/graph/wrapping";
import {
  choose,
  editOpen,
  finishGesture,
  openDocument,
  selectPieces,
  useEditor,
  writeNote,
} from "@/stores/editor/editorStore";
import { notifyRefusal } from "@/ui/notifications";

function take(outcome: Outcome, title: string): boolean {
  if ("refusal" in outcome) {
    notifyRefusal(title, outcome.refusal);
    return false;
  }
  editOpen(() => outcome.document);
  selectPieces(outcome.nodeIds);
  return true;
}

/** Makes a model of the chosen nodes; where that cannot be it says why. */
export function nestSelection(): boolean {
  const { selectedNodes, open } = useEditor.getState();
  return take(nestPieces(open.document, selectedNodes, open.check), "This selection cannot become a model");
}

/** Puts the layers of the model that a node calls in the place of all its calls; where that cannot be it says why. */
export function dissolveNode(nodeId: string): boolean {
  const { open } = useEditor.getState();
  return take(dissolveModel(open.document, nodeId, open.check), "This cannot be dissolved");
}

/** Puts a wrapper around a layer's model, or takes it off. */
export function changeWrapper(layerId: string, entry: Entry | null): void {
  editOpen((document) => wrapModel(document, layerId, entry));
}

/** Gives a call a layer of its own, with weights of its own. */
export function makeIndependent(nodeId: string): void {
  editOpen((document) => unshareCall(document, nodeId));
}

export function groupSelection(): void {
  const made = groupNodes(openDocument(), useEditor.getState().selectedNodes);
  if (!made) return;
  editOpen(() => made.document);
  choose({ groups: [made.id] });
}

export function addSelectionToGroup(groupId: string): void {
  const { selectedNodes } = useEditor.getState();
  editOpen((document) => addToGroup(document, groupId, selectedNodes));
  choose({ groups: [groupId] });
}

/** Takes the chosen frames away and chooses the nodes that were in them. */
export function ungroupSelection(): void {
  const { selectedGroups } = useEditor.getState();
  const groups = openDocument().graph.groups.filter(({ id }) => selectedGroups.has(id));
  editOpen((document) => ungroup(document, selectedGroups));
  selectPieces(groups.flatMap(({ nodes }) => nodes));
}

export function changeGroupTitle(groupId: string, title: string): void {
  editOpen((document) => renameGroup(document, groupId, title), `title ${groupId}`);
}

/** Puts an empty note on the canvas and begins to write it. */
export function addNoteAt(place: Position): void {
  const made = addNote(openDocument(), place);
  editOpen(() => made.document, `note ${made.id}`);
  choose({ notes: [made.id] });
  writeNote(made.id);
}

export function changeNote(noteId: string, text: string): void {
  editOpen((document) => writeOnNote(document, noteId, text), `note ${noteId}`);
}

export function finishNote(): void {
  finishGesture();
  writeNote(null);
}

/** Trains, or freezes, the layers that these nodes call. */
export function changeTrainableOf(nodeIds: Iterable<string>, trainable: boolean): void {
  const chosen = [...nodeIds];
  editOpen((document) => setTrainableOf(document, chosen, trainable));
}

export function moveGraphEnd(kind: EndKind, from: number, to: number): void {
  const { check } = useEditor.getState().open;
  editOpen((document) => moveEnd(document, kind, from, to, check));
}

export function addGraphOutput(tensor: TensorReference): void {
  const { check } = useEditor.getState().open;
  editOpen((document) => addOutput(document, tensor, check));
}

export function removeGraphOutput(index: number): void {
  const { check } = useEditor.getState().open;
  editOpen((document) => removeOutput(document, index, check));
}

export function deriveGraphEnds(kind: EndKind): void {
  editOpen((document) => deriveEnds(document, kind));
}

export function changeGraphClass(className: Graph["class_name"]): void {
  editOpen((document) => setGraphClass(document, className));
}

export function popLastLayer(): void {
  editOpen(popLast);
}
