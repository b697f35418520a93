/** The weights of the whole model: where they came from, download, upload, a run's, none. */
import { Anchor, Button, Stack, Text } from "@mantine/core";
import { IconDownload, IconHistory, IconReportAnalytics, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { modelQuery } from "@/api/models";
import type { ModelPublic } from "@/api/types";
import { deleteWeights, weightsAddress } from "@/api/weights";
import { formatBytes } from "@/graph/shapes";
import classes from "@/inspector/Inspector.module.css";
import { TakeFromRun } from "@/inspector/weights/TakeFromRun";
import { UploadButton } from "@/inspector/weights/UploadButton";
import { useWeightChange } from "@/inspector/weights/useWeightChange";
import { useEditor } from "@/stores/editor/editorStore";
import { askModel } from "@/stores/evaluation/modelQuestion";
import { ConfirmDialog } from "@/ui/ConfirmDialog";

export function ModelWeights() {
  const modelId = useEditor((state) => state.modelId);
  const isInside = useEditor((state) => state.open.path.length > 0);
  const parameters = useEditor((state) => state.check?.parameters ?? 0);
  const model = useQuery({ ...modelQuery(modelId ?? ""), enabled: modelId !== null });
  if (!model.data || isInside || (parameters === 0 && model.data.weights == null)) return null;
  return <Content model={model.data} />;
}

function Content({ model }: { model: ModelPublic }) {
  const [dialog, setDialog] = useState<"run" | "clear" | null>(null);
  const clear = useWeightChange(model.id, async () => {
    await deleteWeights(model.id);
    return undefined;
  });
  const close = () => setDialog(null);
  return (
    <section className={classes.section} aria-label="Weights">
      <Text fw={650} mb={4}>
        Weights
      </Text>
      <Stack gap="sm">
        <Source weights={model.weights} />
        <UploadButton
          modelId={model.id}
          before={model.weights && <DownloadButton modelId={model.id} />}
          after={
            <>
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconHistory size={14} aria-hidden />}
                disabled={model.runs === 0}
                title={model.runs === 0 ? "The model has no runs yet" : undefined}
                onClick={() => setDialog("run")}
              >
                From a run
              </Button>
              {model.weights && (
                <Button
                  size="compact-sm"
                  variant="default"
                  leftSection={<IconReportAnalytics size={14} aria-hidden />}
                  onClick={() => askModel({ modelId: model.id, versionId: null, label: model.name })}
                >
                  Evaluate
                </Button>
              )}
              {model.weights && (
                <Button
                  size="compact-sm"
                  variant="light"
                  color="red"
                  leftSection={<IconTrash size={14} aria-hidden />}
                  onClick={() => setDialog("clear")}
                >
                  Clear
                </Button>
              )}
            </>
          }
        />
      </Stack>
      <TakeFromRun modelId={model.id} opened={dialog === "run"} onClose={close} />
      <ConfirmDialog
        opened={dialog === "clear"}
        title="Clear the model's weights?"
        confirmLabel="Clear"
        onConfirm={() => clear.mutateAsync(undefined)}
        onClose={close}
      >
        The model will have no weights, and training starts with new ones. Runs keep what they started with.
      </ConfirmDialog>
    </section>
  );
}

function DownloadButton({ modelId }: { modelId: string }) {
  return (
    <Button
      component="a"
      href={weightsAddress(modelId)}
      download
      size="compact-sm"
      variant="default"
      leftSection={<IconDownload size={14} aria-hidden />}
    >
      Download
    </Button>
  );
}

function Source({ weights }: { weights: ModelPublic["weights"] }) {
  if (!weights) {
    return (
      <Text size="xs" c="dimmed">
        None stored. Training starts with new ones.
      </Text>
    );
  }
  const { source, size } = weights;
  return (
    <Text size="xs" c="dimmed">
      {source.kind === "run" && (
        <>
          From the run{" "}
          <Anchor component={Link} to={`/runs/${source.run_id}`} size="xs">
            {source.name}
          </Anchor>
          {source.step == null ? "" : ` after step ${source.step}`}
        </>
      )}
      {source.kind === "upload" && `Uploaded: ${source.name}`}
      {source.kind === "import" && `Imported with ${source.name}`}
      {source.kind === "session" && "Trained batch by batch"}
      {source.kind === "layer" && `Changed at the layer ${source.name}`}
      {` · ${formatBytes(size)}`}
    </Text>
  );
}
