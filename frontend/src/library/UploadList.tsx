/** The files on their way: how far each is, and how to stop, go on with and take out one. */
import { ActionIcon, Group, Progress, Stack, Text, Tooltip } from "@mantine/core";
import { IconPlayerPauseFilled, IconPlayerPlayFilled, IconX } from "@tabler/icons-react";
import { toProblem } from "@/api/problem";
import classes from "@/library/Library.module.css";
import { goOn, pauseUpload, removeUpload, type Upload } from "@/stores/library/uploads";
import { formatBytes, formatPercent, formatSeconds } from "@/ui/format/amounts";
import { useNow } from "@/ui/format/useNow";

export function UploadList({ uploads }: { uploads: readonly Upload[] }) {
  return (
    <Stack gap="sm" component="ul" className={classes.list} aria-label="Files">
      {uploads.map((upload) => (
        <li key={upload.key}>
          <UploadRow upload={upload} />
        </li>
      ))}
    </Stack>
  );
}

function UploadRow({ upload }: { upload: Upload }) {
  const { key, name, size, sent, status } = upload;
  return (
    <Stack gap={4}>
      <Group gap="sm" wrap="nowrap" justify="space-between">
        <Text size="sm" fw={500} truncate title={name}>
          {name}
        </Text>
        <Group gap={4} wrap="nowrap">
          <Text size="xs" c="dimmed" className={classes.number}>
            <Progressed upload={upload} />
          </Text>
          {status === "sending" && (
            <RowButton label={`Pause ${name}`} onClick={() => pauseUpload(key)}>
              <IconPlayerPauseFilled size={14} aria-hidden />
            </RowButton>
          )}
          {(status === "paused" || status === "failed") && (
            <RowButton label={`Go on with ${name}`} onClick={() => void goOn(key)}>
              <IconPlayerPlayFilled size={14} aria-hidden />
            </RowButton>
          )}
          <RowButton label={`Take ${name} out`} onClick={() => void removeUpload(key)}>
            <IconX size={16} aria-hidden />
          </RowButton>
        </Group>
      </Group>
      {status !== "sent" && (
        <Progress value={size > 0 ? (sent / size) * 100 : 0} size="sm" aria-label={`Upload of ${name}`} />
      )}
      {status === "waiting" && (
        <Text size="xs" c="dimmed">
          Choose this file once more: sending goes on where it stopped.
        </Text>
      )}
      {status === "failed" && (
        <Text size="xs" c="red" role="alert">
          {toProblem(upload.error).detail}
        </Text>
      )}
    </Stack>
  );
}

function RowButton({
  label,
  onClick,
  children,
}: {
  label: string;
  onClick: () => void;
  children: React.ReactNode;
}) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" size="sm" aria-label={label} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

const TICK_MS = 1000;

function Progressed({ upload: { size, sent, status, since } }: { upload: Upload }) {
  const now = useNow(status === "sending" ? TICK_MS : null);
  if (status === "sent") return formatBytes(size);
  const parts = [`${formatBytes(sent)} of ${formatBytes(size)}`];
  if (status === "paused") parts.push("paused");
  if (status === "sending") {
    const left = since && estimateSecondsLeft(size, sent, since, now);
    parts.push(left == null ? formatPercent(sent / size) : `${formatSeconds(left)} left`);
  }
  return parts.join(" · ");
}

/** Null until something was sent. */
export function estimateSecondsLeft(
  size: number,
  sent: number,
  since: { readonly time: number; readonly sent: number },
  now: number,
): number | null {
  const seconds = (now - since.time) / 1000;
  const gone = sent - since.sent;
  return gone > 0 && seconds > 0 ? (size - sent) * (seconds / gone) : null;
}
