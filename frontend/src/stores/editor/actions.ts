/** What a person does to the drawing: each function is one gesture and one step for undo. */
import type { Argument, Entry, Position } from "@/api/types";
import { arrangeNodes, findFreePosition, moveNodes, NODE_SIZE } from "@/graph/arrange";
import { type CallEnd, connect, disconnect, moveListMember, type TensorEnd } from "@/graph/connections";
import { findLayerOf, positionOf } from "@/graph/document";
import { addCall, addLayer, renameLayer, setArgument, setTrainable } from "@/graph/layers";
import { copyPieces, type Fragment, pastePieces, removePieces } from "@/graph/pieces";
import { currentDocument, editDocument, selectPieces, showAll, useEditor } from "@/stores/editor/editorStore";
import { findEntry } from "@/stores/editor/entries";
import { noteUse } from "@/stores/editor/recentlyUsed";

const PASTE_STEP = 36;
const GAP_BELOW = 56;

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

/** Puts a new layer below a node and leads that node's first output into it. */
export function addBelow(entry: Entry, above: string): string {
  const document = currentDocument();
  const { x, y } = positionOf(document.layout, above);
  const place = findFreePosition(document, { x, y: y + NODE_SIZE.height + GAP_BELOW });
  const added = addLayer(document, entry, place);
  editDocument(() => connect(added.document, { node: above, output: 0 }, { node: added.nodeId }, entry));
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

/** Lays the whole drawing out anew and shows all of it. */
export function arrangeAll(): void {
  editDocument(arrangeNodes);
  showAll();
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
