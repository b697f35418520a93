/** Issues sorted by the node that causes them, so that each is shown where it can be mended. */
import type { Graph, Issue } from "@/api/types";
import { indexGraph } from "@/graph/document";
import type { GraphPath } from "@/graph/nesting";

export interface GraphIssues {
  readonly all: readonly Issue[];
  readonly byNode: ReadonlyMap<string, readonly Issue[]>;
  readonly byEdge: ReadonlyMap<string, readonly Issue[]>;
  /** The issues of no node, such as a graph without an input. */
  readonly general: readonly Issue[];
}

export const NO_ISSUES: GraphIssues = { all: [], byNode: new Map(), byEdge: new Map(), general: [] };

/**
 * The nodes of the graph at `path` that an issue is shown on: its own, otherwise those that call its layer, otherwise
 * its edge's target. An issue further inside is shown on the nodes that call the layer which leads to it.
 */
export function findNodesOf(issue: Issue, graph: Graph, path: GraphPath = []): readonly string[] {
  const { nodes, calls, edges } = indexGraph(graph);
  const way = issue.within ?? [];
  if (path.some((layerId, depth) => way[depth] !== layerId)) return [];
  const inner = way[path.length];
  if (inner !== undefined) return (calls.get(inner) ?? []).map(({ id }) => id);
  if (issue.node && nodes.has(issue.node)) return [issue.node];
  if (issue.layer) return (calls.get(issue.layer) ?? []).map(({ id }) => id);
  const target = issue.edge ? edges.get(issue.edge)?.target : undefined;
  return target && nodes.has(target) ? [target] : [];
}

/** Whether the issue lies in the graph at the path, or further inside. */
export function isWithin(issue: Issue, path: GraphPath): boolean {
  return path.every((layerId, depth) => issue.within?.[depth] === layerId);
}

/** The issues of the graph at `path`, those further inside at the nodes that lead to them. */
export function sortIssues(issues: readonly Issue[], graph: Graph, path: GraphPath = []): GraphIssues {
  const byNode = new Map<string, Issue[]>();
  const byEdge = new Map<string, Issue[]>();
  const general: Issue[] = [];
  const own = path.length === 0 ? issues : issues.filter((issue) => isWithin(issue, path));
  for (const issue of own) {
    const nodes = findNodesOf(issue, graph, path);
    for (const node of nodes) byNode.set(node, [...(byNode.get(node) ?? []), issue]);
    if (issue.edge && (issue.within?.length ?? 0) === path.length)
      byEdge.set(issue.edge, [...(byEdge.get(issue.edge) ?? []), issue]);
    if (nodes.length === 0) general.push(issue);
  }
  return { all: own, byNode, byEdge, general };
}
