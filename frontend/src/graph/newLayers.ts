/** Drawings of a graph that got new layers in a row, put where there is room for them. */
import type { Graph, Position } from "@/api/types";
import { NODE_SIZE } from "@/graph/arrange";
import { type Document, indexGraph, positionOf } from "@/graph/document";

const STEP_DOWN = NODE_SIZE.height + 56;

/**
 * The document with another graph: nodes that are new in it stand below the one that they follow, and what stood below
 * that moves down. Nodes that are gone leave their places empty. `start` is where the row of new nodes begins.
 */
export function makeRoomBelow({ graph: before, layout }: Document, graph: Graph, start: string): Document {
  const known = new Set(before.nodes.map(({ id }) => id));
  const kept = new Set(graph.nodes.map(({ id }) => id));
  let positions = Object.fromEntries(Object.entries(layout.positions).filter(([id]) => !isGone(id)));
  const { outgoing } = indexGraph(graph);
  const seen = new Set<string>();
  for (let id: string | undefined = start; id !== undefined && !seen.has(id); id = followerOf(id)) {
    seen.add(id);
    const next = followerOf(id);
    if (next !== undefined && !known.has(next)) positions = insertBelow(positions, id, next);
  }
  return { graph, layout: { ...layout, positions } };

  function isGone(id: string): boolean {
    return known.has(id) && !kept.has(id);
  }

  function followerOf(id: string): string | undefined {
    const leaving = outgoing.get(id) ?? [];
    return leaving.length === 1 ? leaving[0]?.target : undefined;
  }
}

function insertBelow(
  positions: Readonly<Record<string, Position>>,
  above: string,
  added: string,
): Record<string, Position> {
  const { x, y } = positionOf({ positions, nested: {} }, above);
  const place = { x, y: y + STEP_DOWN };
  const below = Object.entries(positions).filter(([id, one]) => id !== above && one.y > y);
  const nearest = Math.min(
    ...below.filter(([, one]) => Math.abs(one.x - x) < NODE_SIZE.width).map(([, one]) => one.y),
  );
  const missing = Math.max(0, place.y + STEP_DOWN - nearest);
  const moved = Object.fromEntries(below.map(([id, one]) => [id, { x: one.x, y: one.y + missing }]));
  return { ...positions, ...(Number.isFinite(nearest) ? moved : {}), [added]: place };
}
