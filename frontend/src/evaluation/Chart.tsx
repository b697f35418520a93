/** A small chart with axes, drawn as SVG so that it follows the theme. What is in it places itself by `toX`, `toY`. */
import type { ReactNode } from "react";
import classes from "@/evaluation/Evaluation.module.css";
import { pickTicks } from "@/evaluation/ticks";
import { formatMetric } from "@/ui/format/amounts";

const WIDTH = 400;
const HEIGHT = 300;
const LEFT = 52;
const BOTTOM = 40;
const TOP = 8;
const RIGHT = 10;

export interface Scales {
  toX: (value: number) => number;
  toY: (value: number) => number;
}

interface ChartProps {
  label: string;
  xLabel: string;
  yLabel: string;
  x: readonly [number, number];
  y: readonly [number, number];
  children: (scales: Scales) => ReactNode;
}

export function Chart({ label, xLabel, yLabel, x, y, children }: ChartProps) {
  const toX = makeScale(x, LEFT, WIDTH - RIGHT);
  const toY = makeScale(y, HEIGHT - BOTTOM, TOP);
  return (
    <svg className={classes.chart} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      {pickTicks(...y).map((tick) => (
        <g key={tick}>
          <line className={classes.grid} x1={LEFT} x2={WIDTH - RIGHT} y1={toY(tick)} y2={toY(tick)} />
          <text className={classes.axis} x={LEFT - 6} y={toY(tick) + 4} textAnchor="end">
            {formatMetric(tick)}
          </text>
        </g>
      ))}
      {pickTicks(...x).map((tick) => (
        <g key={tick}>
          <line className={classes.grid} x1={toX(tick)} x2={toX(tick)} y1={TOP} y2={HEIGHT - BOTTOM} />
          <text className={classes.axis} x={toX(tick)} y={HEIGHT - BOTTOM + 15} textAnchor="middle">
            {formatMetric(tick)}
          </text>
        </g>
      ))}
      <text className={classes.axis} x={(LEFT + WIDTH - RIGHT) / 2} y={HEIGHT - 6} textAnchor="middle">
        {xLabel}
      </text>
      <text
        className={classes.axis}
        transform={`translate(10 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)`}
        textAnchor="middle"
      >
        {yLabel}
      </text>
      {children({ toX, toY })}
    </svg>
  );
}

function makeScale(domain: readonly [number, number], from: number, to: number): (value: number) => number {
  const span = domain[1] - domain[0] || 1;
  return (value) => Number((from + ((value - domain[0]) / span) * (to - from)).toFixed(2));
}
