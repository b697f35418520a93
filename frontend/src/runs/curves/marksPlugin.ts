/** What happened to a run, on its chart: a line across, and a sign above it. */
import type uPlot from "uplot";
import type { ChartColors } from "@/runs/curves/chartStyle";
import { groupMarks, type MarkGroup, type PlacedMark } from "@/runs/marks/groupMarks";
import { KINDS } from "@/runs/marks/kinds";

/** Signs closer than this are one, in CSS pixels. */
export const GAP = 18;
/** The sides of a sign, in CSS pixels, and of the squares that the shapes are given in. */
const SIDE = 13;
const SHAPE_SIDE = 24;

const shapes = new Map<string, Path2D>();

/** On a `bare` chart there is room for the lines only. */
export function drawMarks(
  marks: () => readonly PlacedMark[],
  colors: ChartColors,
  bare: boolean,
): uPlot.Plugin {
  const draw = (plot: uPlot): void => {
    const { ctx, bbox } = plot;
    ctx.save();
    for (const group of groupMarks(marks(), (x) => plot.valToPos(x, "x", true), GAP * devicePixelRatio)) {
      if (group.left < bbox.left || group.left > bbox.left + bbox.width) continue;
      drawLine(plot, group, colors);
      if (!bare) drawSign(plot, group, colors);
    }
    ctx.restore();
  };
  return { hooks: { draw } };
}

function drawLine({ ctx, bbox }: uPlot, { left, lead }: MarkGroup, colors: ChartColors): void {
  const x = Math.round(left) + 0.5;
  ctx.beginPath();
  ctx.strokeStyle = colors.tones[KINDS[lead.kind].tone];
  ctx.globalAlpha = 0.7;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

/** Above the plot, where it covers no point. */
function drawSign({ ctx, bbox }: uPlot, { left, lead }: MarkGroup, colors: ChartColors): void {
  const { shape, tone } = KINDS[lead.kind];
  const side = SIDE * devicePixelRatio;
  ctx.save();
  ctx.translate(Math.round(left - side / 2), Math.round(bbox.top - side - 3 * devicePixelRatio));
  ctx.scale(side / SHAPE_SIDE, side / SHAPE_SIDE);
  ctx.fillStyle = colors.tones[tone];
  ctx.fill(findShape(shape));
  ctx.restore();
}

function findShape(path: string): Path2D {
  const known = shapes.get(path);
  if (known !== undefined) return known;
  const made = new Path2D(path);
  shapes.set(path, made);
  return made;
}
