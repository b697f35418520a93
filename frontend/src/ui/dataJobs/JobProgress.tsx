/** How far work on data is, and a way to break it off. */
import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { cancelDataJob } from "@/api/dataJobs";
import type { DataJob } from "@/api/ownTypes";
import { describeProgress } from "@/ui/dataJobs/describe";
import { notifyError } from "@/ui/notifications";

interface JobProgressProps {
  job: DataJob;
  label: string;
}

export function JobProgress({ job, label }: JobProgressProps) {
  const queries = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => cancelDataJob(job.id),
    onError: notifyError,
    onSettled: () => queries.invalidateQueries({ queryKey: ["datasets"], type: "active" }),
  });
  return (
    <Group gap="sm" wrap="nowrap" w="100%">
      <Stack gap={4} flex={1} role="status" aria-label={label}>
        <Progress value={job.progress * 100} animated aria-label={label} />
        <Text size="xs" c="dimmed" style={{ fontVariantNumeric: "tabular-nums" }}>
          {describeProgress(job)}
        </Text>
      </Stack>
      <Button
        size="compact-sm"
        variant="default"
        loading={cancel.isPending}
        onClick={() => cancel.mutate()}
        aria-label={`Cancel: ${label}`}
      >
        Cancel
      </Button>
    </Group>
  );
}
