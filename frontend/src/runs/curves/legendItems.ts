/** What a chart's legend says: a line each, but one entry for the curves of all folds. */
import type { ChartLine, LineRole } from "@/runs/curves/chartData";
import { isMean } from "@/runs/curves/tooltipPlugin";
import { formatCount, formatMetric } from "@/ui/format/amounts";

export interface LegendItem {
  readonly label: string;
  readonly role: LineRole;
  /** The newest value, of a mean with its spread. */
  readonly value: string;
}

/** `newest` has a value for each line. */
export function listLegend(
  lines: readonly ChartLine[],
  newest: readonly (number | undefined)[],
): LegendItem[] {
  const counts = new Map<LineRole, number>();
  for (const { role } of lines) counts.set(role, (counts.get(role) ?? 0) + 1);
  const told = new Set<LineRole>();
  return lines.flatMap((line, i): LegendItem[] => {
    const { label, role } = line;
    if (role === "edge" || role === "edge-validation") return [];
    if (role === "fold" || role === "fold-validation") {
      if (told.has(role)) return [];
      told.add(role);
      const what = label.slice(0, label.lastIndexOf(","));
      return [{ label: `${what}, ${formatCount(counts.get(role) ?? 0, "fold")}`, role, value: "" }];
    }
    return [
      { label, role, value: isMean(line) ? formatSpread(newest[i], newest[i + 1]) : format(newest[i]) },
    ];
  });
}

function format(value: number | undefined): string {
  return value === undefined ? "" : formatMetric(value);
}

/** The upper edge of the band is as far from the mean as the values spread. */
function formatSpread(mean: number | undefined, upper: number | undefined): string {
  if (mean === undefined || upper === undefined) return format(mean);
  return `${formatMetric(mean)} ± ${formatMetric(upper - mean)}`;
}
