/** One metric's chart: training per step and per epoch, validation per epoch, growing while the run trains. */
import "uplot/dist/uPlot.min.css";
import { Text, useComputedColorScheme, useMantineTheme } from "@mantine/core";
import { isEqual } from "es-toolkit";
import { useMemo, useState } from "react";
import classes from "@/runs/curves/Curves.module.css";
import {
  buildChartData,
  type ChartData,
  type ChartLine,
  type ChartOptions,
  type FamilyCurves,
  pickCurves,
} from "@/runs/curves/chartData";
import { pickColors } from "@/runs/curves/chartStyle";
import type { MetricFamily } from "@/runs/curves/families";
import { buildFoldChart, listFolds, pickFold } from "@/runs/curves/foldCurves";
import { Legend } from "@/runs/curves/Legend";
import type { PlotStyle } from "@/runs/curves/plotOptions";
import { usePlot } from "@/runs/curves/usePlot";
import { type PlacedMark, placeMarks } from "@/runs/marks/groupMarks";
import { pickForChart } from "@/runs/marks/overtaken";
import { findFoldStart } from "@/stores/runs/folds";
import { useLiveRun } from "@/stores/runs/useLiveRun";
import { formatCount } from "@/ui/format/amounts";

const NOTHING: ChartData = { lines: [], aligned: [[]], nonFinite: [], newest: [] };
const NO_MARKS: readonly PlacedMark[] = [];

interface MetricChartProps {
  runId: string;
  family: MetricFamily;
  options: ChartOptions;
  height: number;
  /** Of a run with folds the one that is shown; all of them where none is named. */
  fold?: number | null;
  /** Without axes and legend, for a strip. */
  bare?: boolean;
}

export function MetricChart({ runId, family, options, height, fold = null, bare = false }: MetricChartProps) {
  const { data, steps, epochs } = useChartData(runId, family, options, fold);
  const style = useChartStyle(data.lines, options, runId, bare);
  const marks = useChartMarks(runId, options.xAxis, fold);
  const overlay = { nonFinite: data.nonFinite, marks };
  const container = usePlot({ style, aligned: data.aligned, overlay, height });
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

/** What is drawn, and of how many steps and epochs: of a run with folds, those of the longest. */
function useChartData(runId: string, family: MetricFamily, options: ChartOptions, fold: number | null) {
  // No more than what the chart depends on, so that it is not drawn anew for a line of the log.
  const run = useLiveRun(runId, ({ stepCurves, epochCurves, stepsPerEpoch, initialEpoch, folds }) => ({
    stepCurves,
    epochCurves,
    stepsPerEpoch,
    initialEpoch,
    folds,
  }));
  return useMemo(() => {
    if (run === undefined) return { data: NOTHING, steps: 0, epochs: 0 };
    const shown = run.folds === null ? [] : fold === null ? listFolds(run) : [fold];
    const curves =
      run.folds === null ? [pickCurves(run, family)] : shown.map((one) => pickFold(run, family, one));
    const [only] = curves;
    const isOne = run.folds === null || fold !== null;
    const data = isOne ? (only ? buildChartData(only, options) : NOTHING) : buildFoldChart(curves, options);
    const longest = (pick: (one: FamilyCurves) => number) => Math.max(0, ...curves.map(pick));
    return {
      data,
      steps: longest(({ perStep }) => perStep?.x.last() ?? 0),
      epochs: longest(({ training, validation }) => (training ?? validation)?.x.length ?? 0),
    };
  }, [run, family, options, fold]);
}

/** What happened to the run, at its places on the axis. Of several folds only what happened to the one that is shown. */
function useChartMarks(runId: string, xAxis: ChartOptions["xAxis"], fold: number | null) {
  const run = useLiveRun(runId, ({ marks, stepsPerEpoch, initialEpoch, folds, stepCurves }) => ({
    marks,
    stepsPerEpoch,
    initialEpoch,
    folds,
    start: fold === null ? 0 : (findFoldStart(stepCurves, fold) ?? 0),
  }));
  return useMemo(() => {
    if (run === undefined) return NO_MARKS;
    const own = pickForChart(run.marks).filter((mark) => run.folds === null || (mark.fold ?? null) === fold);
    if (run.folds !== null && fold === null) return NO_MARKS;
    const within = own.map((mark) => ({ ...mark, step: mark.step - run.start }));
    return placeMarks(run.start === 0 ? own : within, xAxis === "epoch" ? "epoch" : "step", run);
  }, [run, xAxis, fold]);
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
