/** What a chart's legend says: a line each, but one entry for the curves of all folds. */
import type { ChartLine, LineRole } from "@/runs/curves/chartData";
import { isEdge, isFold, isMean } from "@/runs/curves/foldLines";
import { formatCount, formatMetric, formatWithSpread } from "@/ui/format/amounts";

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
  return lines.flatMap((line, i): LegendItem[] => {
    const { label, role } = line;
    if (isEdge(role)) return [];
    if (isMean(line)) return [{ label, role, value: formatSpread(newest[i], newest[i + 1]) }];
    if (!isFold(role)) return [{ label, role, value: format(newest[i]) }];
    // The thin lines around a mean explain themselves.
    const isFirst = lines.findIndex((one) => one.role === role) === i;
    return isFirst && !lines.some(isMean)
      ? [{ label: `each of ${countRole(lines, role)}`, role, value: "" }]
      : [];
  });
}

function countRole(lines: readonly ChartLine[], role: LineRole): string {
  return formatCount(lines.filter((line) => line.role === role).length, "fold");
}

function format(value: number | undefined): string {
  return value === undefined ? "" : formatMetric(value);
}

/** The upper edge of the band is as far from the mean as the values spread. */
function formatSpread(mean: number | undefined, upper: number | undefined): string {
  if (mean === undefined || upper === undefined) return format(mean);
  return formatWithSpread(mean, upper - mean);
}
