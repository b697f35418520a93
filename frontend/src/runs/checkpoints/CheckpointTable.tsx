/** The checkpoint files of a run: why each was written, whether the run can go on from it, and what to do with it. */
import { Button, Card, Skeleton, Table, Text, Title } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { checkpointsQuery } from "@/api/runs";
import type { CheckpointPublic, RunPublic } from "@/api/types";
import { CheckpointRow } from "@/runs/checkpoints/CheckpointRow";
import { useLiveRun } from "@/stores/runs/useLiveRun";
import { ErrorNote } from "@/ui/ErrorNote";

export function CheckpointTable({ run }: { run: RunPublic }) {
  const checkpoints = useInfiniteQuery(checkpointsQuery(run.id));
  const reported = useLiveRun(run.id, (live) => live.checkpoints) ?? 0;
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
          None yet. The worker saves one every now and then, when the run pauses and at its end, and keeps the
          newest few and the best.
        </Text>
      )}
      {items.length > 0 && <Rows items={items} run={run} />}
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

function Rows({ items, run }: { items: readonly CheckpointPublic[]; run: RunPublic }) {
  const next = items
    .filter((item) => item.can_resume)
    .reduce<CheckpointPublic | null>(
      (last, item) => (last && last.created_at >= item.created_at ? last : item),
      null,
    );
  return (
    <Table.ScrollContainer minWidth={860} type="native">
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            {run.folds !== null && <Table.Th>Fold</Table.Th>}
            <Table.Th>Epoch</Table.Th>
            <Table.Th>Step</Table.Th>
            <Table.Th>Why</Table.Th>
            <Table.Th>Logs</Table.Th>
            <Table.Th>Size</Table.Th>
            <Table.Th>SHA-256</Table.Th>
            <Table.Th>Can go on</Table.Th>
            <Table.Th aria-label="Actions" />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody style={{ fontVariantNumeric: "tabular-nums" }}>
          {items.map((item) => (
            <CheckpointRow key={item.id} item={item} run={run} isNext={item.id === next?.id} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
