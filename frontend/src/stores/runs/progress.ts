/** How far a run is, how fast it goes and how long it will take. */
import { isFinal } from "@/api/events";
import { findFoldStart } from "@/stores/runs/folds";
import type { LiveRun } from "@/stores/runs/state";

export interface Progress {
  /** 0 to 1; null while the number of steps is unknown. */
  readonly fraction: number | null;
  readonly totalSteps: number | null;
  /** Null before two moments are known. */
  readonly stepsPerSecond: number | null;
  /** Null where it cannot be told. */
  readonly remainingSeconds: number | null;
}

/** Progress of a run that has trained for `elapsedSeconds` (null: not started). */
export function measureProgress(run: LiveRun, elapsedSeconds: number | null): Progress {
  const totalSteps = countSteps(run);
  const fraction = totalSteps === null || totalSteps === 0 ? null : Math.min(1, run.step / totalSteps);
  const stepsPerSecond = measureSpeed(run, elapsedSeconds);
  const running = run.status === "running";
  const remainingSeconds =
    running && totalSteps !== null && stepsPerSecond !== null && stepsPerSecond > 0
      ? Math.max(0, totalSteps - run.step) / stepsPerSecond
      : null;
  return { fraction, totalSteps, stepsPerSecond, remainingSeconds };
}

/** All that are to be done. Folds that are over count with what they did: a callback may have ended them early. */
function countSteps(run: LiveRun): number | null {
  if (run.stepsPerEpoch === null) return null;
  const ofModel = run.stepsPerEpoch * (run.epochs - run.initialEpoch);
  if (run.fold === null || run.folds === null) return ofModel;
  if (run.status === "finished") return run.step;
  const before = findFoldStart(run.stepCurves, run.fold) ?? run.step;
  return before + ofModel * (run.folds - run.fold + 1);
}

/** While it trains, the speed of the last seconds; afterwards the mean over the run. */
function measureSpeed(run: LiveRun, elapsedSeconds: number | null): number | null {
  if (isFinal(run.status)) {
    return elapsedSeconds !== null && elapsedSeconds > 0 && run.step > 0 ? run.step / elapsedSeconds : null;
  }
  const first = run.moments[0];
  const last = run.moments.at(-1);
  if (first === undefined || last === undefined || last.time <= first.time) return null;
  return ((last.step - first.step) / (last.time - first.time)) * 1000;
}
