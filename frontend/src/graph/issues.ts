/** Issues sorted by the node that causes them, so that each is shown where it can be mended. */
import type { Graph, Issue } from "@/api/types";
import { indexGraph } from "@/graph/document";

export interface GraphIssues {
  readonly all: readonly Issue[];
  readonly byNode: ReadonlyMap<string, readonly Issue[]>;
  readonly byEdge: ReadonlyMap<string, readonly Issue[]>;
  /** The issues of no node, such as a graph without an input. */
  readonly general: readonly Issue[];
}

export const NO_ISSUES: GraphIssues = { all: [], byNode: new Map(), byEdge: new Map(), general: [] };

/** The nodes that an issue is shown on: its own, otherwise those that call its layer, otherwise its edge's target. */
export function findNodesOf(issue: Issue, graph: Graph): readonly string[] {
  const { nodes, calls, edges } = indexGraph(graph);
  if (issue.node && nodes.has(issue.node)) return [issue.node];
  if (issue.layer) return (calls.get(issue.layer) ?? []).map(({ id }) => id);
  const target = issue.edge ? edges.get(issue.edge)?.target : undefined;
  return target && nodes.has(target) ? [target] : [];
}

export function sortIssues(issues: readonly Issue[], graph: Graph): GraphIssues {
  const byNode = new Map<string, Issue[]>();
  const byEdge = new Map<string, Issue[]>();
  const general: Issue[] = [];
  for (const issue of issues) {
    const nodes = findNodesOf(issue, graph);
    for (const node of nodes) byNode.set(node, [...(byNode.get(node) ?? []), issue]);
    if (issue.edge) byEdge.set(issue.edge, [...(byEdge.get(issue.edge) ?? []), issue]);
    if (nodes.length === 0) general.push(issue);
  }
  return { all: issues, byNode, byEdge, general };
}
