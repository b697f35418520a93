/** The dashboard of one run. */
import { Anchor, Breadcrumbs, Container, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link, useParams } from "react-router";
import { runQuery } from "@/api/runs";
import type { RunPublic } from "@/api/types";
import { ControlBar } from "@/runs/control/ControlBar";
import { Curves } from "@/runs/curves/Curves";
import { RunDetails } from "@/runs/details/RunDetails";
import { FailureNote } from "@/runs/header/FailureNote";
import { NotFiniteNote } from "@/runs/header/NotFiniteNote";
import { RunHeader } from "@/runs/header/RunHeader";
import { ProgressCard } from "@/runs/ProgressCard";
import { useFollowedError, useFollowRun, useFreshRun } from "@/stores/runs/useLiveRun";
import { useRunUpdates } from "@/stores/runs/useRunUpdates";
import { ErrorNote } from "@/ui/ErrorNote";

interface RunPageProps {
  /** What other parts of the page have to say of a run, below its curves. */
  results?: (run: RunPublic) => ReactNode;
}

export function RunPage({ results }: RunPageProps) {
  const { runId = "" } = useParams();
  return (
    <Container size="xl" py="lg">
      <Breadcrumbs mb="xs">
        <Anchor component={Link} to="/runs" size="sm">
          Runs
        </Anchor>
        <Text size="sm" c="dimmed">
          Run
        </Text>
      </Breadcrumbs>
      <RunLoader key={runId} runId={runId} results={results} />
    </Container>
  );
}

function RunLoader({ runId, results }: { runId: string } & RunPageProps) {
  const run = useQuery(runQuery(runId));
  if (run.data) return <Dashboard run={run.data} results={results} />;
  if (run.error) return <ErrorNote error={run.error} onRetry={() => void run.refetch()} />;
  return (
    <Stack gap="md" role="status" aria-label="Loading the run">
      <Skeleton h={40} w={320} />
      <Skeleton h={116} />
      <Skeleton h={340} />
    </Stack>
  );
}

function Dashboard({ run, results }: { run: RunPublic } & RunPageProps) {
  useRunUpdates();
  useFollowRun(run.id);
  useFreshRun(run);
  const error = useFollowedError(run.id);
  return (
    <Stack gap="lg">
      <RunHeader run={run} />
      {error !== null && <ErrorNote error={error} />}
      <FailureNote run={run} />
      <NotFiniteNote runId={run.id} />
      <ControlBar run={run} />
      <ProgressCard run={run} />
      <Curves runId={run.id} />
      {results?.(run)}
      <RunDetails run={run} />
    </Stack>
  );
}
