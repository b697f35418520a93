/** Leads to where an issue is: opens its graph, and chooses the node that is at fault. */
import type { Issue } from "@/api/types";
import { findNodesOf } from "@/graph/issues";
import { graphAt, reachablePath } from "@/graph/nesting";
import { currentDocument, focusNode, openGraph } from "@/stores/editor/editorStore";

export function goToIssue(issue: Issue): void {
  const whole = currentDocument().graph;
  const path = reachablePath(whole, issue.within);
  const graph = graphAt(whole, path);
  const [node] = graph ? findNodesOf(issue, graph, path) : [];
  if (node === undefined) openGraph(path);
  else focusNode(node, path);
}
