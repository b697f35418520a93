/** Edges: which argument of a call a tensor goes into, and in which place of it. */
import { isEqual } from "es-toolkit";
import type { Edge, Entry, Graph, Layer } from "@/api/types";
import { type Document, findLayerOf, indexGraph } from "@/graph/document";
import { pickEdgeId } from "@/graph/identifiers";
import { isModelLayer } from "@/graph/nesting";
import { fillsSlot, type Slot, slotsOf } from "@/graph/slots";

export interface TensorEnd {
  node: string;
  output: number;
}

export interface CallEnd {
  node: string;
  /** Name of the argument to fill; the first free one where left out. */
  argument?: string;
}

/** The first slot that can take one more tensor, otherwise the first of all, whose edge is then replaced. */
function pickSlot(
  edges: readonly Edge[],
  layer: Layer | undefined,
  entry: Entry | undefined,
): Slot | undefined {
  const slots = slotsOf(layer, entry);
  return slots.find((slot) => slot.many || !edges.some((edge) => fillsSlot(edge, slot))) ?? slots[0];
}

/** Leads a tensor into a call. A taken single argument is filled anew; a list argument gets one more member. */
export function connect(
  document: Document,
  from: TensorEnd,
  to: CallEnd,
  entry: Entry | undefined,
): Document {
  const { graph } = document;
  const { incoming, edges } = indexGraph(graph);
  const present = incoming.get(to.node) ?? [];
  const layer = findLayerOf(graph, to.node);
  const slot =
    slotsOf(layer, entry).find(({ name }) => name === to.argument) ?? pickSlot(present, layer, entry);
  const key = slot ? (slot.position ?? slot.keyword) : 0;
  const filling = present.filter((edge) => (slot ? fillsSlot(edge, slot) : edge.argument === key));
  const edge: Edge = {
    id: pickEdgeId(edges, graph.edges.length + 1),
    source: from.node,
    output: from.output,
    target: to.node,
    argument: key,
    path: slot?.many ? [nextIndex(filling)] : slot?.member != null ? [slot.member] : [],
  };
  const replaced = new Set(slot?.many ? [] : filling.map(({ id }) => id));
  if (filling.some((old) => replaced.has(old.id) && isSameTensor(old, edge))) return document;
  return {
    ...document,
    graph: {
      ...withoutConstant(graph, to.node, slot),
      edges: [...graph.edges.filter(({ id }) => !replaced.has(id)), edge],
    },
  };
}

/** Takes edges away; the lists that they were members of close up, so that their order stays without gaps. */
export function disconnect(document: Document, edgeIds: ReadonlySet<string>): Document {
  const edges = withoutEdges(document.graph, edgeIds);
  return edges === document.graph.edges ? document : { ...document, graph: { ...document.graph, edges } };
}

/** The graph's edges without some of them, list members renumbered; a model's inputs keep their places. */
export function withoutEdges(graph: Graph, removed: ReadonlySet<string>): Edge[] {
  const { edges } = graph;
  const gone = edges.filter(({ id }) => removed.has(id));
  if (gone.length === 0) return edges;
  const closesUp = (edge: Edge) => isListMember(edge) && !isModelLayer(findLayerOf(graph, edge.target));
  const gaps = Map.groupBy(gone.filter(closesUp), listOf);
  return edges
    .filter(({ id }) => !removed.has(id))
    .map((edge) => {
      const holes = isListMember(edge) ? (gaps.get(listOf(edge)) ?? []) : [];
      const shift = holes.filter((hole) => indexOf(hole) < indexOf(edge)).length;
      return shift === 0 ? edge : { ...edge, path: [...edge.path.slice(0, -1), indexOf(edge) - shift] };
    });
}

/** Moves a list argument's member to another place; the others make room. */
export function moveListMember(document: Document, edgeId: string, index: number): Document {
  const { graph } = document;
  const moved = indexGraph(graph).edges.get(edgeId);
  if (!moved || !isListMember(moved)) return document;
  const members = graph.edges
    .filter((edge) => isListMember(edge) && listOf(edge) === listOf(moved))
    .toSorted((a, b) => indexOf(a) - indexOf(b));
  const others = members.filter((edge) => edge !== moved);
  const places = new Map(others.toSpliced(index, 0, moved).map((edge, place) => [edge.id, place]));
  const edges = graph.edges.map((edge) => {
    const place = places.get(edge.id);
    return place === undefined || place === indexOf(edge)
      ? edge
      : { ...edge, path: [...edge.path.slice(0, -1), place] };
  });
  return isEqual(edges, graph.edges) ? document : { ...document, graph: { ...graph, edges } };
}

function isListMember(edge: Edge): boolean {
  return typeof edge.path.at(-1) === "number";
}

function indexOf(edge: Edge): number {
  return Number(edge.path.at(-1) ?? 0);
}

/** Names the list that an edge is a member of. */
function listOf(edge: Edge): string {
  return JSON.stringify([edge.target, String(edge.argument), ...edge.path.slice(0, -1)]);
}

function nextIndex(members: readonly Edge[]): number {
  return Math.max(-1, ...members.filter(isListMember).map(indexOf)) + 1;
}

function isSameTensor(one: Edge, other: Edge): boolean {
  return one.source === other.source && one.output === other.output;
}

/** An argument gets a tensor or a constant, never both. */
function withoutConstant(graph: Graph, nodeId: string, slot: Slot | undefined): Graph {
  const constants = indexGraph(graph).nodes.get(nodeId)?.arguments ?? {};
  const names = [slot?.keyword, slot?.position?.toString()].filter((name) => name !== undefined);
  if (!names.some((name) => name in constants)) return graph;
  const kept = Object.fromEntries(Object.entries(constants).filter(([name]) => !names.includes(name)));
  return {
    ...graph,
    nodes: graph.nodes.map((node) => (node.id === nodeId ? { ...node, arguments: kept } : node)),
  };
}
