/** Fetches a data set into Keras's cache: a button, then how many bytes have come, then why it failed. */
import { Alert, Button, Stack } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { dataJobQuery, isOver } from "@/api/dataJobs";
import { downloadDataset } from "@/api/datasets";
import { JobProgress } from "@/ui/dataJobs/JobProgress";
import { notifyError } from "@/ui/notifications";

interface DownloadButtonProps {
  /** The data set's. */
  name: string;
  label: string;
  variant?: "light" | "default";
  size?: "xs" | "compact-xs";
  /** Called once it is there; what the page knows of data sets was read again by then. */
  onReady?: () => void;
}

export function DownloadButton({
  name,
  label,
  variant = "light",
  size = "xs",
  onReady,
}: DownloadButtonProps) {
  const queries = useQueryClient();
  const begin = useMutation({ mutationFn: () => downloadDataset(name), onError: notifyError });
  const id = begin.data?.id;
  const { data: job } = useQuery({ ...dataJobQuery(id ?? ""), enabled: id !== undefined });
  const state = job?.state;
  useEffect(() => {
    if (state !== "finished") return;
    void (async () => {
      await queries.invalidateQueries({ queryKey: ["datasets"] });
      await queries.invalidateQueries({ queryKey: ["compile"] });
      onReady?.();
    })();
  }, [state, queries, onReady]);
  if (job && !isOver(job)) return <JobProgress job={job} label={`Download ${name}`} />;
  return (
    <Stack gap={6} align="flex-start">
      {state === "failed" && (
        <Alert color="red" variant="light" role="alert" p="xs">
          {job?.reason}
        </Alert>
      )}
      <Button
        size={size}
        variant={variant}
        loading={begin.isPending || state === "finished"}
        onClick={() => begin.mutate()}
      >
        {state === "failed" ? "Try again" : label}
      </Button>
    </Stack>
  );
}
