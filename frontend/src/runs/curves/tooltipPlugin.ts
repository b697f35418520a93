/** The box beside the crosshair: where it is, and each line's value there. */
import type uPlot from "uplot";
import classes from "@/runs/curves/Curves.module.css";
import type { ChartLine, Mark } from "@/runs/curves/chartData";
import type { ChartColors } from "@/runs/curves/chartStyle";
import { formatInteger, formatMetric } from "@/ui/format/amounts";

const DISTANCE = 14;

interface TooltipStyle {
  readonly lines: readonly ChartLine[];
  readonly colors: ChartColors;
  /** What the horizontal axis counts. */
  readonly noun: string;
}

export function showTooltip(
  { lines, colors, noun }: TooltipStyle,
  marks: () => readonly Mark[],
): uPlot.Plugin {
  const box = document.createElement("div");
  box.className = classes.tooltip ?? "";
  box.hidden = true;
  const update = (plot: uPlot): void => {
    const { left = -1, idx } = plot.cursor;
    const x = typeof idx === "number" ? plot.data[0][idx] : undefined;
    box.hidden = left < 0 || x === undefined;
    if (x === undefined || left < 0) return;
    const rows = lines.flatMap((line, i) => writeRow(plot, i + 1, line, colors, marks()));
    box.replaceChildren(writeTitle(noun, x), ...rows);
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
  marks: readonly Mark[],
): HTMLElement[] {
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
  label.textContent = line.label;
  const number = document.createElement("b");
  number.textContent = value === null ? nameGap(marks, plot.data[0][index]) : formatMetric(value);
  row.append(swatch, label, number);
  return [row];
}

/** What stands where the line has a gap: NaN, an infinity, or a value that a logarithmic axis cannot show. */
function nameGap(marks: readonly Mark[], x: number | undefined): string {
  return marks.find((mark) => mark.x === x)?.value ?? "not above 0";
}
