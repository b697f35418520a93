/** Gives a checkpoint's weights to the model that the run trained. */
import { useMutation } from "@tanstack/react-query";
import type { CheckpointPublic, RunPublic } from "@/api/types";
import { refreshWeights, takeCheckpointWeights } from "@/api/weights";
import { formatCount } from "@/ui/format/amounts";
import { notifyError, notifySuccess } from "@/ui/notifications";

export function useTakeWeights(checkpoint: CheckpointPublic, run: RunPublic) {
  return useMutation({
    mutationFn: (modelId: string) => takeCheckpointWeights(modelId, checkpoint.run_id, checkpoint.id),
    onSuccess: async ({ fit }, modelId) => {
      const fitting = fit.layers.filter((layer) => layer.fit === "fits").length;
      notifySuccess(`${formatCount(fitting, "layer")} of ${run.model_name} got these weights.`);
      await refreshWeights(modelId);
    },
    onError: notifyError,
  });
}
