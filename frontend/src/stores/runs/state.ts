/** What the page knows about a run that it follows: its curves, its progress, its logs. */
import type {
  LogEvent,
  MarkEvent,
  MetricsPublic,
  PlanEvent,
  RunPublic,
  RunStatus,
  SetupEvent,
} from "@/api/events";
import { toNumber } from "@/api/number";
import { Column } from "@/stores/runs/column";
import { isSummary, splitName } from "@/stores/runs/folds";

/** How many log lines are kept in the page; the rest stays on the server. */
export const MAX_LOGS = 5_000;

export interface Curve {
  readonly x: Column;
  readonly y: Column;
}

export type Curves = Readonly<Record<string, Curve>>;

/** Where the run was at a moment: two of them give its speed. */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Updates done so far. */
  readonly step: number;
}

export interface LiveRun {
  readonly runId: string;
  /** Number of the last event that is in this state. */
  readonly lastSeq: number;
  readonly status: RunStatus;
  readonly reason: string | null;
  readonly setup: SetupEvent | null;
  /** How its steps are run, once that is known. */
  readonly plan: PlanEvent | null;
  /** What happened, oldest first, also what was overtaken by going on from an earlier checkpoint. */
  readonly marks: readonly MarkEvent[];
  /** The fold that is trained, 1 for the first, of how many; null where the run trains one model. */
  readonly fold: number | null;
  readonly folds: number | null;
  /** The epoch that is being trained, in its fold, 0 for the first; null before the first step. */
  readonly epoch: number | null;
  /** Epochs that have ended, in the fold. */
  readonly epochsDone: number;
  /** Updates done so far, in all folds. */
  readonly step: number;
  readonly epochs: number;
  /** The epoch that this run starts at: 0, unless it goes on from an earlier one. */
  readonly initialEpoch: number;
  readonly stepsPerEpoch: number | null;
  /** x is the number of updates done, y the metric after them. */
  readonly stepCurves: Curves;
  /** x is the number of the epoch, 0 for the first, in its fold. */
  readonly epochCurves: Curves;
  readonly latest: Readonly<Record<string, number>>;
  /** Newest last. */
  readonly moments: readonly Moment[];
  readonly logs: readonly LogEvent[];
  readonly droppedLogs: number;
  /** Checkpoints that were reported since the run is followed: a sign to read the list of them again. */
  readonly checkpoints: number;
  /** Step points that came live, after the down-sampled ones: a sign to down-sample again. */
  readonly livePoints: number;
}

export interface RunSnapshot {
  readonly run: RunPublic;
  readonly metrics: MetricsPublic;
  readonly logs: readonly LogEvent[];
  /** What is trained, how, and what happened: as last reported. */
  readonly setup: SetupEvent | null;
  readonly plan: PlanEvent | null;
  readonly marks: readonly MarkEvent[];
}

/** The state that a run is first shown in: down-sampled curves, up to `metrics.last_seq`. */
export function fromSnapshot({ run, metrics, logs, setup, plan, marks }: RunSnapshot): LiveRun {
  const stepCurves = toCurves(metrics.steps, 1);
  const epochCurves = toCurves(metrics.epochs, 0);
  const epochsDone = Object.entries(epochCurves)
    .filter(([name]) => splitName(name).fold === run.fold)
    .reduce((most, [, curve]) => Math.max(most, (curve.x.last() ?? -1) + 1), 0);
  const lastStep = Object.values(stepCurves).reduce((most, curve) => Math.max(most, curve.x.last() ?? 0), 0);
  return {
    runId: run.id,
    lastSeq: metrics.last_seq,
    status: run.status,
    reason: run.reason,
    setup,
    plan,
    marks,
    fold: run.fold,
    folds: run.folds,
    epoch: run.epoch,
    epochsDone,
    step: lastStep,
    epochs: run.epochs,
    initialEpoch: run.config.fit?.initial_epoch ?? 0,
    stepsPerEpoch: setup?.steps_per_epoch ?? run.steps_per_epoch,
    stepCurves,
    epochCurves,
    latest: toLatest(run.latest),
    moments: [],
    logs: logs.slice(-MAX_LOGS),
    droppedLogs: Math.max(0, logs.length - MAX_LOGS),
    checkpoints: 0,
    livePoints: 0,
  };
}

function toLatest(latest: RunPublic["latest"]): Record<string, number> {
  const own = Object.entries(latest).filter(([name]) => !isSummary(name));
  return Object.fromEntries(own.map(([name, value]) => [name, toNumber(value)]));
}

/** Curves from the API's series. `offset` turns a step's number (0 is the first) into the number of updates done. */
function toCurves(series: MetricsPublic["steps"], offset: number): Curves {
  return Object.fromEntries(
    series
      .filter(({ name }) => !isSummary(name))
      .map(({ name, x, y }) => [
        name,
        { x: Column.from(x.map((value) => value + offset)), y: Column.from(y.map(toNumber)) },
      ]),
  );
}
