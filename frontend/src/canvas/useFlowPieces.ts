/** Keeps React Flow's nodes and edges and the open graph in step, in both directions. */
import {
  applyNodeChanges,
  type EdgeChange,
  type NodeChange,
  type OnEdgesChange,
  type OnNodesChange,
} from "@xyflow/react";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Position } from "@/api/types";
import {
  type CanvasFlowNode,
  type FrameFlowNode,
  flowIds,
  isSamePlace,
  type PieceFlowNode,
  syncEdges,
  syncFrames,
  syncNodes,
  type TensorFlowEdge,
} from "@/canvas/flowPieces";
import { NODE_SIZE } from "@/graph/arrange";
import { positionOf } from "@/graph/document";
import { frameOf } from "@/graph/groups";
import { dragNodes } from "@/stores/editor/actions";
import { choose, openDocument, useEditor } from "@/stores/editor/editorStore";

export function useFlowPieces() {
  const document = useEditor((state) => state.open.document);
  const path = useEditor((state) => state.open.path);
  const check = useEditor((state) => state.open.check);
  const selectedNodes = useEditor((state) => state.selectedNodes);
  const selectedEdges = useEditor((state) => state.selectedEdges);
  const selectedGroups = useEditor((state) => state.selectedGroups);
  const selectedNotes = useEditor((state) => state.selectedNotes);
  const [nodes, setNodes] = useState<PieceFlowNode[]>(() =>
    syncNodes([], document, selectedNodes, selectedNotes, check),
  );
  const [edges, setEdges] = useState<TensorFlowEdge[]>([]);
  // Of another graph's nodes nothing may stay, though their ids be the same.
  const drawnPath = useRef(path);

  // Before the frame is painted: the view of the open graph is set by then, and nothing of another may stand in it.
  useLayoutEffect(() => {
    const isOther = drawnPath.current !== path;
    drawnPath.current = path;
    setNodes((current) => syncNodes(isOther ? [] : current, document, selectedNodes, selectedNotes, check));
  }, [document, path, selectedNodes, selectedNotes, check]);
  useLayoutEffect(
    () => setEdges((current) => syncEdges(current, document.graph, selectedEdges)),
    [document.graph, selectedEdges],
  );
  const frames = useFrames(nodes, document.graph.groups, selectedGroups);

  const onNodesChange: OnNodesChange<CanvasFlowNode> = useCallback((changes) => {
    const moved = withMembers(changes);
    const own = moved.filter((change): change is NodeChange<PieceFlowNode> => isOfPiece(change));
    if (own.length > 0) setNodes((current) => applyNodeChanges(own, current));
    noteSelection(changes);
    noteMoves(moved);
  }, []);
  const onEdgesChange: OnEdgesChange<TensorFlowEdge> = useCallback(noteEdgeSelection, []);
  return { nodes, frames, edges, onNodesChange, onEdgesChange };
}

function useFrames(
  nodes: readonly PieceFlowNode[],
  groups: Parameters<typeof syncFrames>[2],
  selected: ReadonlySet<string>,
): FrameFlowNode[] {
  const drawn = useRef<FrameFlowNode[]>([]);
  const frames = syncFrames(drawn.current, nodes, groups, selected);
  useEffect(() => {
    drawn.current = frames;
  });
  return frames;
}

function isOfPiece(change: NodeChange<CanvasFlowNode>): boolean {
  return (change.type === "position" || change.type === "dimensions") && flowIds.toFrame(change.id) === null;
}

/** The changes and, for each frame that moves, those of the nodes in it. */
function withMembers(changes: readonly NodeChange<CanvasFlowNode>[]): NodeChange<CanvasFlowNode>[] {
  const { graph, layout } = openDocument();
  const byId = new Map(changes.map((change) => ["id" in change ? change.id : "", change]));
  for (const change of changes) {
    const groupId = change.type === "position" ? flowIds.toFrame(change.id) : null;
    if (groupId === null || change.type !== "position" || !change.position) continue;
    const members = graph.groups.find(({ id }) => id === groupId)?.nodes ?? [];
    const frame = frameOf(
      members.map((id) => positionOf(layout, id)),
      NODE_SIZE,
    );
    if (!frame) continue;
    const [dx, dy] = [change.position.x - frame.x, change.position.y - frame.y];
    for (const id of members) {
      const { x, y } = positionOf(layout, id);
      byId.set(id, { id, type: "position", position: { x: x + dx, y: y + dy }, dragging: change.dragging });
    }
  }
  return [...byId.values()];
}

function noteSelection(changes: readonly NodeChange<CanvasFlowNode>[]): void {
  const { selectedNodes, selectedEdges, selectedGroups, selectedNotes } = useEditor.getState();
  const chosen = {
    nodes: new Set(selectedNodes),
    groups: new Set(selectedGroups),
    notes: new Set(selectedNotes),
  };
  let changed = false;
  for (const change of changes) {
    if (change.type !== "select") continue;
    const [noteId, groupId] = [flowIds.toNote(change.id), flowIds.toFrame(change.id)];
    const set = noteId !== null ? chosen.notes : groupId !== null ? chosen.groups : chosen.nodes;
    changed = toggle(set, noteId ?? groupId ?? change.id, change.selected) || changed;
  }
  if (changed) choose({ ...chosen, edges: selectedEdges });
}

function noteEdgeSelection(changes: readonly EdgeChange[]): void {
  const { selectedNodes, selectedEdges, selectedGroups, selectedNotes } = useEditor.getState();
  const edges = new Set(selectedEdges);
  let changed = false;
  for (const change of changes) {
    if (change.type === "select") changed = toggle(edges, change.id, change.selected) || changed;
  }
  if (changed) choose({ nodes: selectedNodes, groups: selectedGroups, notes: selectedNotes, edges });
}

/** Whether that changed the set. */
function toggle(chosen: Set<string>, id: string, selected: boolean): boolean {
  if (chosen.has(id) === selected) return false;
  if (selected) chosen.add(id);
  else chosen.delete(id);
  return true;
}

/** A drag that has ended, and each press of an arrow key, becomes part of the document. */
function noteMoves(changes: readonly NodeChange<CanvasFlowNode>[]): void {
  const moved: Record<string, Position> = {};
  const { layout } = openDocument();
  for (const change of changes) {
    if (change.type !== "position" || change.dragging || !change.position) continue;
    if (flowIds.toFrame(change.id) !== null) continue;
    const id = flowIds.toNote(change.id) ?? change.id;
    const { x, y } = change.position;
    const before = layout.positions[id];
    if (!before || !isSamePlace(before, { x, y })) moved[id] = { x, y };
  }
  if (Object.keys(moved).length > 0) dragNodes(moved);
}
