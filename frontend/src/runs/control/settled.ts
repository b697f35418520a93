/** When something that was asked of a run has taken effect: its events tell. */
import { isFinal } from "@/api/events";
import type { RunStatus } from "@/api/types";
import type { Action } from "@/runs/control/obstacles";
import type { LiveRun } from "@/stores/runs/state";

/** What was asked, and how the run was then. */
export interface Asked {
  readonly action: Action;
  readonly status: RunStatus;
  readonly seq: number;
  readonly checkpoints: number;
}

export function noteAsked(action: Action, run: LiveRun): Asked {
  return { action, status: run.status, seq: run.lastSeq, checkpoints: run.checkpoints };
}

/** Whether it took effect, or never will because the run is over. */
export function isSettled(asked: Asked, run: LiveRun): boolean {
  // What is asked of a run that is over makes it go on.
  if (isFinal(asked.status)) return run.status !== asked.status;
  if (isFinal(run.status)) return true;
  switch (asked.action) {
    case "pause":
      return run.status === "paused";
    case "resume":
      return run.status !== "paused";
    case "stop":
    case "stop_after_epoch":
      return false;
    case "save":
      return run.checkpoints > asked.checkpoints;
    case "learning_rate":
    case "epochs":
      return run.marks.some(
        ({ seq, kind, source }) => seq > asked.seq && kind === asked.action && source === "person",
      );
    default:
      asked.action satisfies never;
      return true;
  }
}
