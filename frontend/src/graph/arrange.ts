/** Where nodes stand: moving them by hand, and laying the whole drawing out with dagre. Never changes the graph. */
import { Graph as DagreGraph, layout as runDagre } from "@dagrejs/dagre";
import { isEqual } from "es-toolkit";
import type { Graph, Layout, Position } from "@/api/types";
import { type Document, indexGraph, positionOf } from "@/graph/document";

export interface Size {
  width: number;
  height: number;
}

/** What every node takes on the canvas, in canvas pixels. The canvas draws all nodes in this size. */
export const NODE_SIZE: Size = { width: 224, height: 88 };

const GAP_BETWEEN_LAYERS = 56;
const GAP_BETWEEN_NEIGHBOURS = 40;
const STEP_ASIDE = 32;

/** Moves nodes to new places. */
export function moveNodes(document: Document, moved: Readonly<Record<string, Position>>): Document {
  const positions = { ...document.layout.positions, ...moved };
  if (isEqual(positions, document.layout.positions)) return document;
  return { ...document, layout: { ...document.layout, positions } };
}

/** Lays all nodes out from top to bottom, each below what it depends on. */
export function arrangeNodes(document: Document): Document {
  return moveNodes(document, computePositions(document.graph));
}

const completed = new WeakMap<Graph, WeakMap<Layout, Layout>>();

/**
 * The layout with a place for each node: an imported model, or a graph that was made by a program, has none yet.
 * The very same layout where nothing is missing, and the same answer to the same question: it can be asked anew for
 * every drawing, and becomes part of the document with the next change.
 */
export function completeLayout({ graph, layout }: Document): Layout {
  const isMissing = ({ id }: { id: string }) => !(id in layout.positions);
  if (!graph.nodes.some(isMissing) && !graph.notes.some(isMissing)) return layout;
  const known = completed.get(graph)?.get(layout);
  if (known) return known;
  const complete = { ...layout, positions: { ...placeMissing(graph, layout), ...layout.positions } };
  const ofGraph = completed.get(graph) ?? new WeakMap<Layout, Layout>();
  completed.set(graph, ofGraph.set(layout, complete));
  return complete;
}

/** Places in a drawing of the whole graph, moved so that it lies where the nodes that have a place already are. */
function placeMissing(graph: Graph, layout: Layout): Record<string, Position> {
  const places = computePositions(graph);
  const anchor = graph.nodes.find(({ id }) => id in layout.positions)?.id;
  const [there, here] = [anchor && layout.positions[anchor], anchor && places[anchor]];
  const [dx, dy] = there && here ? [there.x - here.x, there.y - here.y] : [0, 0];
  const notes = graph.notes.map(
    ({ id }, index) => [id, { x: -NODE_SIZE.width - 48, y: index * 160 }] as const,
  );
  return Object.fromEntries(
    [...Object.entries(places), ...notes].map(([id, { x, y }]) => [id, { x: x + dx, y: y + dy }]),
  );
}

/** From this many nodes on the faster of dagre's ways is taken: half the time, slightly longer edges. */
const MANY_NODES = 300;

/** Top-left corners, in whole canvas pixels, of every node. */
export function computePositions(graph: Graph): Record<string, Position> {
  const drawing = new DagreGraph({ multigraph: true });
  drawing.setGraph({
    rankdir: "TB",
    ranksep: GAP_BETWEEN_LAYERS,
    nodesep: GAP_BETWEEN_NEIGHBOURS,
    ranker: graph.nodes.length > MANY_NODES ? "longest-path" : "network-simplex",
  });
  for (const { id } of graph.nodes) drawing.setNode(id, { ...NODE_SIZE });
  const { nodes } = indexGraph(graph);
  for (const { id, source, target } of graph.edges) {
    if (nodes.has(source) && nodes.has(target)) drawing.setEdge(source, target, {}, id);
  }
  runDagre(drawing);
  return Object.fromEntries(
    graph.nodes.map(({ id }) => {
      const { x, y, width, height } = drawing.node(id);
      return [id, { x: Math.round(x - width / 2), y: Math.round(y - height / 2) }];
    }),
  );
}

/** The rectangle around some nodes; null where there are none. */
export function boundNodes(document: Document, nodeIds: readonly string[]): (Position & Size) | null {
  if (nodeIds.length === 0) return null;
  const places = nodeIds.map((id) => positionOf(document.layout, id));
  const [xs, ys] = [places.map(({ x }) => x), places.map(({ y }) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return {
    x,
    y,
    width: Math.max(...xs) - x + NODE_SIZE.width,
    height: Math.max(...ys) - y + NODE_SIZE.height,
  };
}

/** The wanted place or, where a node stands there already, the next free one diagonally below. */
export function findFreePosition(document: Document, wanted: Position): Position {
  const taken = document.graph.nodes.map(({ id }) => positionOf(document.layout, id));
  let place = wanted;
  const isTaken = ({ x, y }: Position) =>
    taken.some((other) => Math.abs(other.x - x) < STEP_ASIDE && Math.abs(other.y - y) < STEP_ASIDE);
  while (isTaken(place)) place = { x: place.x + STEP_ASIDE, y: place.y + STEP_ASIDE };
  return place;
}

/** The wanted place or, where it would cover a node, the nearest one to the right of it that covers none. */
export function findPlaceBeside(document: Document, wanted: Position): Position {
  const taken = document.graph.nodes.map(({ id }) => positionOf(document.layout, id));
  const covers = (place: Position) => (other: Position) =>
    Math.abs(other.x - place.x) < NODE_SIZE.width && Math.abs(other.y - place.y) < NODE_SIZE.height;
  let place = wanted;
  for (let other = taken.find(covers(place)); other; other = taken.find(covers(place))) {
    place = { x: other.x + NODE_SIZE.width + GAP_BETWEEN_NEIGHBOURS, y: place.y };
  }
  return place;
}
