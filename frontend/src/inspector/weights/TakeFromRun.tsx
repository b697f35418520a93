/** Chooses one of the model's runs, and one of its checkpoints, whose weights the model takes. */
import { Button, Group, Modal, Select, Stack, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { toNumber } from "@/api/number";
import { checkpointsQuery, runsQuery } from "@/api/runs";
import type { CheckpointPublic } from "@/api/types";
import { takeCheckpointWeights } from "@/api/weights";
import { useWeightChange } from "@/inspector/weights/useWeightChange";
import { ErrorNote } from "@/ui/ErrorNote";
import { formatMetric } from "@/ui/format/amounts";

interface TakeFromRunProps {
  modelId: string;
  opened: boolean;
  onClose: () => void;
}

export function TakeFromRun({ modelId, opened, onClose }: TakeFromRunProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Take the weights of a run" centered>
      <Choice modelId={modelId} onClose={onClose} />
    </Modal>
  );
}

function Choice({ modelId, onClose }: Omit<TakeFromRunProps, "opened">) {
  const runs = useInfiniteQuery(runsQuery({ model_id: modelId }));
  const found = runs.data?.pages.flatMap((page) => page.items) ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const runId = chosen ?? found[0]?.id ?? null;
  const checkpoints = useInfiniteQuery({ ...checkpointsQuery(runId ?? ""), enabled: runId !== null });
  const saved = (runId === null ? [] : checkpoints.data?.pages.flatMap((page) => page.items)) ?? [];
  const [checkpoint, setCheckpoint] = useState<string | null>(null);
  const checkpointId = saved.find(({ id }) => id === checkpoint)?.id ?? saved[0]?.id ?? null;
  const take = useWeightChange(modelId, async () => {
    if (runId === null || checkpointId === null) return undefined;
    const receipt = await takeCheckpointWeights(modelId, runId, checkpointId);
    onClose();
    return receipt;
  });
  const error = runs.error ?? checkpoints.error ?? take.error;
  return (
    <Stack>
      <Select
        label="Run"
        data={found.map(({ id, name }) => ({ value: id, label: name }))}
        value={runId}
        onChange={setChosen}
        allowDeselect={false}
        disabled={found.length === 0}
        data-autofocus
      />
      <Select
        label="Checkpoint"
        data={saved.map((one) => ({ value: one.id, label: describe(one) }))}
        value={checkpointId}
        onChange={setCheckpoint}
        allowDeselect={false}
        disabled={saved.length === 0}
        placeholder={checkpoints.isPending ? "Reading…" : "The run has saved none"}
      />
      <Text size="xs" c="dimmed">
        Layers with the same name and shapes get their weights; the others keep theirs, or get new ones.
      </Text>
      {error && <ErrorNote error={error} />}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          loading={take.isPending}
          disabled={checkpointId === null}
          onClick={() => take.mutate(undefined)}
        >
          Use these weights
        </Button>
      </Group>
    </Stack>
  );
}

function describe({ epoch, step, logs }: CheckpointPublic): string {
  const loss = logs.val_loss ?? logs.loss;
  const name = logs.val_loss === undefined ? "loss" : "val_loss";
  return `Epoch ${epoch + 1}, step ${step}${loss === undefined ? "" : ` · ${name} ${formatMetric(toNumber(loss))}`}`;
}
