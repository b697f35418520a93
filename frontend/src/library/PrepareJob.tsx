/** A data set in the making: how far it is, and what came of it. */
import { Alert, Button, Group, Progress, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useNavigate } from "react-router";
import { cancelDataJob, dataJobQuery, isOver } from "@/api/dataJobs";
import { refreshDatasets } from "@/api/ownData";
import { Section } from "@/library/Section";
import { ErrorNote, IssueList } from "@/ui/ErrorNote";
import { formatPercent } from "@/ui/format/amounts";
import { notifySuccess } from "@/ui/notifications";

interface PrepareJobProps {
  id: string;
  /** Back to the form, with all that was said. */
  onBack: () => void;
  onReady: () => void;
}

export function PrepareJob({ id, onBack, onReady }: PrepareJobProps) {
  const job = useQuery(dataJobQuery(id));
  const navigate = useNavigate();
  const ready = job.data?.state === "finished" ? job.data.dataset : null;
  useEffect(() => {
    if (ready == null) return;
    notifySuccess(`The data set ${ready} is ready.`);
    onReady();
    void refreshDatasets();
    void navigate(`/data/${ready}`, { replace: true });
  }, [ready, navigate, onReady]);
  const cancel = useMutation({
    mutationFn: () => cancelDataJob(id),
    onSettled: () => void job.refetch(),
  });
  const { state, progress = 0, reason, issues = [] } = job.data ?? {};
  const isFailed = state === "failed";
  return (
    <Section title={isFailed ? "This could not be prepared" : "Preparing"}>
      <Stack>
        {job.error && <ErrorNote error={job.error} onRetry={() => void job.refetch()} />}
        {isFailed && (
          <Alert color="red" variant="light" role="alert" icon={<IconAlertTriangle aria-hidden />}>
            {issues.length > 0 ? <IssueList issues={issues} /> : reason}
          </Alert>
        )}
        {state === "cancelled" && <Text size="sm">It was cancelled; nothing was kept of it.</Text>}
        {!job.error && (job.data === undefined || !isOver(job.data)) && (
          <Stack gap={6} role="status">
            <Progress value={progress * 100} animated aria-label="Preparing" />
            <Text size="sm" c="dimmed">
              {state === "waiting" ? "waiting for its turn" : `${formatPercent(progress)} done`}
            </Text>
          </Stack>
        )}
        <Group justify="flex-end">
          {job.error || (job.data && isOver(job.data)) ? (
            <Button variant="default" onClick={onBack}>
              Back to the settings
            </Button>
          ) : (
            <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
              Cancel
            </Button>
          )}
        </Group>
      </Stack>
    </Section>
  );
}
