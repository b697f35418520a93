/** Marks on a chart where a metric is NaN or infinite: a gap alone could be overlooked. */
import type uPlot from "uplot";
import type { NonFinite } from "@/runs/curves/chartData";
import type { ChartColors } from "@/runs/curves/chartStyle";

/** Half the width of a mark, in CSS pixels. */
const HALF = 4;

/** NaN and ∞ stand at the top edge, −∞ at the bottom. Marks at the same pixel are drawn once. */
export function drawNonFinite(values: () => readonly NonFinite[], colors: ChartColors): uPlot.Plugin {
  const draw = (plot: uPlot): void => {
    const { ctx } = plot;
    const scale = devicePixelRatio;
    const drawn = new Set<string>();
    ctx.save();
    ctx.fillStyle = colors.alarm;
    for (const { x, value } of values()) {
      const left = Math.round(plot.valToPos(x, "x", true));
      const place = `${left} ${value}`;
      const inside = left >= plot.bbox.left && left <= plot.bbox.left + plot.bbox.width;
      if (!inside || drawn.has(place)) continue;
      drawn.add(place);
      drawTriangle(plot, left, HALF * scale, value === "−∞");
    }
    ctx.restore();
  };
  return { hooks: { draw } };
}

function drawTriangle(plot: uPlot, x: number, half: number, atBottom: boolean): void {
  const { ctx, bbox } = plot;
  const edge = atBottom ? bbox.top + bbox.height : bbox.top;
  const inward = atBottom ? -2 * half : 2 * half;
  ctx.beginPath();
  ctx.moveTo(x - half, edge);
  ctx.lineTo(x + half, edge);
  ctx.lineTo(x, edge + inward);
  ctx.fill();
}
