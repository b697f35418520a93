/** What a person does to the drawing: each function is one gesture and one step for undo. */
import type { Argument, Entry, Position } from "@/api/types";
import { arrangeNodes, findFreePosition, moveNodes, NODE_SIZE, type Size } from "@/graph/arrange";
import { type CallEnd, connect, disconnect, moveListMember, type TensorEnd } from "@/graph/connections";
import { findLayerOf, positionOf } from "@/graph/document";
import { addCall, addLayer, renameLayer, setArgument, setTrainable } from "@/graph/layers";
import { copyPieces, type Fragment, pastePieces, removePieces } from "@/graph/pieces";
import { currentDocument, editDocument, selectPieces, useEditor } from "@/stores/editor/editorStore";
import { findEntry } from "@/stores/editor/entries";
import { noteUse } from "@/stores/editor/recentlyUsed";

const PASTE_STEP = 36;

// Copied pieces stay while another model is opened, so that they can be pasted there.
let clipboard: Fragment | null = null;
let pastes = 0;

/** Puts a new layer on the canvas and chooses it. */
export function addFromPalette(entry: Entry, place: Position): string {
  const document = currentDocument();
  const added = addLayer(document, entry, findFreePosition(document, place));
  editDocument(() => added.document);
  selectPieces([added.nodeId]);
  noteUse(entry.class_name);
  return added.nodeId;
}

/** Calls a layer once more, beside the given call: its weights are then shared. */
export function callAgain(layerId: string, besideNode: string): void {
  const document = currentDocument();
  const { x, y } = positionOf(document.layout, besideNode);
  const place = findFreePosition(document, { x: x + NODE_SIZE.width + PASTE_STEP, y });
  const added = addCall(document, layerId, place);
  editDocument(() => added.document);
  selectPieces([added.nodeId]);
}

export function connectNodes(from: TensorEnd, to: CallEnd): void {
  const entry = findEntry(findLayerOf(currentDocument().graph, to.node)?.class_name);
  editDocument((document) => connect(document, from, to, entry));
}

export function disconnectEdges(edgeIds: Iterable<string>): void {
  editDocument((document) => disconnect(document, new Set(edgeIds)));
}

export function moveMember(edgeId: string, index: number): void {
  editDocument((document) => moveListMember(document, edgeId, index));
}

export function dragNodes(moved: Readonly<Record<string, Position>>): void {
  editDocument((document) => moveNodes(document, moved));
}

/** Moves the chosen nodes by a distance; repeated presses of an arrow key are one step. */
export function nudgeSelection(by: Position): void {
  const { selectedNodes } = useEditor.getState();
  editDocument((document) => {
    const moved = [...selectedNodes].map((id) => {
      const { x, y } = positionOf(document.layout, id);
      return [id, { x: x + by.x, y: y + by.y }] as const;
    });
    return moveNodes(document, Object.fromEntries(moved));
  }, "nudge");
}

export function arrangeAll(sizes: ReadonlyMap<string, Size>): void {
  editDocument((document) => arrangeNodes(document, sizes));
}

export function deleteSelection(): void {
  const { selectedNodes, selectedEdges } = useEditor.getState();
  editDocument((document) => removePieces(document, selectedNodes, selectedEdges));
}

export function selectAll(): void {
  const { graph } = currentDocument();
  selectPieces(
    graph.nodes.map(({ id }) => id),
    graph.edges.map(({ id }) => id),
  );
}

export function copySelection(): void {
  const { selectedNodes } = useEditor.getState();
  if (selectedNodes.size === 0) return;
  clipboard = copyPieces(currentDocument(), selectedNodes);
  pastes = 0;
}

export function cutSelection(): void {
  copySelection();
  deleteSelection();
}

/** Pastes what was copied, each time a little further down. */
export function pasteClipboard(): void {
  if (!clipboard) return;
  pastes += 1;
  paste(clipboard, pastes * PASTE_STEP);
}

export function duplicateSelection(): void {
  const { selectedNodes } = useEditor.getState();
  if (selectedNodes.size > 0) paste(copyPieces(currentDocument(), selectedNodes), PASTE_STEP);
}

function paste(fragment: Fragment, step: number): void {
  const { document, nodeIds } = pastePieces(currentDocument(), fragment, { x: step, y: step });
  editDocument(() => document);
  selectPieces(nodeIds);
}

export function changeArgument(layerId: string, argument: Argument, value: unknown): void {
  editDocument(
    (document) => setArgument(document, layerId, argument, value),
    `argument ${layerId} ${argument.name}`,
  );
}

export function changeName(layerId: string, name: string): void {
  editDocument((document) => renameLayer(document, layerId, name), `name ${layerId}`);
}

export function changeTrainable(layerId: string, trainable: boolean): void {
  editDocument((document) => setTrainable(document, layerId, trainable));
}
