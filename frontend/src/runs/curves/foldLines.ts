/** Which lines of a chart are of folds: each one's own, their mean, and the edges of the band around that. */
import type { ChartLine, LineRole } from "@/runs/curves/chartData";

export function isFold(role: LineRole): boolean {
  return role === "fold" || role === "fold-validation";
}

export function isEdge(role: LineRole): role is "edge" | "edge-validation" {
  return role === "edge" || role === "edge-validation";
}

/** After it come the upper and the lower edge of its band. */
export function isMean({ role }: ChartLine): boolean {
  return role === "mean" || role === "mean-validation";
}
