/** One checkpoint in the table. */
import { ActionIcon, Button, Code, CopyButton, Group, Table, Text, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy, IconDownload } from "@tabler/icons-react";
import { toNumber } from "@/api/number";
import type { CheckpointPublic, RunPublic } from "@/api/types";
import { CheckpointMenu } from "@/runs/checkpoints/CheckpointMenu";
import { ExportCheckpointMenu } from "@/runs/checkpoints/ExportCheckpointMenu";
import { formatBytes, formatInteger, formatMetric } from "@/ui/format/amounts";
import { TimeAgo } from "@/ui/format/TimeAgo";

const HASH_LETTERS = 8;

const CAUSES: Record<CheckpointPublic["cause"], string> = {
  interval: "every so often",
  asked: "asked for",
  paused: "paused",
  end: "at the end",
};

interface CheckpointRowProps {
  item: CheckpointPublic;
  run: RunPublic;
  /** Whether it is the one from which the run would go on. */
  isNext: boolean;
}

export function CheckpointRow({ item, run, isNext }: CheckpointRowProps) {
  const logs = Object.entries(item.logs).map(([name, value]) => `${name} ${formatMetric(toNumber(value))}`);
  return (
    <Table.Tr>
      {run.folds !== null && <Table.Td>{item.fold === null ? "–" : formatInteger(item.fold)}</Table.Td>}
      <Table.Td>{formatInteger(item.epoch + 1)}</Table.Td>
      <Table.Td>{formatInteger(item.step)}</Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>
        {CAUSES[item.cause]}
        <Text size="xs" c="dimmed">
          <TimeAgo time={item.created_at} />
        </Text>
      </Table.Td>
      <Table.Td>{logs.join(" · ") || "–"}</Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>{formatBytes(item.size)}</Table.Td>
      <Table.Td>
        <Group gap={2} wrap="nowrap">
          <Tooltip label={item.sha256}>
            <Code>{item.sha256.slice(0, HASH_LETTERS)}</Code>
          </Tooltip>
          <CopyHash sha256={item.sha256} />
        </Group>
      </Table.Td>
      <Table.Td>
        <GoesOn item={item} isNext={isNext} />
      </Table.Td>
      <Table.Td>
        <Group gap={2} wrap="nowrap" justify="flex-end">
          <ExportCheckpointMenu checkpoint={item} />
          <Button
            component="a"
            href={item.url}
            download
            size="compact-sm"
            variant="subtle"
            leftSection={<IconDownload size={14} aria-hidden />}
            aria-label={`Download the checkpoint of step ${item.step}`}
          >
            Download
          </Button>
          <CheckpointMenu checkpoint={item} run={run} />
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

/** Whether the run can go on from it, and why not. */
function GoesOn({ item, isNext }: { item: CheckpointPublic; isNext: boolean }) {
  if (!item.is_whole) {
    return (
      <Tooltip label="The file is not what was written: its SHA-256 is another. The one before is taken instead.">
        <Text size="sm" c="var(--mantine-color-error)">
          damaged
        </Text>
      </Tooltip>
    );
  }
  if (!item.can_resume) {
    const why =
      item.position === null
        ? "It holds weights, but not where in the data training was."
        : "The run went on from an earlier one since: a new run can be forked from it.";
    return (
      <Tooltip label={why}>
        <Text size="sm" c="dimmed">
          no
        </Text>
      </Tooltip>
    );
  }
  return (
    <Text size="sm" style={{ whiteSpace: "nowrap" }}>
      {isNext ? "yes, newest" : "yes"}
    </Text>
  );
}

function CopyHash({ sha256 }: { sha256: string }) {
  return (
    <CopyButton value={sha256}>
      {({ copied, copy }) => (
        <ActionIcon
          variant="subtle"
          size="sm"
          color={copied ? "teal" : "gray"}
          aria-label="Copy the SHA-256"
          onClick={copy}
        >
          {copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
        </ActionIcon>
      )}
    </CopyButton>
  );
}
