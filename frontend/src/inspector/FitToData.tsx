/** Fits layers that learn from data to the training samples now, so that real shapes and values are seen while drawing. */
import { Button, Group, Text } from "@mantine/core";
import { IconTargetArrow } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { adaptGraph } from "@/api/adapting";
import { modelQuery } from "@/api/models";
import type { Issue } from "@/api/types";
import { currentDocument, useEditor } from "@/stores/editor/editorStore";
import { mendGraph } from "@/stores/editor/fixing";
import { useTrainingData } from "@/stores/editor/trainingData";
import { ErrorNote } from "@/ui/ErrorNote";
import { formatCount } from "@/ui/format/amounts";
import { notifySuccess } from "@/ui/notifications";

const NOT_FITTED = "not_fitted_yet";

/** Shown on a layer that has still to learn. One step for undo, whatever is learned. */
export function FitToData({ issues }: { issues: readonly Issue[] }) {
  return issues.some(({ code }) => code === NOT_FITTED) ? <FitButton /> : null;
}

function FitButton() {
  const modelId = useEditor((state) => state.modelId) ?? "";
  const model = useQuery({ ...modelQuery(modelId), enabled: modelId !== "" });
  const { data } = useTrainingData();
  const split = model.data?.training?.fit?.validation_split ?? 0;
  const fit = useMutation({
    mutationFn: (chosen: NonNullable<typeof data>) => adaptGraph(currentDocument().graph, chosen, split),
    onSuccess: ({ changes, learned, samples }) => {
      mendGraph({ label: "Fit to the data", changes });
      notifySuccess(`Fitted to ${formatCount(samples, "training sample")}. ${learned.join("; ")}.`);
    },
  });
  return (
    <>
      <Group gap="xs" mb="sm">
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<IconTargetArrow size={14} aria-hidden />}
          disabled={data === null}
          loading={fit.isPending}
          onClick={() => data && fit.mutate(data)}
        >
          Fit to the data
        </Button>
        <Text size="xs" c="dimmed">
          {data === null ? "Choose a data set in Train first." : `Learns from ${data.dataset}.`}
        </Text>
      </Group>
      {fit.error && <ErrorNote error={fit.error} />}
    </>
  );
}
