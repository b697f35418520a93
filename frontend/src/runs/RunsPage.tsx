/** All runs: filtered, searched and sorted by the server, kept up to date while it is shown. */
import { Button, Container, Skeleton, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconChartLine, IconFilterOff } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { type RunFilter, runsQuery } from "@/api/runs";
import { RunFilters } from "@/runs/list/RunFilters";
import { RunTable } from "@/runs/list/RunTable";
import { useRunUpdates } from "@/stores/runs/useRunUpdates";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHeader } from "@/ui/PageHeader";

const TYPING_PAUSE_MS = 250;
const FIRST_FILTER: RunFilter = { sort: "-created_at" };

export function RunsPage() {
  useRunUpdates();
  const [filter, setFilter] = useState<RunFilter>(FIRST_FILTER);
  const [settled] = useDebouncedValue(filter, TYPING_PAUSE_MS);
  const runs = useInfiniteQuery({ ...runsQuery(settled), placeholderData: keepPreviousData });
  const items = runs.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = Boolean(settled.q) || (settled.status ?? []).length > 0;
  return (
    <Container size="xl" py="lg">
      <PageHeader title="Runs" description="Every training that was launched, newest first." />
      <RunFilters filter={filter} onChange={setFilter} />
      {runs.isPending && <ListSkeleton />}
      {runs.error && <ErrorNote error={runs.error} onRetry={() => void runs.refetch()} />}
      {runs.isSuccess && items.length === 0 && (
        <NoRuns filtered={filtered} onReset={() => setFilter(FIRST_FILTER)} />
      )}
      {items.length > 0 && (
        <RunTable runs={items} sort={filter.sort} onSort={(sort) => setFilter({ ...filter, sort })} />
      )}
      {runs.hasNextPage && (
        <Stack align="center" mt="md">
          <Button
            variant="default"
            loading={runs.isFetchingNextPage}
            onClick={() => void runs.fetchNextPage()}
          >
            Load more
          </Button>
        </Stack>
      )}
    </Container>
  );
}

function ListSkeleton() {
  return (
    <Stack gap={8} role="status" aria-label="Loading the runs">
      {["a", "b", "c", "d", "e"].map((key) => (
        <Skeleton key={key} h={42} />
      ))}
    </Stack>
  );
}

function NoRuns({ filtered, onReset }: { filtered: boolean; onReset: () => void }) {
  if (filtered) {
    return (
      <EmptyState
        icon={<IconFilterOff />}
        title="No run fits the filter"
        action={
          <Button variant="light" onClick={onReset}>
            Show all runs
          </Button>
        }
      />
    );
  }
  return (
    <EmptyState
      icon={<IconChartLine />}
      title="Nothing has been trained yet"
      action={
        <Button component={Link} to="/" variant="light">
          Choose a model
        </Button>
      }
    >
      <Text inherit>Open a model or a template and press Train: its curves appear here as they grow.</Text>
    </EmptyState>
  );
}
