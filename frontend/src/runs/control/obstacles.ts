/** What can be asked of a run in its state, and if not, why. */
import { isFinal } from "@/api/events";
import type { RunStatus } from "@/api/types";

export type Action = "pause" | "resume" | "stop" | "stop_after_epoch" | "save" | "learning_rate" | "epochs";

export interface Situation {
  readonly status: RunStatus;
  /** It does not train, and has a checkpoint to go on from. */
  readonly canResume: boolean;
}

const OVER = "The run is over.";
const WAITS = "The run still waits for a worker.";
const PAUSED = "The run is paused.";
const NO_CHECKPOINT = "There is no checkpoint from which the run could go on.";

/** Why this cannot be asked now, in a sentence; null where it can. */
export function findObstacle(action: Action, situation: Situation): string | null {
  return OBSTACLES[action](situation);
}

const OBSTACLES: Record<Action, (situation: Situation) => string | null> = {
  pause: ({ status }) => (isFinal(status) ? OVER : status === "paused" ? PAUSED : null),
  resume: ({ status, canResume }) => {
    if (status === "paused") return null;
    if (status === "finished") return "The run has trained all its epochs: add some to train on.";
    if (!isFinal(status)) return "The run is under way.";
    return canResume ? null : NO_CHECKPOINT;
  },
  stop: ({ status }) => (isFinal(status) ? OVER : null),
  stop_after_epoch: ({ status }) => describeIdle(status),
  save: ({ status }) =>
    status === "paused" ? "The run is paused, and wrote a checkpoint when it did." : describeIdle(status),
  learning_rate: ({ status }) => (isFinal(status) ? OVER : null),
  epochs: ({ status, canResume }) => {
    if (status === "finished") return canResume ? null : NO_CHECKPOINT;
    return isFinal(status) ? "The run is over before its last epoch: resume it first." : null;
  },
};

/** Why nothing can be asked of the worker, or null where it trains. */
function describeIdle(status: RunStatus): string | null {
  if (isFinal(status)) return OVER;
  if (status === "queued") return WAITS;
  return status === "paused" ? PAUSED : null;
}
