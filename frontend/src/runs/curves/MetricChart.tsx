/** One metric's chart: training per step and per epoch, validation per epoch, growing while the run trains. */
import "uplot/dist/uPlot.min.css";
import { Text, useComputedColorScheme, useMantineTheme } from "@mantine/core";
import { isEqual } from "es-toolkit";
import { useMemo, useState } from "react";
import classes from "@/runs/curves/Curves.module.css";
import {
  buildChartData,
  type ChartLine,
  type ChartOptions,
  type FamilyCurves,
  pickCurves,
} from "@/runs/curves/chartData";
import { pickColors } from "@/runs/curves/chartStyle";
import type { MetricFamily } from "@/runs/curves/families";
import { Legend } from "@/runs/curves/Legend";
import type { PlotStyle } from "@/runs/curves/plotOptions";
import { usePlot } from "@/runs/curves/usePlot";
import { placeMarks } from "@/runs/marks/groupMarks";
import { pickForChart } from "@/runs/marks/overtaken";
import { useLiveRun } from "@/stores/runs/useLiveRun";
import { formatCount } from "@/ui/format/amounts";

interface MetricChartProps {
  runId: string;
  family: MetricFamily;
  options: ChartOptions;
  height: number;
  /** Without axes and legend, for a strip. */
  bare?: boolean;
}

const NOTHING: FamilyCurves = {
  perStep: undefined,
  training: undefined,
  validation: undefined,
  stepsPerEpoch: null,
  initialEpoch: 0,
};

export function MetricChart({ runId, family, options, height, bare = false }: MetricChartProps) {
  const curves = useLiveRun(runId, (run) => pickCurves(run, family)) ?? NOTHING;
  const data = useMemo(() => buildChartData(curves, options), [curves, options]);
  const style = useChartStyle(data.lines, options, runId, bare);
  const marks = useChartMarks(runId, options.xAxis);
  const overlay = { nonFinite: data.nonFinite, marks };
  const container = usePlot({ style, aligned: data.aligned, overlay, height });
  const steps = curves.perStep?.x.last() ?? 0;
  const epochs = (curves.training ?? curves.validation)?.x.length ?? 0;
  return (
    <figure
      aria-label={`Curve of ${family.name}: ${[
        formatCount(steps, "step"),
        formatCount(epochs, "epoch"),
        ...(marks.length === 0 ? [] : [formatCount(marks.length, "mark")]),
      ].join(", ")}`}
      style={{ margin: 0, minWidth: 0 }}
    >
      {!bare && <Legend lines={style.lines} data={data} colors={style.colors} />}
      <div ref={container} className={classes.chart} style={{ height }}>
        {style.lines.length === 0 && (
          <div className={classes.waiting} style={{ height }}>
            <Text size="xs" c="dimmed">
              {options.xAxis === "epoch" ? "No epoch has ended yet" : "No step yet"}
            </Text>
          </div>
        )}
      </div>
    </figure>
  );
}

/** What happened to the run, at its places on the axis. */
function useChartMarks(runId: string, xAxis: ChartOptions["xAxis"]) {
  const run = useLiveRun(runId, ({ marks, stepsPerEpoch, initialEpoch }) => ({
    marks,
    stepsPerEpoch,
    initialEpoch,
  }));
  return useMemo(
    () => (run ? placeMarks(pickForChart(run.marks), xAxis === "epoch" ? "epoch" : "step", run) : []),
    [run, xAxis],
  );
}

/** The chart's looks. The same object as long as nothing of them changes, so that the chart is not made anew. */
function useChartStyle(
  newest: readonly ChartLine[],
  { xAxis, logScale }: ChartOptions,
  syncKey: string,
  bare: boolean,
): PlotStyle {
  const theme = useMantineTheme();
  const dark = useComputedColorScheme("light") === "dark";
  const [lines, setLines] = useState(newest);
  if (!isEqual(lines, newest)) setLines(newest);
  return useMemo(
    () => ({ lines, colors: pickColors(theme, dark), xAxis, logScale, bare, syncKey }),
    [lines, theme, dark, xAxis, logScale, bare, syncKey],
  );
}
