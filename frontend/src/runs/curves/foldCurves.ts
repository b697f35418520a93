/** What a chart of several folds is drawn from: each fold's curves thin, their mean bold, with a band around it. */
import uPlot from "uplot";
import type {
  ChartData,
  ChartLine,
  ChartOptions,
  DrawnRun,
  FamilyCurves,
  LineRole,
} from "@/runs/curves/chartData";
import { findNonFinite, stepTables, type Table, toAligned } from "@/runs/curves/chartData";
import type { MetricFamily } from "@/runs/curves/families";
import { Column } from "@/stores/runs/column";
import { findFoldStart, nameInFold, type Summary, splitName, summarize } from "@/stores/runs/folds";
import type { Curve, LiveRun } from "@/stores/runs/state";
import { formatCount } from "@/ui/format/amounts";

/** One fold's curves of a family; steps count from the fold's first. */
export function pickFold(run: DrawnRun, family: MetricFamily, fold: number): FamilyCurves {
  const perStep = run.stepCurves[nameInFold(family.name, fold)];
  const start = findFoldStart(run.stepCurves, fold) ?? 0;
  return {
    perStep: perStep && { x: start === 0 ? perStep.x : shift(perStep.x, -start), y: perStep.y },
    training: run.epochCurves[nameInFold(family.name, fold)],
    validation: run.epochCurves[nameInFold(family.validation, fold)],
    stepsPerEpoch: run.stepsPerEpoch,
    initialEpoch: run.initialEpoch,
  };
}

/** The folds that a run has begun. */
export function listFolds(run: Pick<LiveRun, "stepCurves" | "epochCurves">): number[] {
  const names = [...Object.keys(run.stepCurves), ...Object.keys(run.epochCurves)];
  const folds = new Set(names.map((name) => splitName(name).fold).filter((fold) => fold !== null));
  return [...folds].sort((a, b) => a - b);
}

/** The roles that stand for one of the two curves of a family. */
interface Roles {
  readonly fold: LineRole;
  readonly mean: LineRole;
  readonly edge: LineRole;
}

const TRAINING: Roles = { fold: "fold", mean: "mean", edge: "edge" };
const VALIDATION: Roles = { fold: "fold-validation", mean: "mean-validation", edge: "edge-validation" };

/** The chart of one family with all folds; the x of a step and of an epoch are those within its fold. */
export function buildFoldChart(folds: readonly FamilyCurves[], options: ChartOptions): ChartData {
  const { xAxis } = options;
  const steps = folds.flatMap(({ perStep }, i) => toStepTables(perStep, i + 1, options));
  const epochs = [
    ...toEpochTables(
      folds,
      folds.map(({ training }) => training),
      "training",
      TRAINING,
      xAxis,
    ),
    ...toEpochTables(
      folds,
      folds.map(({ validation }) => validation),
      "validation",
      VALIDATION,
      xAxis,
    ),
  ];
  const tables = [...(xAxis === "epoch" ? [] : steps), ...(xAxis === "step" ? [] : epochs)];
  return {
    lines: tables.flatMap((table) => table.columns.map(({ line }) => line)),
    aligned:
      tables.length === 0 ? [[]] : uPlot.join(tables.map((table) => toAligned(table, options.logScale))),
    nonFinite: tables
      .filter(
        ({ columns: [column] }) => column?.line.role === "fold" || column?.line.role === "fold-validation",
      )
      .flatMap(findNonFinite),
    newest: tables.flatMap((table) => table.columns.map(({ y }) => y[y.length - 1])),
  };
}

function toStepTables(curve: Curve | undefined, fold: number, options: ChartOptions): Table[] {
  // Smoothed, the raw curves of all folds would cover one another.
  const smoothed = stepTables(curve, options.smoothing).map(({ x, columns }) => ({
    x,
    columns: columns.slice(-1),
  }));
  return smoothed.map(({ x, columns }) => ({
    x,
    columns: columns.map(({ y }) => ({ line: nameFold(fold, "training", "fold"), y })),
  }));
}

function toEpochTables(
  folds: readonly FamilyCurves[],
  curves: readonly (Curve | undefined)[],
  what: string,
  roles: Roles,
  xAxis: ChartOptions["xAxis"],
): Table[] {
  const place = placeEpochs(folds, xAxis);
  // Beside the line of all steps, the epochs of a fold's training would be drawn twice.
  const shown = xAxis === "both" && roles === TRAINING ? [] : curves;
  const tables = shown.flatMap((curve, i): Table[] =>
    curve === undefined
      ? []
      : [
          {
            x: curve.x.view().map(place),
            columns: [{ line: nameFold(i + 1, what, roles.fold), y: curve.y.view() }],
          },
        ],
  );
  const summary = summarizeCurves(curves);
  const count = curves.filter((curve) => curve !== undefined).length;
  return summary.size === 0 ? tables : [...tables, toSummaryTable(summary, place, what, roles, count)];
}

/** Where an epoch stands on the axis. */
function placeEpochs(
  folds: readonly FamilyCurves[],
  xAxis: ChartOptions["xAxis"],
): (epoch: number) => number {
  const { stepsPerEpoch, initialEpoch } = folds[0] ?? { stepsPerEpoch: null, initialEpoch: 0 };
  return (epoch) =>
    xAxis === "epoch" || stepsPerEpoch === null ? epoch + 1 : (epoch - initialEpoch + 1) * stepsPerEpoch;
}

function toSummaryTable(
  summary: ReadonlyMap<number, Summary>,
  place: (epoch: number) => number,
  what: string,
  roles: Roles,
  folds: number,
): Table {
  const entries = [...summary].sort(([a], [b]) => a - b);
  const column = (pick: (one: Summary) => number) => entries.map(([, one]) => pick(one));
  return {
    x: entries.map(([epoch]) => place(epoch)),
    columns: [
      {
        line: { label: `${what}, mean of ${formatCount(folds, "fold")}`, role: roles.mean },
        y: column(({ mean }) => mean),
      },
      {
        line: { label: `${what}, mean + std`, role: roles.edge },
        y: column(({ mean, spread }) => mean + spread),
      },
      {
        line: { label: `${what}, mean − std`, role: roles.edge },
        y: column(({ mean, spread }) => mean - spread),
      },
    ],
  };
}

/** Mean and spread by epoch, over the folds that have it. */
function summarizeCurves(curves: readonly (Curve | undefined)[]): Map<number, Summary> {
  const byEpoch = new Map<number, number[]>();
  for (const curve of curves) {
    const epochs = curve?.x.view() ?? [];
    epochs.forEach((epoch, i) => {
      const value = curve?.y.view()[i] ?? Number.NaN;
      byEpoch.set(epoch, [...(byEpoch.get(epoch) ?? []), value]);
    });
  }
  return new Map([...byEpoch].map(([epoch, values]) => [epoch, summarize(values)]));
}

function nameFold(fold: number, what: string, role: LineRole): ChartLine {
  return { label: `${what}, fold ${fold}`, role };
}

function shift(column: Column, by: number): Column {
  return Column.from(column.view().map((value) => value + by));
}
