/** A checkpoint as a file in any format, with its own weights. */
import { ActionIcon, Button, Group, Menu, Skeleton, Stack, Text, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconFileExport, IconX } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { type ExportFormat, exportCheckpoint, fetchExports } from "@/api/exports";
import { runQuery } from "@/api/runs";
import type { CheckpointPublic, ExportChoice } from "@/api/types";
import { ErrorNote } from "@/ui/ErrorNote";
import { notifyError, notifySuccess } from "@/ui/notifications";
import { saveFile } from "@/ui/saveFile";

export function ExportCheckpointMenu({ checkpoint }: { checkpoint: CheckpointPublic }) {
  const { data: run } = useQuery(runQuery(checkpoint.run_id));
  const [opened, { open, close }] = useDisclosure();
  const aborter = useRef<AbortController | null>(null);
  const download = useMutation({
    mutationFn: (choice: ExportChoice) => {
      aborter.current = new AbortController();
      // The server lists formats by the names that it takes.
      return exportCheckpoint(checkpoint, choice.name as ExportFormat, aborter.current.signal);
    },
    onSuccess: ({ blob, filename }) => {
      saveFile(blob, filename);
      notifySuccess(`Saved ${filename}.`);
    },
    onError: (error) => {
      if (!aborter.current?.signal.aborted) notifyError(error);
    },
  });
  if (run?.model_id == null) return null;
  if (download.isPending) {
    return <Pending title={download.variables.title} onCancel={() => aborter.current?.abort()} />;
  }
  return (
    <Menu position="bottom-end" width={340} opened={opened} onOpen={open} onClose={close}>
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconFileExport size={14} aria-hidden />}
          aria-label={`Export the checkpoint of step ${checkpoint.step}`}
        >
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah="60vh" style={{ overflowY: "auto" }}>
        {opened && (
          <Formats
            modelId={run.model_id}
            versionId={run.version_id}
            onChoose={(choice) => download.mutate(choice)}
          />
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function Pending({ title, onCancel }: { title: string; onCancel: () => void }) {
  return (
    <Group gap={0} wrap="nowrap" display="inline-flex" role="status" aria-label={`Exporting ${title}`}>
      <Button size="compact-sm" variant="subtle" loading loaderProps={{ type: "dots" }}>
        Export
      </Button>
      <Tooltip label="Break the export off">
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label="Break the export off"
          onClick={onCancel}
        >
          <IconX size={14} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}

interface FormatsProps {
  modelId: string;
  versionId: string | null;
  onChoose: (choice: ExportChoice) => void;
}

function Formats({ modelId, versionId, onChoose }: FormatsProps) {
  const choices = useQuery({
    queryKey: ["exports", modelId, versionId],
    queryFn: ({ signal }) => fetchExports(modelId, signal, versionId),
    // A version never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (choices.error) return <ErrorNote error={choices.error} onRetry={() => void choices.refetch()} />;
  if (!choices.data) {
    return (
      <Stack gap={6} p="xs" role="status" aria-label="Looking which formats can hold the model">
        {[1, 2, 3, 4, 5, 6].map((row) => (
          <Skeleton key={row} height={24} />
        ))}
      </Stack>
    );
  }
  return choices.data.formats.map((choice) => (
    <FormatItem key={choice.name} choice={choice} onChoose={() => onChoose(choice)} />
  ));
}

function FormatItem({ choice, onChoose }: { choice: ExportChoice; onChoose: () => void }) {
  const [obstacle] = choice.obstacles;
  const note = obstacle ?? choice.warnings[0];
  return (
    <Menu.Item
      disabled={obstacle !== undefined}
      onClick={onChoose}
      rightSection={
        <Text size="xs" c="dimmed" ff="monospace">
          {choice.extension}
        </Text>
      }
    >
      <Text size="sm">{choice.title}</Text>
      {note && (
        <Text size="xs" c={obstacle ? "red" : "orange"} lineClamp={2}>
          {note.message}
        </Text>
      )}
    </Menu.Item>
  );
}
