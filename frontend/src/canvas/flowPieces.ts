/** The document as React Flow's nodes and edges. What did not change keeps its identity, so that it is not drawn anew. */
import { type Edge as FlowEdge, type Node as FlowNode, type NodeHandle, Position } from "@xyflow/react";
import { isEqual } from "es-toolkit";
import type { CheckResult, Edge, Graph, Position as Place } from "@/api/types";
import { countOutputs, findSockets } from "@/canvas/sockets";
import { NODE_SIZE } from "@/graph/arrange";
import { type Document, findLayerOf, indexGraph, nameOf, positionOf } from "@/graph/document";
import { frameOf } from "@/graph/groups";
import { slotOf } from "@/graph/slots";
import { findEntryOfNode } from "@/stores/editor/entries";

export type LayerFlowNode = FlowNode<Record<string, never>, "layer">;
export type NoteFlowNode = FlowNode<{ noteId: string }, "note">;
export type FrameFlowNode = FlowNode<{ groupId: string }, "frame">;
export type PieceFlowNode = LayerFlowNode | NoteFlowNode;
export type CanvasFlowNode = PieceFlowNode | FrameFlowNode;

/** `place` is the edge's place in the list that it is a member of, of `count`; null where it is in no list. */
export type TensorFlowEdge = FlowEdge<{ output: number; place: number | null; count: number }, "tensor">;

export interface ChosenMarks {
  groups: ReadonlySet<string>;
  notes: ReadonlySet<string>;
}

/** Up to this many nodes everything is drawn at once; above, only what can be seen, and from afar a picture of it. */
export const MANY_NODES = 150;

const HANDLE_SIZE = 11;
const NO_DATA: Record<string, never> = {};
const NOTE = "note/";
const FRAME = "group/";

/** Ids on the canvas: those of notes and frames begin with what no id of the document can have, a slash. */
export const flowIds = {
  ofNote: (noteId: string) => `${NOTE}${noteId}`,
  ofFrame: (groupId: string) => `${FRAME}${groupId}`,
  toNote: (flowId: string) => (flowId.startsWith(NOTE) ? flowId.slice(NOTE.length) : null),
  toFrame: (flowId: string) => (flowId.startsWith(FRAME) ? flowId.slice(FRAME.length) : null),
};

/** The drawn nodes and notes after a change of document or selection. What is being dragged stays under the pointer. */
export function syncNodes(
  current: readonly PieceFlowNode[],
  document: Document,
  selected: ReadonlySet<string>,
  selectedNotes: ReadonlySet<string>,
  check: CheckResult | null,
): PieceFlowNode[] {
  const drawn = new Map(current.map((node) => [node.id, node]));
  const isMany = document.graph.nodes.length > MANY_NODES;
  const layers = document.graph.nodes.map(({ id }) => {
    const made = makeNode(document, id);
    if (isMany) made.handles = predictHandles(document.graph, id, check);
    return syncNode(drawn.get(id), made, selected.has(id));
  });
  const notes = document.graph.notes.map(({ id }) =>
    syncNode(drawn.get(flowIds.ofNote(id)), makeNote(document, id), selectedNotes.has(id)),
  );
  return [...layers, ...notes];
}

function syncNode(old: PieceFlowNode | undefined, made: PieceFlowNode, selected: boolean): PieceFlowNode {
  if (!old) return { ...made, selected };
  const position = old.dragging ? old.position : made.position;
  const isSame =
    old.selected === selected &&
    old.ariaLabel === made.ariaLabel &&
    isSamePlace(old.position, position) &&
    isEqual(old.handles, made.handles);
  return isSame ? old : { ...old, position, ariaLabel: made.ariaLabel, handles: made.handles, selected };
}

/**
 * Where a node's handles will be. React Flow measures them by drawing every node once, which for a large graph takes
 * seconds; told before, it draws only what is in view.
 */
function predictHandles(graph: Graph, nodeId: string, check: CheckResult | null): NodeHandle[] {
  const { incoming, outgoing } = indexGraph(graph);
  const entry = findEntryOfNode(graph, nodeId);
  const sockets = findSockets(findLayerOf(graph, nodeId), entry, incoming.get(nodeId) ?? []);
  const outputs = countOutputs(check?.nodes[nodeId]?.outputs.length, outgoing.get(nodeId) ?? []);
  const half = HANDLE_SIZE / 2;
  const place = (index: number, count: number) => (NODE_SIZE.width * (index + 0.5)) / count - half;
  const size = { width: HANDLE_SIZE, height: HANDLE_SIZE };
  return [
    ...sockets.map(({ name }, index) => ({
      ...size,
      id: name,
      type: "target" as const,
      position: Position.Top,
      x: place(index, sockets.length),
      y: -half,
    })),
    ...Array.from({ length: outputs }, (_, index) => ({
      ...size,
      id: String(index),
      type: "source" as const,
      position: Position.Bottom,
      x: place(index, outputs),
      y: NODE_SIZE.height - half,
    })),
  ];
}

