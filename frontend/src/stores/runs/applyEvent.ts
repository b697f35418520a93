/** How each event of a run changes what the page knows about it. Pure: the same state and event give the same state. */
import type { EpochEvent, LogEvent, MarkEvent, RunEvent, SetupEvent, StepsEvent } from "@/api/events";
import { toNumber } from "@/api/number";
import { Column } from "@/stores/runs/column";
import { splitName } from "@/stores/runs/folds";
import { rewind } from "@/stores/runs/rewind";
import { type Curves, type LiveRun, MAX_LOGS, type Moment } from "@/stores/runs/state";

/** The speed is measured over the newest moments within this time. */
const SPEED_WINDOW_MS = 15_000;
const MAX_MOMENTS = 200;

/** The curve of how long steps waited for data; it says nothing of the model, so it is not among the newest values. */
const WAIT = "wait_ms";

/** The state after `event`. An event that is already in the state changes nothing. */
export function applyEvent(run: LiveRun, event: RunEvent): LiveRun {
  if (event.seq <= run.lastSeq) return run;
  return { ...change(run, event), lastSeq: event.seq };
}

function change(run: LiveRun, event: RunEvent): LiveRun {
  switch (event.type) {
    case "status":
      // A pause, or another attempt, would spoil the speed that is measured across it.
      return { ...run, status: event.status, reason: event.reason ?? null, moments: [] };
    case "setup":
      return applySetup(run, event);
    case "steps":
      return applySteps(goTo(run, event.first_step, event), event);
    case "epoch":
      return applyEpoch(goTo(run, event.step, event), event);
    case "plan":
      return { ...run, plan: event };
    case "mark":
      return applyMark(run, event);
    case "checkpoint":
      return { ...run, checkpoints: run.checkpoints + 1 };
    case "log":
      return applyLog(run, event);
    default:
      return ignoreUnknown(run, event);
  }
}

function applySetup(run: LiveRun, event: SetupEvent): LiveRun {
  const begun = { ...run, setup: event, epochs: event.epochs, stepsPerEpoch: event.steps_per_epoch };
  const fold = event.fold ?? null;
  // An earlier fold is gone back to with its first step only: until then there is what there was.
  if ((fold ?? 0) <= (run.fold ?? 0)) return begun;
  return { ...begun, fold, folds: event.folds ?? null, epoch: null, epochsDone: 0, moments: [] };
}

/** The run before these steps, or this epoch's end: without what it reports again, and in the fold that they are of. */
function goTo(run: LiveRun, step: number, { epoch, fold = null }: StepsEvent | EpochEvent): LiveRun {
  const rewound = rewind(run, step, epoch, fold);
  return rewound.fold === fold ? rewound : { ...rewound, fold, epochsDone: epoch };
}

function applySteps(run: LiveRun, event: StepsEvent): LiveRun {
  const curves: Record<string, Curves[string]> = { ...run.stepCurves };
  const latest: Record<string, number> = { ...run.latest };
  let count = 0;
  for (const [name, values] of Object.entries(event.values)) {
    const y = values.map(toNumber);
    const x = y.map((_, i) => event.first_step + i + 1);
    curves[name] = appendPoints(run.stepCurves[name], x, y);
    const last = y.at(-1);
    if (last !== undefined && splitName(name).metric !== WAIT) latest[name] = last;
    count = Math.max(count, y.length);
  }
  const step = Math.max(run.step, event.first_step + count);
  return {
    ...run,
    epoch: event.epoch,
    step,
    stepCurves: curves,
    latest,
    moments: addMoment(run.moments, { time: Date.parse(event.time), step }),
    livePoints: run.livePoints + count,
  };
}

function applyEpoch(run: LiveRun, event: EpochEvent): LiveRun {
  const curves: Record<string, Curves[string]> = { ...run.epochCurves };
  const latest: Record<string, number> = { ...run.latest };
  for (const [name, value] of Object.entries(event.logs)) {
    const y = toNumber(value);
    curves[name] = appendPoints(run.epochCurves[name], [event.epoch], [y]);
    latest[name] = y;
  }
  const step = Math.max(run.step, event.step);
  return {
    ...run,
    epoch: event.epoch,
    epochsDone: Math.max(run.epochsDone, event.epoch + 1),
    step,
    epochCurves: curves,
    latest,
    moments: addMoment(run.moments, { time: Date.parse(event.time), step }),
  };
}

/** Marks are read after the curves, so the first ones of the stream may be among them already. */
function applyMark(run: LiveRun, event: MarkEvent): LiveRun {
  if ((run.marks.at(-1)?.seq ?? 0) >= event.seq) return run;
  const asked = event.kind === "epochs" ? event.values.epochs : undefined;
  return {
    ...run,
    marks: [...run.marks, event],
    epochs: asked === undefined ? run.epochs : toNumber(asked),
  };
}

/** Logs are read after the curves, so the first ones of the stream may be among them already. */
function applyLog(run: LiveRun, event: LogEvent): LiveRun {
  const newest = run.logs.at(-1);
  if (newest !== undefined && newest.seq >= event.seq) return run;
  const logs = [...run.logs, event];
  const over = Math.max(0, logs.length - MAX_LOGS);
  return { ...run, logs: over > 0 ? logs.slice(over) : logs, droppedLogs: run.droppedLogs + over };
}

/** A newer server may report what this page does not know yet; the compiler proves that nothing known ends here. */
function ignoreUnknown(run: LiveRun, _event: never): LiveRun {
  return run;
}

function appendPoints(curve: Curves[string] | undefined, x: number[], y: number[]): Curves[string] {
  const old = curve ?? { x: Column.EMPTY, y: Column.EMPTY };
  return { x: old.x.append(x), y: old.y.append(y) };
}

function addMoment(moments: readonly Moment[], added: Moment): readonly Moment[] {
  const recent = moments.filter((moment) => added.time - moment.time <= SPEED_WINDOW_MS);
  return [...recent.slice(1 - MAX_MOMENTS), added];
}
