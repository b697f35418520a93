/** The graph on the canvas, cut out of the whole document with what the check says of it. */
import type { CheckResult, Graph } from "@/api/types";
import { completeLayout } from "@/graph/arrange";
import { type Document, EMPTY_GRAPH } from "@/graph/document";
import { type GraphIssues, NO_ISSUES, sortIssues } from "@/graph/issues";
import { checkAt, type GraphPath, graphAt, layoutAt } from "@/graph/nesting";

export interface OpenGraph {
  /** The ids of the layers that lead to it; empty for the outermost graph. */
  readonly path: GraphPath;
  /** The graph with a place for each of its nodes. */
  readonly document: Document;
  readonly check: CheckResult | null;
  readonly issues: GraphIssues;
}

/** The part of the document at a path. What did not change since `before` keeps its identity. */
export function openAt(
  before: OpenGraph | null,
  whole: Document,
  path: GraphPath,
  check: CheckResult | null,
): OpenGraph {
  const graph = graphAt(whole.graph, path) ?? EMPTY_GRAPH;
  const layout = completeLayout({ graph, layout: layoutAt(whole.layout, path) });
  if (before && before.path.join() === path.join()) {
    const isSame = before.document.graph === graph && before.document.layout === layout;
    return isSame ? before : { ...before, document: { graph, layout } };
  }
  return { path, document: { graph, layout }, ...readCheck(check, graph, path) };
}

export function readCheck(
  check: CheckResult | null,
  graph: Graph,
  path: GraphPath,
): Pick<OpenGraph, "check" | "issues"> {
  return {
    check: checkAt(check, path),
    issues: check ? sortIssues(check.issues, graph, path) : NO_ISSUES,
  };
}
