/** How long a run has been training, counting on while it does. */
import type { RunPublic } from "@/api/types";
import { countTrainedSeconds } from "@/runs/trainedSeconds";
import { useNow } from "@/ui/format/useNow";

const TICK_MS = 500;

/** Seconds in which the run trained: those that it was paused or waited do not count; null before it began. */
export function useElapsed(run: RunPublic): number | null {
  const now = useNow(run.training_since === null ? null : TICK_MS);
  return countTrainedSeconds(run, now);
}
