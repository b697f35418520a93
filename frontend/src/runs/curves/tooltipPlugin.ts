/** The box beside the crosshair: where it is, and each line's value there. */
import type uPlot from "uplot";
import classes from "@/runs/curves/Curves.module.css";
import type { ChartLine, NonFinite } from "@/runs/curves/chartData";
import type { ChartColors } from "@/runs/curves/chartStyle";
import { isEdge, isFold, isMean } from "@/runs/curves/foldLines";
import { GAP } from "@/runs/curves/marksPlugin";
import type { Overlay } from "@/runs/curves/plotOptions";
import { nameSource, readMessage } from "@/runs/marks/describeMark";
import { groupMarks } from "@/runs/marks/groupMarks";
import { KINDS } from "@/runs/marks/kinds";
import { formatInteger, formatMetric, formatWithSpread } from "@/ui/format/amounts";

const DISTANCE = 14;
/** How close to the crosshair a mark has to be to be told of, in CSS pixels. */
const NEAR = 8;
const MOST_MARKS = 4;
/** Of more than that, with the axis, the box would tell nothing: the means of folds then stand for them. */
const MOST_LINES = 8;

interface TooltipStyle {
  readonly lines: readonly ChartLine[];
  readonly colors: ChartColors;
  /** What the horizontal axis counts. */
  readonly noun: string;
}

export function showTooltip({ lines, colors, noun }: TooltipStyle, overlay: () => Overlay): uPlot.Plugin {
  const box = document.createElement("div");
  box.className = classes.tooltip ?? "";
  box.hidden = true;
  const update = (plot: uPlot): void => {
    const { left = -1, idx } = plot.cursor;
    const x = typeof idx === "number" ? plot.data[0][idx] : undefined;
    box.hidden = left < 0 || x === undefined;
    if (x === undefined || left < 0) return;
    const rows = lines.flatMap((line, i) => writeRow(plot, i + 1, line, colors, overlay().nonFinite));
    box.replaceChildren(writeTitle(noun, x), ...rows, ...writeMarks(plot, left, overlay()));
    placeBox(box, left, plot.over.clientWidth);
  };
  return {
    hooks: {
      init: (plot) => plot.over.append(box),
      setCursor: update,
      setData: update,
    },
  };
}

/** To the right of the crosshair, or to its left where it would not fit. */
function placeBox(box: HTMLElement, left: number, width: number): void {
  const flip = left + DISTANCE + box.offsetWidth > width;
  box.style.left = flip ? "" : `${left + DISTANCE}px`;
  box.style.right = flip ? `${width - left + DISTANCE}px` : "";
}

function writeTitle(noun: string, x: number): HTMLElement {
  const title = document.createElement("div");
  title.className = classes.tooltipTitle ?? "";
  title.textContent = `${noun} ${formatInteger(x)}`;
  return title;
}

function writeRow(
  plot: uPlot,
  series: number,
  line: ChartLine,
  colors: ChartColors,
  nonFinite: readonly NonFinite[],
): HTMLElement[] {
  if (isEdge(line.role) || (isFold(line.role) && plot.series.length > MOST_LINES)) return [];
  const index = plot.cursor.idxs?.[series];
  if (typeof index !== "number") return [];
  const value = plot.data[series]?.[index];
  if (value === undefined) return [];
  const row = document.createElement("div");
  row.className = classes.tooltipRow ?? "";
  const swatch = document.createElement("span");
  swatch.className = classes.swatch ?? "";
  swatch.style.background = colors.lines[line.role];
  const label = document.createElement("span");
  // Beside the crosshair there is no room for more: the legend says how many folds.
  label.textContent = isMean(line) ? (line.label.split(",")[0] ?? line.label) : line.label;
  const number = document.createElement("b");
  const upper = isMean(line) ? plot.data[series + 1]?.[index] : undefined;
  const shown = (mean: number) => (upper == null ? formatMetric(mean) : formatWithSpread(mean, upper - mean));
  number.textContent = value === null ? nameGap(nonFinite, plot.data[0][index]) : shown(value);
  row.append(swatch, label, number);
  return [row];
}

/** What happened near the crosshair. */
function writeMarks(plot: uPlot, left: number, { marks }: Overlay): HTMLElement[] {
  const near = groupMarks(marks, (x) => plot.valToPos(x, "x"), GAP)
    .filter((group) => Math.abs(group.left - left) <= NEAR)
    .flatMap((group) => group.marks);
  const rows = near.slice(-MOST_MARKS).map((mark) => {
    const row = document.createElement("div");
    row.className = classes.tooltipMark ?? "";
    const name = document.createElement("b");
    name.textContent = `${KINDS[mark.kind].label} · ${nameSource(mark.source)}`;
    row.append(name, document.createElement("br"), readMessage(mark));
    return row;
  });
  if (near.length <= MOST_MARKS) return rows;
  const more = document.createElement("div");
  more.className = classes.tooltipTitle ?? "";
  more.textContent = `and ${formatInteger(near.length - MOST_MARKS)} earlier`;
  return [...rows, more];
}

/** What stands where the line has a gap: NaN, an infinity, or a value that a logarithmic axis cannot show. */
function nameGap(nonFinite: readonly NonFinite[], x: number | undefined): string {
  return nonFinite.find((mark) => mark.x === x)?.value ?? "not above 0";
}
