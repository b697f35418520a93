/** Takes back what a run reports again: one that goes on from a checkpoint repeats what it had done since. */
import type { Column } from "@/stores/runs/column";
import { splitName } from "@/stores/runs/folds";
import type { Curves, LiveRun } from "@/stores/runs/state";

/**
 * The run as it was when `step` updates were done and `epoch` of the fold had not ended: later points of all curves are
 * dropped. The same object where there are none, as is the rule.
 */
export function rewind(run: LiveRun, step: number, epoch: number, fold: number | null): LiveRun {
  const isLater = (run.fold ?? 0) < (fold ?? 0);
  const hasEpochs = !isLater && ((run.fold ?? 0) > (fold ?? 0) || run.epochsDone > epoch);
  if (run.step <= step && !hasEpochs) return run;
  return {
    ...run,
    step: Math.min(run.step, step),
    epochsDone: Math.min(run.fold === fold ? run.epochsDone : epoch, epoch),
    stepCurves: cutCurves(run.stepCurves, step),
    epochCurves: cutCurves(forgetLater(run.epochCurves, fold), epoch - 1, fold),
    latest: forgetLater(run.latest, fold),
    // The speed is not to be measured across the leap.
    moments: [],
  };
}

/** What there is by name, without that of folds after this one. */
function forgetLater<Value>(
  named: Readonly<Record<string, Value>>,
  fold: number | null,
): Readonly<Record<string, Value>> {
  if (fold === null) return named;
  return Object.fromEntries(Object.entries(named).filter(([name]) => (splitName(name).fold ?? 0) <= fold));
}

/** The curves up to and with `last`, those of a fold only where it is named. One that begins only after it is gone. */
function cutCurves(curves: Curves, last: number, fold: number | null = null): Curves {
  const kept = Object.entries(curves).map(([name, { x, y }]) => {
    const isOther = fold !== null && splitName(name).fold !== fold;
    const length = isOther ? x.length : countUpTo(x, last);
    return [name, length === x.length ? { x, y } : { x: x.head(length), y: y.head(length) }] as const;
  });
  return Object.fromEntries(kept.filter(([, { x }]) => x.length > 0));
}

/** How many of the rising numbers are at most `last`. */
function countUpTo(rising: Column, last: number): number {
  const values = rising.view();
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? Number.POSITIVE_INFINITY) <= last) low = middle + 1;
    else high = middle;
  }
  return low;
}
