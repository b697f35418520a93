/** The table that Keras prints, as text to read and to copy. */
import { Button, CopyButton, Group, Modal, Skeleton, Text } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { readSummary } from "@/api/costs";
import { saveNow } from "@/stores/editor/autosave";
import classes from "@/summary/Summary.module.css";
import { ErrorNote } from "@/ui/ErrorNote";

interface KerasTableProps {
  modelId: string;
  opened: boolean;
  onClose: () => void;
}

export function KerasTable({ modelId, opened, onClose }: KerasTableProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keras's summary" size="min(820px, 94vw)" centered>
      {opened && <Loaded modelId={modelId} />}
    </Modal>
  );
}

function Loaded({ modelId }: { modelId: string }) {
  const summary = useQuery({
    queryKey: ["summary", modelId],
    queryFn: async ({ signal }) => {
      await saveNow();
      return readSummary(modelId, signal);
    },
    gcTime: 0,
  });
  if (summary.error) return <ErrorNote error={summary.error} onRetry={() => void summary.refetch()} />;
  if (!summary.data) return <Skeleton h={240} role="status" aria-label="Keras sums up" />;
  const { text } = summary.data;
  return (
    <>
      <Group justify="space-between" mb="xs">
        <Text size="xs" c="dimmed">
          As model.summary() prints it
        </Text>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button
              size="compact-xs"
              variant="default"
              leftSection={copied ? <IconCheck size={13} aria-hidden /> : <IconCopy size={13} aria-hidden />}
              onClick={copy}
            >
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
      </Group>
      <pre className={classes.text}>{text}</pre>
    </>
  );
}
