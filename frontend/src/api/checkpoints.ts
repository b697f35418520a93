/** What can be made of a checkpoint: a new run, or the model as it was. */
import { api, readBody } from "@/api/client";
import { rememberModel } from "@/api/models";
import { queryClient } from "@/api/queryClient";
import type { components } from "@/api/schema.gen";
import type { CheckpointPublic, RestoreReceipt, RunPublic } from "@/api/types";
import { VERSION_LISTS } from "@/api/versions";
import { refreshWeights } from "@/api/weights";

export type RunCreate = components["schemas"]["RunCreate"];

/** Trains another run from the checkpoint's weights: in `start_report`, which layers they fit. */
export function forkRun(checkpoint: CheckpointPublic, run: Omit<RunCreate, "start">): Promise<RunPublic> {
  const start = { run_id: checkpoint.run_id, checkpoint_id: checkpoint.id };
  return readBody(api.POST("/api/runs", { body: { ...run, start } }));
}

/** Makes the graph that the run trained the model's draft again, with the checkpoint's weights. */
export async function restoreCheckpoint(checkpoint: CheckpointPublic): Promise<RestoreReceipt> {
  const path = { run_id: checkpoint.run_id, checkpoint_id: checkpoint.id };
  const receipt = await readBody(
    api.POST("/api/runs/{run_id}/checkpoints/{checkpoint_id}/restore", { params: { path } }),
  );
  rememberModel(receipt.model);
  await Promise.all([
    refreshWeights(receipt.model.id),
    queryClient.invalidateQueries({ queryKey: [...VERSION_LISTS, receipt.model.id] }),
  ]);
  return receipt;
}
