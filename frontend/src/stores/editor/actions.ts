/** What a person does to the drawing: each function is one gesture and one step for undo. */
import type { Argument, CallArgument, Entry, Position } from "@/api/types";
import { arrangeNodes, findFreePosition, findPlaceBeside, moveNodes, NODE_SIZE } from "@/graph/arrange";
import { setConstant } from "@/graph/callConstants";
import { type CallEnd, connect, disconnect, moveListMember, type TensorEnd } from "@/graph/connections";
import { positionOf } from "@/graph/document";
import { addCall, addLayer, renameLayer, setArgument, setTrainable } from "@/graph/layers";
import { copyPieces, type Fragment, pastePieces, removeMarks, removePieces } from "@/graph/pieces";
import { bridge, insertOnEdge, lastOf } from "@/graph/sequential";
import {
  choose,
  editOpen,
  openDocument,
  selectPieces,
  showAll,
  useEditor,
} from "@/stores/editor/editorStore";
import { findEntryOfNode } from "@/stores/editor/entries";
import { noteUse } from "@/stores/editor/recentlyUsed";

const PASTE_STEP = 36;
const GAP_BELOW = 56;

// Copied pieces stay while another model is opened, so that they can be pasted there.
let clipboard: Fragment | null = null;
let pastes = 0;

/** Puts a new layer on the canvas and chooses it. */
export function addFromPalette(entry: Entry, place: Position): string {
  const document = openDocument();
  const added = addLayer(document, entry, findFreePosition(document, place));
  editOpen(() => added.document);
  selectPieces([added.nodeId]);
  noteUse(entry);
  return added.nodeId;
}

/** Puts a new layer below a node and leads that node's first output into it. */
export function addBelow(entry: Entry, above: string): string {
  const document = openDocument();
  const { x, y } = positionOf(document.layout, above);
  const place = findPlaceBeside(document, { x, y: y + NODE_SIZE.height + GAP_BELOW });
  const added = addLayer(document, entry, place);
  editOpen(() => connect(added.document, { node: above, output: 0 }, { node: added.nodeId }, entry));
  noteUse(entry);
  return added.nodeId;
}

/** Puts a new layer into an edge, between the two nodes that it connects; says whether the layer takes a tensor. */
export function addOnEdge(entry: Entry, edgeId: string, place: Position): boolean {
  const added = insertOnEdge(openDocument(), entry, edgeId, place);
  if (!added) return false;
  editOpen(() => added.document);
  selectPieces([added.nodeId]);
  noteUse(entry);
  return true;
}

/** The node that a layer added without a place follows: in a Sequential the last one, whatever is chosen. */
export function findLastOfChain(): string | undefined {
  const { graph } = openDocument();
  return graph.class_name === "Sequential" ? lastOf(graph) : undefined;
}

/** Calls a layer once more, beside the given call: its weights are then shared. */
export function callAgain(layerId: string, besideNode: string): void {
  const document = openDocument();
  const { x, y } = positionOf(document.layout, besideNode);
  const place = findPlaceBeside(document, { x: x + NODE_SIZE.width + PASTE_STEP, y });
  const added = addCall(document, layerId, place);
  editOpen(() => added.document);
  selectPieces([added.nodeId]);
}

export function connectNodes(from: TensorEnd, to: CallEnd): void {
  const entry = findEntryOfNode(openDocument().graph, to.node);
  editOpen((document) => connect(document, from, to, entry));
}

export function disconnectEdges(edgeIds: Iterable<string>): void {
  editOpen((document) => disconnect(document, new Set(edgeIds)));
}

export function moveMember(edgeId: string, index: number): void {
  editOpen((document) => moveListMember(document, edgeId, index));
}

export function dragNodes(moved: Readonly<Record<string, Position>>): void {
  editOpen((document) => moveNodes(document, moved));
}

/** Lays the whole drawing out anew and shows all of it. */
export function arrangeAll(): void {
  editOpen(arrangeNodes);
  showAll();
}

/** Takes away what is chosen. In a Sequential the chain closes over a single layer that goes. */
export function deleteSelection(): void {
  const { selectedNodes, selectedEdges, selectedGroups, selectedNotes } = useEditor.getState();
  const [only] = selectedNodes;
  editOpen((document) => {
    const isChain = document.graph.class_name === "Sequential" && selectedNodes.size === 1;
    const bridged = isChain && only !== undefined ? bridge(document, only) : document;
    return removeMarks(removePieces(bridged, selectedNodes, selectedEdges), selectedGroups, selectedNotes);
  });
}

export function selectAll(): void {
  const { graph } = openDocument();
  const ids = (pieces: readonly { id: string }[]) => pieces.map(({ id }) => id);
  choose({
    nodes: ids(graph.nodes),
    edges: ids(graph.edges),
    groups: ids(graph.groups),
    notes: ids(graph.notes),
  });
}

function copyChosen(): Fragment | null {
  const { selectedNodes, selectedGroups, selectedNotes } = useEditor.getState();
  const document = openDocument();
  const framed = document.graph.groups
    .filter(({ id }) => selectedGroups.has(id))
    .flatMap(({ nodes }) => nodes);
  const nodes = new Set([...selectedNodes, ...framed]);
  return nodes.size + selectedNotes.size > 0 ? copyPieces(document, nodes, selectedNotes) : null;
}

/** Copies what is chosen; a frame is copied with the nodes in it. */
export function copySelection(): void {
  const fragment = copyChosen();
  if (!fragment) return;
  clipboard = fragment;
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
  const fragment = copyChosen();
  if (fragment) paste(fragment, PASTE_STEP);
}

function paste(fragment: Fragment, step: number): void {
  const { document, nodeIds, noteIds } = pastePieces(openDocument(), fragment, { x: step, y: step });
  editOpen(() => document);
  choose({ nodes: nodeIds, notes: noteIds });
}

export function changeArgument(layerId: string, argument: Argument, value: unknown): void {
  editOpen(
    (document) => setArgument(document, layerId, argument, value),
    `argument ${layerId} ${argument.name}`,
  );
}

/** Gives a call a constant for one of its arguments, or takes it out where it is undefined. */
export function changeConstant(nodeId: string, argument: CallArgument, value: unknown): void {
  editOpen(
    (document) => setConstant(document, nodeId, argument, value),
    `constant ${nodeId} ${argument.name}`,
  );
}

export function changeName(layerId: string, name: string): void {
  editOpen((document) => renameLayer(document, layerId, name), `name ${layerId}`);
}

export function changeTrainable(layerId: string, trainable: boolean): void {
  editOpen((document) => setTrainable(document, layerId, trainable));
}
