/** Which colour is which line of a chart, with each line's newest value. */

import classes from "@/runs/curves/Curves.module.css";
import type { ChartData, ChartLine } from "@/runs/curves/chartData";
import type { ChartColors } from "@/runs/curves/chartStyle";
import { formatMetric } from "@/ui/format/amounts";

interface LegendProps {
  lines: readonly ChartLine[];
  data: ChartData;
  colors: ChartColors;
}

export function Legend({ lines, data, colors }: LegendProps) {
  return (
    <div className={classes.legend}>
      {lines.map((line, i) => (
        <span key={line.label} className={classes.legendItem}>
          <span className={classes.swatch} style={{ background: colors.lines[line.role] }} />
          {line.label}
          <b>{formatNewest(data.newest[i])}</b>
        </span>
      ))}
    </div>
  );
}

function formatNewest(value: number | undefined): string {
  return value === undefined ? "" : formatMetric(value);
}
