/** The checkpoint files of a run, each with its size and SHA-256, to download. */
import {
  ActionIcon,
  Button,
  Card,
  Code,
  CopyButton,
  Group,
  Skeleton,
  Table,
  Text,
  Title,
  Tooltip,
} from "@mantine/core";
import { IconCheck, IconCopy, IconDownload } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { toNumber } from "@/api/number";
import { checkpointsQuery } from "@/api/runs";
import type { CheckpointPublic } from "@/api/types";
import { ExportCheckpointMenu } from "@/runs/details/ExportCheckpointMenu";
import { UseWeightsButton } from "@/runs/details/UseWeightsButton";
import { useLiveRun } from "@/stores/runs/useLiveRun";
import { ErrorNote } from "@/ui/ErrorNote";
import { formatBytes, formatInteger, formatMetric } from "@/ui/format/amounts";

const HASH_LETTERS = 12;

export function CheckpointTable({ runId }: { runId: string }) {
  const checkpoints = useInfiniteQuery(checkpointsQuery(runId));
  const reported = useLiveRun(runId, (run) => run.checkpoints) ?? 0;
  const { refetch } = checkpoints;
  useEffect(() => {
    if (reported > 0) void refetch();
  }, [reported, refetch]);
  const items = checkpoints.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Card withBorder padding="md" component="section" aria-label="Checkpoints">
      <Title order={2} size="h5" mb="xs">
        Checkpoints
      </Title>
      {checkpoints.isPending && <Skeleton h={32} />}
      {checkpoints.error && <ErrorNote error={checkpoints.error} onRetry={() => void refetch()} />}
      {checkpoints.isSuccess && items.length === 0 && (
        <Text size="sm" c="dimmed">
          None yet. The worker saves one at the end of an epoch, and keeps the newest few and the best.
        </Text>
      )}
      {items.length > 0 && <Rows items={items} />}
      {checkpoints.hasNextPage && (
        <Button
          variant="subtle"
          size="xs"
          mt="xs"
          loading={checkpoints.isFetchingNextPage}
          onClick={() => void checkpoints.fetchNextPage()}
        >
          Load more
        </Button>
      )}
    </Card>
  );
}

function Rows({ items }: { items: readonly CheckpointPublic[] }) {
  return (
    <Table.ScrollContainer minWidth={860} type="native">
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Epoch</Table.Th>
            <Table.Th>Step</Table.Th>
            <Table.Th>Logs</Table.Th>
            <Table.Th>Size</Table.Th>
            <Table.Th>SHA-256</Table.Th>
            <Table.Th aria-label="Download" />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody style={{ fontVariantNumeric: "tabular-nums" }}>
          {items.map((item) => (
            <Row key={item.id} item={item} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ item }: { item: CheckpointPublic }) {
  const logs = Object.entries(item.logs).map(([name, value]) => `${name} ${formatMetric(toNumber(value))}`);
  return (
    <Table.Tr>
      <Table.Td>{formatInteger(item.epoch + 1)}</Table.Td>
      <Table.Td>{formatInteger(item.step)}</Table.Td>
      <Table.Td>{logs.join(" · ")}</Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>{formatBytes(item.size)}</Table.Td>
      <Table.Td>
        <Group gap={4} wrap="nowrap">
          <Tooltip label={item.sha256}>
            <Code>{item.sha256.slice(0, HASH_LETTERS)}</Code>
          </Tooltip>
          <CopyHash sha256={item.sha256} />
        </Group>
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
        <UseWeightsButton checkpoint={item} />
        <ExportCheckpointMenu checkpoint={item} />
        <Button
          component="a"
          href={item.url}
          download
          size="compact-sm"
          variant="subtle"
          leftSection={<IconDownload size={14} aria-hidden />}
          aria-label={`Download the checkpoint of epoch ${item.epoch + 1}`}
        >
          Download
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}

function CopyHash({ sha256 }: { sha256: string }) {
  return (
    <CopyButton value={sha256}>
      {({ copied, copy }) => (
        <ActionIcon
          variant="subtle"
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
