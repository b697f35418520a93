/** How long a run has been training, counting on while it does. */
import { isFinal } from "@/api/events";
import type { RunPublic } from "@/api/types";
import { useNow } from "@/ui/format/useNow";

const TICK_MS = 500;

/** Seconds since the run's worker started, until its end; null before. */
export function useElapsed(run: RunPublic): number | null {
  const now = useNow(isFinal(run.status) ? null : TICK_MS);
  if (run.started_at === null) return null;
  const end = run.finished_at === null ? now : Date.parse(run.finished_at);
  return Math.max(0, (end - Date.parse(run.started_at)) / 1000);
}
