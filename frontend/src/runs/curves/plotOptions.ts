/** A chart's settings for uPlot: axes, lines, crosshair. */
import type uPlot from "uplot";
import type { ChartLine, LineRole, NonFinite, XAxis } from "@/runs/curves/chartData";
import type { ChartColors } from "@/runs/curves/chartStyle";
import { isEdge, isFold, isMean } from "@/runs/curves/foldLines";
import { drawMarks } from "@/runs/curves/marksPlugin";
import { drawNonFinite } from "@/runs/curves/nonFinitePlugin";
import { showTooltip } from "@/runs/curves/tooltipPlugin";
import type { PlacedMark } from "@/runs/marks/groupMarks";
import { formatMetric } from "@/ui/format/amounts";

/** What is drawn over the lines, at any time as it is then. */
export interface Overlay {
  readonly nonFinite: readonly NonFinite[];
  readonly marks: readonly PlacedMark[];
}

export interface PlotStyle {
  readonly lines: readonly ChartLine[];
  readonly colors: ChartColors;
  readonly xAxis: XAxis;
  readonly logScale: boolean;
  /** Without axes, for a small chart. */
  readonly bare: boolean;
  /** Charts with the same key move their crosshairs together. */
  readonly syncKey: string;
}

const FONT = "11px 'Inter Variable', system-ui, sans-serif";
/** Steps and epochs are whole numbers, so are their ticks. */
const WHOLE_INCREMENTS = [1, 2, 5].flatMap((first) =>
  Array.from({ length: 12 }, (_, power) => first * 10 ** power),
);
const LOGARITHMIC = 3;
/** In CSS pixels; 1.5 where nothing is said. */
const WIDTHS: Partial<Record<LineRole, number>> = {
  raw: 1,
  "training-epoch": 2,
  validation: 2,
  fold: 1,
  "fold-validation": 1,
  mean: 2.5,
  "mean-validation": 2.5,
};
/** In CSS pixels. */
const POINT_ROOM = 9;
const ROOM_FOR_SIGNS = 20;
const ROOM_FOR_LAST_TICK = 22;

export function buildPlotOptions(
  style: PlotStyle,
  size: { width: number; height: number },
  overlay: () => Overlay,
): uPlot.Options {
  const { colors, xAxis, logScale, bare, syncKey } = style;
  return {
    ...size,
    padding: bare ? [4, 4, 4, 4] : [ROOM_FOR_SIGNS, ROOM_FOR_LAST_TICK, 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: syncKey, setSeries: false },
      drag: { x: !bare, y: false },
      points: { size: (_plot, series) => sizePoint(style.lines[series - 1]) },
    },
    scales: { x: { time: false }, y: { distr: logScale ? LOGARITHMIC : 1 } },
    axes: bare ? [{ show: false }, { show: false }] : buildAxes(colors, xAxis, logScale),
    series: [{}, ...style.lines.map((line) => buildLine(line, style))],
    bands: buildBands(style),
    plugins: [
      drawMarks(() => overlay().marks, colors, bare),
      drawNonFinite(() => overlay().nonFinite, colors),
      showTooltip({ lines: style.lines, colors, noun: xAxis === "epoch" ? "Epoch" : "Step" }, overlay),
    ],
  };
}

function buildAxes(colors: ChartColors, xAxis: XAxis, logScale: boolean): uPlot.Axis[] {
  const look = {
    stroke: colors.axis,
    font: FONT,
    labelFont: FONT,
    grid: { stroke: colors.grid, width: 1 },
    ticks: { show: false },
  };
  return [
    {
      ...look,
      label: xAxis === "epoch" ? "Epoch" : "Step",
      labelSize: 18,
      size: 26,
      incrs: [...WHOLE_INCREMENTS].sort((a, b) => a - b),
    },
    {
      ...look,
      size: 58,
      values: (_plot, ticks) => ticks.map((tick) => (tick === null ? "" : formatMetric(tick))),
      ...(logScale ? {} : { space: 32 }),
    },
  ];
}

function buildLine(line: ChartLine, { colors, xAxis, bare }: PlotStyle): uPlot.Series {
  const stroke = colors.lines[line.role];
  const perEpoch = line.role === "training-epoch" || line.role === "validation";
  return {
    label: line.label,
    stroke,
    width: isEdge(line.role) ? 0 : (WIDTHS[line.role] ?? 1.5),
    points: perEpoch
      ? { show: isSparse, size: bare ? 4 : 6, fill: stroke }
      : isEdge(line.role) || isFold(line.role) || isMean(line)
        ? { show: false }
        : {},
    // Beside the line of all steps, the training's epochs are points on it.
    ...(line.role === "training-epoch" && xAxis === "both" ? { paths: () => null } : {}),
  };
}

/** What follows the crosshair on a line, in CSS pixels: on those of many folds nothing. */
function sizePoint(line: ChartLine | undefined): number {
  return line !== undefined && (isEdge(line.role) || isFold(line.role)) ? 0 : 7;
}

/** Between the two edges, which follow each other. */
function buildBands({ lines, colors }: PlotStyle): uPlot.Band[] {
  return lines.flatMap(({ role }, i) => {
    if (!isEdge(role) || lines[i + 1]?.role !== role) return [];
    // The first series is the axis.
    return [{ series: [i + 1, i + 2] as [number, number], fill: colors.bands[role] }];
  });
}

/** Points are shown as long as each has room: more than that would be a thick line. */
function isSparse(plot: uPlot, series: number, first: number, last: number): boolean {
  let points = 0;
  const values = plot.data[series] ?? [];
  for (let i = first; i <= last; i++) if (values[i] != null) points += 1;
  return points * POINT_ROOM < plot.over.clientWidth;
}
