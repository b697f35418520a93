/** Turns a run's curves into what a chart draws: lines, points, and places where a value is not a number. */
import uPlot from "uplot";
import type { MetricFamily } from "@/runs/curves/families";
import { smoothCurve } from "@/runs/curves/smoothing";
import type { Curve, LiveRun } from "@/stores/runs/state";

export type XAxis = "step" | "epoch" | "both";

export interface ChartOptions {
  readonly xAxis: XAxis;
  /** 0 (none) to below 1. */
  readonly smoothing: number;
  readonly logScale: boolean;
}

/** Those of folds: a fold's own curve, the mean of all, and the edges of the band around it. */
type FoldRole = "fold" | "mean" | "edge" | "fold-validation" | "mean-validation" | "edge-validation";

export type LineRole = "raw" | "training" | "training-epoch" | "validation" | FoldRole;

export interface ChartLine {
  readonly label: string;
  readonly role: LineRole;
}

/** A place where the metric is NaN or infinite: `x` on the axis, and what it is. */
export interface NonFinite {
  readonly x: number;
  readonly value: "NaN" | "∞" | "−∞";
  readonly role: LineRole;
}

export interface ChartData {
  readonly lines: readonly ChartLine[];
  readonly aligned: uPlot.AlignedData;
  readonly nonFinite: readonly NonFinite[];
  /** Each line's last value. */
  readonly newest: readonly (number | undefined)[];
}

/** What of a run one family's chart is drawn from. */
export interface FamilyCurves {
  readonly perStep: Curve | undefined;
  readonly training: Curve | undefined;
  readonly validation: Curve | undefined;
  readonly stepsPerEpoch: number | null;
  readonly initialEpoch: number;
}

/** What of a run charts are drawn from. */
export type DrawnRun = Pick<LiveRun, "stepCurves" | "epochCurves" | "stepsPerEpoch" | "initialEpoch">;

export function pickCurves(run: DrawnRun, family: MetricFamily): FamilyCurves {
  return {
    perStep: run.stepCurves[family.name],
    training: run.epochCurves[family.name],
    validation: run.epochCurves[family.validation],
    stepsPerEpoch: run.stepsPerEpoch,
    initialEpoch: run.initialEpoch,
  };
}

export interface Table {
  readonly x: ArrayLike<number>;
  readonly columns: readonly { readonly line: ChartLine; readonly y: ArrayLike<number> }[];
}

/** The chart of one family. Its x is the number of updates done, or of the epoch (1 is the first) on the epoch axis. */
export function buildChartData(curves: FamilyCurves, options: ChartOptions): ChartData {
  const tables = [
    ...(options.xAxis === "epoch" ? [] : stepTables(curves.perStep, options.smoothing)),
    ...(options.xAxis === "step" ? [] : epochTables(curves, options.xAxis)),
  ];
  return {
    lines: tables.flatMap((table) => table.columns.map((column) => column.line)),
    aligned:
      tables.length === 0 ? [[]] : uPlot.join(tables.map((table) => toAligned(table, options.logScale))),
    nonFinite: tables.flatMap(findNonFinite),
    newest: tables.flatMap((table) => table.columns.map(({ y }) => y[y.length - 1])),
  };
}

export function stepTables(curve: Curve | undefined, smoothing: number): Table[] {
  if (curve === undefined) return [];
  const y = curve.y.view();
  const label = "per step";
  if (smoothing === 0) return [{ x: curve.x.view(), columns: [{ line: { label, role: "training" }, y }] }];
  return [
    {
      x: curve.x.view(),
      columns: [
        { line: { label, role: "raw" }, y },
        { line: { label: "smoothed", role: "training" }, y: smoothCurve(y, smoothing) },
      ],
    },
  ];
}

function epochTables(curves: FamilyCurves, xAxis: XAxis): Table[] {
  const { stepsPerEpoch, initialEpoch } = curves;
  const place = (epoch: number): number =>
    xAxis === "epoch" || stepsPerEpoch === null ? epoch + 1 : (epoch - initialEpoch + 1) * stepsPerEpoch;
  const lastStep = xAxis === "both" ? (curves.perStep?.x.last() ?? Number.POSITIVE_INFINITY) : null;
  const toTable = (curve: Curve | undefined, line: ChartLine): Table[] => {
    if (curve === undefined) return [];
    const x = curve.x.view().map(place);
    return [{ x: lastStep === null ? x : endAt(x, lastStep), columns: [{ line, y: curve.y.view() }] }];
  };
  return [
    ...toTable(curves.training, { label: "per epoch", role: "training-epoch" }),
    ...toTable(curves.validation, { label: "validation", role: "validation" }),
  ];
}

/** The newest epoch may have been broken off, by a callback: then it ended with the last step. */
function endAt(x: Float64Array<ArrayBuffer>, lastStep: number): Float64Array<ArrayBuffer> {
  const last = x.length - 1;
  const before = x[last - 1] ?? 0;
  return (x[last] ?? 0) > lastStep && lastStep > before ? x.with(last, lastStep) : x;
}

export function toAligned({ x, columns }: Table, logScale: boolean): uPlot.AlignedData {
  const drawable = (y: number): number | null => (Number.isFinite(y) && (!logScale || y > 0) ? y : null);
  return [Array.from(x), ...columns.map(({ y }) => Array.from(y, drawable))];
}

/** Only the first column: the smoothed one has its gaps at the same places. */
export function findNonFinite({ x, columns: [column] }: Table): NonFinite[] {
  if (column === undefined) return [];
  const nonFinite: NonFinite[] = [];
  for (let i = 0; i < column.y.length; i++) {
    const value = column.y[i] ?? 0;
    if (!Number.isFinite(value))
      nonFinite.push({ x: x[i] ?? 0, value: nameNonFinite(value), role: column.line.role });
  }
  return nonFinite;
}

function nameNonFinite(value: number): NonFinite["value"] {
  if (Number.isNaN(value)) return "NaN";
  return value > 0 ? "∞" : "−∞";
}
