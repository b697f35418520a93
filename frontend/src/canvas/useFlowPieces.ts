/** Keeps React Flow's nodes and edges and the editor's document in step, in both directions. */
import {
  applyNodeChanges,
  type EdgeChange,
  type NodeChange,
  type OnEdgesChange,
  type OnNodesChange,
} from "@xyflow/react";
import { useCallback, useEffect, useState } from "react";
import type { Position } from "@/api/types";
import { type LayerFlowNode, syncEdges, syncNodes, type TensorFlowEdge } from "@/canvas/flowPieces";
import { dragNodes } from "@/stores/editor/actions";
import { currentDocument, selectPieces, useEditor } from "@/stores/editor/editorStore";
import { findEntry } from "@/stores/editor/entries";

export function useFlowPieces() {
  const document = useEditor((state) => state.history.present);
  const selectedNodes = useEditor((state) => state.selectedNodes);
  const selectedEdges = useEditor((state) => state.selectedEdges);
  const [nodes, setNodes] = useState<LayerFlowNode[]>(() => syncNodes([], document, selectedNodes));
  const [edges, setEdges] = useState<TensorFlowEdge[]>([]);

  useEffect(
    () => setNodes((current) => syncNodes(current, document, selectedNodes)),
    [document, selectedNodes],
  );
  useEffect(
    () => setEdges((current) => syncEdges(current, document.graph, selectedEdges, findEntry)),
    [document.graph, selectedEdges],
  );

  const onNodesChange: OnNodesChange<LayerFlowNode> = useCallback((changes) => {
    const own = changes.filter(({ type }) => type === "position" || type === "dimensions");
    if (own.length > 0) setNodes((current) => applyNodeChanges(own, current));
    noteSelection(changes, "nodes");
    noteMoves(changes);
  }, []);
  const onEdgesChange: OnEdgesChange<TensorFlowEdge> = useCallback(
    (changes) => noteSelection(changes, "edges"),
    [],
  );
  return { nodes, edges, onNodesChange, onEdgesChange };
}

function noteSelection(
  changes: readonly (NodeChange<LayerFlowNode> | EdgeChange)[],
  what: "nodes" | "edges",
): void {
  const { selectedNodes, selectedEdges } = useEditor.getState();
  const chosen = new Set(what === "nodes" ? selectedNodes : selectedEdges);
  let changed = false;
  for (const change of changes) {
    if (change.type !== "select" || chosen.has(change.id) === change.selected) continue;
    changed = true;
    if (change.selected) chosen.add(change.id);
    else chosen.delete(change.id);
  }
  if (!changed) return;
  if (what === "nodes") selectPieces(chosen, selectedEdges);
  else selectPieces(selectedNodes, chosen);
}

/** A drag that has ended, and each press of an arrow key, becomes part of the document. */
function noteMoves(changes: readonly NodeChange<LayerFlowNode>[]): void {
  const moved: Record<string, Position> = {};
  const { layout } = currentDocument();
  for (const change of changes) {
    if (change.type !== "position" || change.dragging || !change.position) continue;
    const { x, y } = change.position;
    const before = layout.positions[change.id];
    if (before?.x !== x || before.y !== y) moved[change.id] = { x, y };
  }
  if (Object.keys(moved).length > 0) dragNodes(moved);
}
