/** What people ask of runs while they wait, train or are over. Each answers at once: an event says when it took effect. */
import { api, readBody } from "@/api/client";
import type { components } from "@/api/schema.gen";
import type { RunPublic } from "@/api/types";

export type StopWhen = components["schemas"]["RunStop"]["when"];
export type RunChange = Pick<components["schemas"]["RunUpdate"], "learning_rate" | "epochs">;

function atRun(runId: string) {
  return { path: { run_id: runId } };
}

/** Write a checkpoint after the current step, and wait. */
export function pauseRun(runId: string): Promise<RunPublic> {
  return readBody(api.POST("/api/runs/{run_id}/pause", { params: atRun(runId) }));
}

/** Go on: a paused run, or one that was stopped or has failed, from its last checkpoint or an earlier one. */
export function resumeRun(runId: string, checkpoint?: string): Promise<RunPublic> {
  const body = checkpoint === undefined ? undefined : { checkpoint };
  return readBody(api.POST("/api/runs/{run_id}/resume", { params: atRun(runId), body }));
}

/** Write a checkpoint and end, after the current step or epoch. */
export function stopRun(runId: string, when: StopWhen = "step"): Promise<RunPublic> {
  return readBody(api.POST("/api/runs/{run_id}/stop", { params: atRun(runId), body: { when } }));
}

export function saveCheckpoint(runId: string): Promise<RunPublic> {
  return readBody(api.POST("/api/runs/{run_id}/checkpoints", { params: atRun(runId) }));
}

/** Train on with another learning rate, or until another number of epochs, counted from the run's start. */
export function changeRun(runId: string, change: RunChange): Promise<RunPublic> {
  return readBody(api.PATCH("/api/runs/{run_id}", { params: atRun(runId), body: change }));
}
