/** Keeps a uPlot chart in an element: made anew when its looks change, fed when its data does. */
import { useLayoutEffect, useRef } from "react";
import uPlot from "uplot";
import { buildPlotOptions, type Overlay, type PlotStyle } from "@/runs/curves/plotOptions";

interface PlotInput {
  /** A new object means a new chart. */
  readonly style: PlotStyle;
  readonly aligned: uPlot.AlignedData;
  readonly overlay: Overlay;
  readonly height: number;
}

export function usePlot({ style, aligned, overlay, height }: PlotInput) {
  const container = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const current = useRef({ aligned, overlay });
  current.current = { aligned, overlay };

  useLayoutEffect(() => {
    const element = container.current;
    if (element === null || style.lines.length === 0) return;
    const size = { width: Math.max(1, element.clientWidth), height };
    const made = new uPlot(
      buildPlotOptions(style, size, () => current.current.overlay),
      current.current.aligned,
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() =>
      made.setSize({ width: Math.max(1, element.clientWidth), height }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [style, height]);

  useLayoutEffect(() => {
    const shown = plot.current;
    if (shown === null || shown.data === aligned || aligned.length !== shown.series.length) return;
    const zoomed = isZoomed(shown);
    shown.setData(aligned, !zoomed);
    if (zoomed) shown.redraw();
  }, [aligned]);

  // New marks come without new points: while a run is paused, for example.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the plot reads them itself
  useLayoutEffect(() => plot.current?.redraw(false, false), [overlay.marks]);

  return container;
}

/** Whether a person has zoomed in: then new points must not move what they look at. */
function isZoomed(plot: uPlot): boolean {
  const x = plot.data[0];
  const { min, max } = plot.scales.x ?? {};
  const first = x[0];
  const last = x.at(-1);
  if (first === undefined || last === undefined || min == null || max == null) return false;
  return min > first || max < last;
}
