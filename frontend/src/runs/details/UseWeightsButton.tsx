/** Gives a checkpoint's weights to the model that the run trained. */
import { Button, Tooltip } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { runQuery } from "@/api/runs";
import type { CheckpointPublic } from "@/api/types";
import { refreshWeights, takeCheckpointWeights } from "@/api/weights";
import { formatCount } from "@/ui/format/amounts";
import { notifyError, notifySuccess } from "@/ui/notifications";

export function UseWeightsButton({ checkpoint }: { checkpoint: CheckpointPublic }) {
  const { data: run } = useQuery(runQuery(checkpoint.run_id));
  const take = useMutation({
    mutationFn: (modelId: string) => takeCheckpointWeights(modelId, checkpoint.run_id, checkpoint.id),
    onSuccess: async ({ fit }, modelId) => {
      const fitting = fit.layers.filter((layer) => layer.fit === "fits").length;
      notifySuccess(`${formatCount(fitting, "layer")} of ${run?.model_name} got these weights.`);
      await refreshWeights(modelId);
    },
    onError: notifyError,
  });
  const modelId = run?.model_id;
  if (modelId == null) return null;
  return (
    <Tooltip label={`Make them the weights of ${run?.model_name}`}>
      <Button
        size="compact-sm"
        variant="subtle"
        leftSection={<IconArrowBackUp size={14} aria-hidden />}
        loading={take.isPending}
        aria-label={`Use the weights of epoch ${checkpoint.epoch + 1}`}
        onClick={() => take.mutate(modelId)}
      >
        Use these weights
      </Button>
    </Tooltip>
  );
}
