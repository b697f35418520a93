/** Which colour is which line of a chart, with each line's newest value; of folds one entry for all, and their mean. */

import classes from "@/runs/curves/Curves.module.css";
import type { ChartData, ChartLine } from "@/runs/curves/chartData";
import type { ChartColors } from "@/runs/curves/chartStyle";
import { listLegend } from "@/runs/curves/legendItems";

interface LegendProps {
  lines: readonly ChartLine[];
  data: ChartData;
  colors: ChartColors;
}

export function Legend({ lines, data, colors }: LegendProps) {
  return (
    <div className={classes.legend}>
      {listLegend(lines, data.newest).map(({ label, role, value }) => (
        <span key={label} className={classes.legendItem}>
          <span className={classes.swatch} style={{ background: colors.lines[role] }} />
          {label}
          <b>{value}</b>
        </span>
      ))}
    </div>
  );
}
