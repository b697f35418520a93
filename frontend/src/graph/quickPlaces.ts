/** Places for a large graph in milliseconds, where dagre takes seconds: row by row, each node below what feeds it. */
import type { Graph, Position } from "@/api/types";
import { indexGraph } from "@/graph/document";

export interface Steps {
  across: number;
  down: number;
}

/** Top-left corners of every node. Edges may run behind nodes, which dagre would avoid. */
export function computeQuickPlaces(graph: Graph, { across, down }: Steps): Record<string, Position> {
  const { incoming } = indexGraph(graph);
  const rows = Map.groupBy(rankNodes(graph), ([, rank]) => rank);
  const places = new Map<string, Position>();
  for (const [rank, row] of [...rows].toSorted(([one], [other]) => one - other)) {
    const wanted = row.map(([id]) => {
      const above = (incoming.get(id) ?? []).flatMap(({ source }) => places.get(source)?.x ?? []);
      return { id, x: above.length > 0 ? mean(above) : 0 };
    });
    for (const { id, x } of spread(wanted, across)) {
      places.set(id, { x: Math.round(x), y: rank * down });
    }
  }
  return Object.fromEntries(places);
}

/** The length of the longest way to each node; what stands on a circle, or behind one, counts as a beginning. */
function rankNodes(graph: Graph): Map<string, number> {
  const { nodes, incoming, outgoing } = indexGraph(graph);
  const missing = new Map(
    graph.nodes.map(({ id }) => [
      id,
      (incoming.get(id) ?? []).filter(({ source }) => nodes.has(source)).length,
    ]),
  );
  const ranks = new Map(graph.nodes.map(({ id }) => [id, 0]));
  const ready = graph.nodes.map(({ id }) => id).filter((id) => missing.get(id) === 0);
  for (const id of ready) {
    for (const { target } of outgoing.get(id) ?? []) {
      const left = missing.get(target);
      if (left === undefined) continue;
      ranks.set(target, Math.max(ranks.get(target) ?? 0, (ranks.get(id) ?? 0) + 1));
      missing.set(target, left - 1);
      if (left === 1) ready.push(target);
    }
  }
  return ranks;
}

/** Each as near as can be to where it wants to be, in that order, without overlapping; the row keeps its middle. */
function spread(row: readonly { id: string; x: number }[], step: number): { id: string; x: number }[] {
  const ordered = row.toSorted((one, other) => one.x - other.x);
  let next = Number.NEGATIVE_INFINITY;
  const placed = ordered.map(({ id, x }) => {
    const own = Math.max(x, next);
    next = own + step;
    return { id, x: own };
  });
  const shift = mean(ordered.map(({ x }) => x)) - mean(placed.map(({ x }) => x));
  return placed.map(({ id, x }) => ({ id, x: x + shift }));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
