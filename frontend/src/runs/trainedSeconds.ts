/** How long a run has trained. */
import type { RunPublic } from "@/api/types";

/** At the moment `now` (milliseconds since 1970); null before it began. */
export function countTrainedSeconds(
  run: Pick<RunPublic, "started_at" | "trained_seconds" | "training_since">,
  now: number,
): number | null {
  if (run.started_at === null) return null;
  const since = run.training_since === null ? now : Date.parse(run.training_since);
  return run.trained_seconds + Math.max(0, now - since) / 1000;
}
