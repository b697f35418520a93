/** The document as React Flow's nodes and edges. What did not change keeps its identity, so that it is not drawn anew. */
import type { Edge as FlowEdge, Node as FlowNode } from "@xyflow/react";
import type { Edge, Graph } from "@/api/types";
import { NODE_SIZE } from "@/graph/arrange";
import { argumentOf } from "@/graph/connections";
import { type Document, type FindEntry, findLayerOf, nameOf, positionOf } from "@/graph/document";

export type LayerFlowNode = FlowNode<Record<string, never>, "layer">;
export type TensorFlowEdge = FlowEdge<{ output: number }, "tensor">;

const NO_DATA: Record<string, never> = {};

/** The drawn nodes after a change of document or selection. A node that is being dragged stays under the pointer. */
export function syncNodes(
  current: readonly LayerFlowNode[],
  document: Document,
  selected: ReadonlySet<string>,
): LayerFlowNode[] {
  const drawn = new Map(current.map((node) => [node.id, node]));
  return document.graph.nodes.map(({ id }) => {
    const old = drawn.get(id);
    const position = old?.dragging ? old.position : positionOf(document.layout, id);
    const ariaLabel = describeNode(document.graph, id);
    const isSelected = selected.has(id);
    if (
      old &&
      old.selected === isSelected &&
      old.ariaLabel === ariaLabel &&
      isSamePlace(old.position, position)
    ) {
      return old;
    }
    const base: LayerFlowNode = old ?? {
      id,
      type: "layer",
      data: NO_DATA,
      position,
      initialWidth: NODE_SIZE.width,
      initialHeight: NODE_SIZE.height,
    };
    return { ...base, position, ariaLabel, selected: isSelected };
  });
}

function isSamePlace(one: { x: number; y: number }, other: { x: number; y: number }): boolean {
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
  findEntry: FindEntry,
): TensorFlowEdge[] {
  const drawn = new Map(current.map((edge) => [edge.id, edge]));
  return graph.edges.map((edge) => {
    const next = toFlowEdge(edge, graph, selected.has(edge.id), findEntry);
    const old = drawn.get(edge.id);
    return old && isSameEdge(old, next) ? old : next;
  });
}

/** The handle that an edge ends in: the argument's name, or what the edge says where the catalogue has none. */
export function targetHandleOf(edge: Edge, graph: Graph, findEntry: FindEntry): string {
  const className = findLayerOf(graph, edge.target)?.class_name ?? "";
  return argumentOf(edge, findEntry(className))?.name ?? String(edge.argument);
}

function toFlowEdge(edge: Edge, graph: Graph, selected: boolean, findEntry: FindEntry): TensorFlowEdge {
  return {
    id: edge.id,
    type: "tensor",
    source: edge.source,
    sourceHandle: String(edge.output),
    target: edge.target,
    targetHandle: targetHandleOf(edge, graph, findEntry),
    selected,
    data: { output: edge.output },
    ariaLabel: `Tensor from ${edge.source} to ${edge.target}`,
  };
}

function isSameEdge(one: TensorFlowEdge, other: TensorFlowEdge): boolean {
  return (
    one.source === other.source &&
    one.target === other.target &&
    one.sourceHandle === other.sourceHandle &&
    one.targetHandle === other.targetHandle &&
    one.selected === other.selected
  );
}
