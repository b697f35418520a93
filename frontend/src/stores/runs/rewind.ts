/** Takes back what a run reports again: one that goes on from a checkpoint repeats what it had done since. */
import type { Column } from "@/stores/runs/column";
import type { Curves, LiveRun } from "@/stores/runs/state";

/**
 * The run as it was when `step` updates were done and `epoch` had not ended: later points of all curves are dropped.
 * The same object where there are none, as is the rule.
 */
export function rewind(run: LiveRun, step: number, epoch: number): LiveRun {
  if (run.step <= step && run.epochsDone <= epoch) return run;
  return {
    ...run,
    step: Math.min(run.step, step),
    epochsDone: Math.min(run.epochsDone, epoch),
    stepCurves: cutCurves(run.stepCurves, step),
    epochCurves: cutCurves(run.epochCurves, epoch - 1),
    // The speed is not to be measured across the leap.
    moments: [],
  };
}

/** The curves up to and with `last`. One that begins only after it is gone. */
function cutCurves(curves: Curves, last: number): Curves {
  const kept = Object.entries(curves).map(([name, { x, y }]) => {
    const length = countUpTo(x, last);
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
