/** Whether a run can go on from one of its checkpoints, and if not, why. */
import { isFinal } from "@/api/events";
import type { CheckpointPublic, RunPublic } from "@/api/types";

type Run = Pick<RunPublic, "status" | "step">;
type Checkpoint = Pick<CheckpointPublic, "is_whole" | "can_resume" | "position" | "step">;

/** Why the run cannot go on from there now, in a few words; null where it can. */
export function findGoingOnObstacle(checkpoint: Checkpoint, run: Run): string | null {
  if (!checkpoint.is_whole) return "The file is damaged";
  if (checkpoint.position === null) return "It does not hold where in the data training was";
  if (!checkpoint.can_resume) return "The run went on from an earlier one since";
  if (run.status === "finished" && checkpoint.step >= (run.step ?? 0)) {
    return "This is the run's end: add epochs to train on";
  }
  if (isFinal(run.status) || run.status === "paused") return null;
  return "The run is under way: pause or stop it first";
}
