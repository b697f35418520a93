/** The newest runs with their live status. */
import { Anchor, Card, Group, Progress, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { runsQuery } from "@/api/runs";
import type { RunPublic } from "@/api/types";
import classes from "@/home/Home.module.css";
import { useRunUpdates } from "@/stores/runs/useRunUpdates";
import { ErrorNote } from "@/ui/ErrorNote";
import { formatInteger } from "@/ui/format/amounts";
import { TimeAgo } from "@/ui/format/TimeAgo";
import { StatusBadge } from "@/ui/runs/StatusBadge";

const SHOWN = 6;

export function RecentRuns() {
  useRunUpdates();
  const runs = useInfiniteQuery(runsQuery({}, SHOWN));
  const items = runs.data?.pages[0]?.items ?? [];
  return (
    <section aria-label="Recent runs">
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4">
          Recent runs
        </Title>
        <Anchor component={Link} to="/runs" size="sm">
          All runs
        </Anchor>
      </Group>
      <Card withBorder padding="sm">
        {runs.isPending && <Skeleton h={120} />}
        {runs.error && <ErrorNote error={runs.error} onRetry={() => void runs.refetch()} />}
        {runs.isSuccess && items.length === 0 && (
          <Text size="sm" c="dimmed">
            No model has been trained yet. Open one and press Train.
          </Text>
        )}
        <Stack gap="sm" component="ul" className={classes.plainList}>
          {items.map((run) => (
            <li key={run.id}>
              <RecentRun run={run} />
            </li>
          ))}
        </Stack>
      </Card>
    </section>
  );
}

function RecentRun({ run }: { run: RunPublic }) {
  const reached = run.epoch === null ? 0 : run.epoch + 1;
  return (
    <Stack gap={4}>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Anchor component={Link} to={`/runs/${run.id}`} size="sm" fw={500} truncate="end">
          {run.name}
        </Anchor>
        <StatusBadge status={run.status} size="sm" />
      </Group>
      {run.status === "running" && <Progress value={(reached / run.epochs) * 100} size="xs" aria-hidden />}
      <Text size="xs" c="dimmed" component="div">
        epoch {formatInteger(reached)} of {formatInteger(run.epochs)} · <TimeAgo time={run.created_at} />
      </Text>
    </Stack>
  );
}