function makeNode(document: Document, id: string): LayerFlowNode {
  return {
    id,
    type: "layer",
    data: NO_DATA,
    position: positionOf(document.layout, id),
    ariaLabel: describeNode(document.graph, id),
    initialWidth: NODE_SIZE.width,
    initialHeight: NODE_SIZE.height,
  };
}

function makeNote(document: Document, noteId: string): NoteFlowNode {
  return {
    id: flowIds.ofNote(noteId),
    type: "note",
    data: { noteId },
    position: positionOf(document.layout, noteId),
    ariaLabel: "Note",
    zIndex: 1,
  };
}

/** The frames around the groups' nodes, where those are drawn now. */
export function syncFrames(
  current: readonly FrameFlowNode[],
  nodes: readonly PieceFlowNode[],
  groups: Graph["groups"],
  selected: ReadonlySet<string>,
): FrameFlowNode[] {
  if (groups.length === 0) return current.length === 0 ? (current as FrameFlowNode[]) : [];
  const places = new Map(nodes.map(({ id, position }) => [id, position]));
  const drawn = new Map(current.map((frame) => [frame.id, frame]));
  return groups.flatMap((group) => {
    const frame = frameOf(
      group.nodes.flatMap((id) => places.get(id) ?? []),
      NODE_SIZE,
    );
    if (!frame) return [];
    const { x, y, ...size } = frame;
    const id = flowIds.ofFrame(group.id);
    const old = drawn.get(id);
    const isSame =
      old?.width === size.width &&
      old.height === size.height &&
      isSamePlace(old.position, { x, y }) &&
      old.selected === selected.has(group.id);
    if (old && isSame) return [old];
    const made: FrameFlowNode = {
      id,
      type: "frame",
      data: { groupId: group.id },
      position: { x, y },
      selected: selected.has(group.id),
      ariaLabel: `Group ${group.title}`,
      ...size,
      measured: size,
      zIndex: -1,
      style: { pointerEvents: "none" },
    };
    return [made];
  });
}

export function isSamePlace(one: Place, other: Place): boolean {
  return one.x === other.x && one.y === other.y;
}

function describeNode(graph: Graph, nodeId: string): string {
  const layer = findLayerOf(graph, nodeId);
  return layer ? `${nameOf(layer)}, ${layer.class_name}` : `${nodeId}, unknown layer`;
}

/** The drawn edges after a change of graph or selection. */
export function syncEdges(
  current: readonly TensorFlowEdge[],
  graph: Graph,
  selected: ReadonlySet<string>,
): TensorFlowEdge[] {
  const drawn = new Map(current.map((edge) => [edge.id, edge]));
  return graph.edges.map((edge) => {
    const next = toFlowEdge(edge, graph, selected.has(edge.id));
    const old = drawn.get(edge.id);
    return old && isSameEdge(old, next) ? old : next;
  });
}

/** The handle that an edge ends in: the slot's name, or what the edge says where there is none such. */
export function targetHandleOf(edge: Edge, graph: Graph): string {
  const layer = findLayerOf(graph, edge.target);
  return slotOf(edge, layer, findEntryOfNode(graph, edge.target))?.name ?? String(edge.argument);
}

function toFlowEdge(edge: Edge, graph: Graph, selected: boolean): TensorFlowEdge {
  const targetHandle = targetHandleOf(edge, graph);
  return {
    id: edge.id,
    type: "tensor",
    source: edge.source,
    sourceHandle: String(edge.output),
    target: edge.target,
    targetHandle,
    selected,
    data: { output: edge.output, ...placeInList(edge, graph, targetHandle) },
    ariaLabel: `Tensor from ${edge.source} to ${edge.target}`,
  };
}

/** Edges of one list end in one handle, in the order of the list. */
function placeInList(edge: Edge, graph: Graph, handle: string): { place: number | null; count: number } {
  const place = edge.path.at(-1);
  if (typeof place !== "number") return { place: null, count: 1 };
  const incoming = indexGraph(graph).incoming.get(edge.target) ?? [];
  const members = incoming.filter(
    (other) => other.path.length > 0 && targetHandleOf(other, graph) === handle,
  );
  return members.length > 1 ? { place, count: members.length } : { place: null, count: 1 };
}

function isSameEdge(one: TensorFlowEdge, other: TensorFlowEdge): boolean {
  return (
    one.source === other.source &&
    one.target === other.target &&
    one.sourceHandle === other.sourceHandle &&
    one.targetHandle === other.targetHandle &&
    one.selected === other.selected &&
    one.data?.place === other.data?.place &&
    one.data?.count === other.data?.count
  );
}
