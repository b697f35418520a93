/** The box beside the crosshair: where it is, and each line's value there. */
import type uPlot from "uplot";
import classes from "@/runs/curves/Curves.module.css";
import type { ChartLine } from "@/runs/curves/chartData";
import type { ChartColors } from "@/runs/curves/chartStyle";
import { formatInteger, formatMetric } from "@/ui/format/amounts";

const DISTANCE = 14;

export function showTooltip(lines: readonly ChartLine[], colors: ChartColors, noun: string): uPlot.Plugin {
  const box = document.createElement("div");
  box.className = classes.tooltip ?? "";
  box.hidden = true;
  const update = (plot: uPlot): void => {
    const { left = -1, idx } = plot.cursor;
    const x = typeof idx === "number" ? plot.data[0][idx] : undefined;
    box.hidden = left < 0 || x === undefined;
    if (x === undefined || left < 0) return;
    box.replaceChildren(
      writeTitle(noun, x),
      ...lines.flatMap((line, i) => writeRow(plot, line, i + 1, colors)),
    );
    const flip = left > plot.over.clientWidth / 2;
    box.style.left = flip ? "" : `${left + DISTANCE}px`;
    box.style.right = flip ? `${plot.over.clientWidth - left + DISTANCE}px` : "";
  };
  return {
    hooks: {
      init: (plot) => plot.over.append(box),
      setCursor: update,
      setData: update,
    },
  };
}

function writeTitle(noun: string, x: number): HTMLElement {
  const title = document.createElement("div");
  title.className = classes.tooltipTitle ?? "";
  title.textContent = `${noun} ${formatInteger(x)}`;
  return title;
}

function writeRow(plot: uPlot, line: ChartLine, series: number, colors: ChartColors): HTMLElement[] {
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
  number.textContent = value === null ? "not a finite number" : formatMetric(value);
  row.append(swatch, label, number);
  return [row];
}
