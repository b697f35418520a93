/** Why a run failed, was stopped or paused, with the last lines that its worker wrote where it failed. */
import { Alert, Code, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconPlayerPause, IconPlayerStop } from "@tabler/icons-react";
import type { RunPublic } from "@/api/types";
import type { LiveRun } from "@/stores/runs/state";
import { useLiveRun } from "@/stores/runs/useLiveRun";

const LAST_LINES = 12;

export function FailureNote({ run }: { run: RunPublic }) {
  const status = useLiveRun(run.id, (live) => live.status) ?? run.status;
  const reason = useLiveRun(run.id, (live) => live.reason) ?? run.reason;
  if (status === "failed") return <Failed runId={run.id} reason={reason} />;
  if (status === "stopped" || status === "paused")
    return <Halted runId={run.id} status={status} reason={reason} />;
  return null;
}

interface HaltedProps {
  runId: string;
  status: "stopped" | "paused";
  reason: string | null;
}

/** Nothing where a person asked for it: that needs no explanation. */
function Halted({ runId, status, reason }: HaltedProps) {
  const asked = useLiveRun(runId, wasAsked);
  if (!reason || asked) return null;
  const Icon = status === "stopped" ? IconPlayerStop : IconPlayerPause;
  return (
    <Alert color={status === "stopped" ? "orange" : "yellow"} variant="light" icon={<Icon aria-hidden />}>
      {reason}
    </Alert>
  );
}

function wasAsked({ status, marks }: LiveRun): boolean {
  return marks.findLast(({ kind }) => kind === status)?.source === "person";
}

function Failed({ runId, reason }: { runId: string; reason: string | null }) {
  const logs = useLiveRun(runId, (live) => live.logs) ?? [];
  const lines = logs.flatMap(({ message }) => message.split("\n")).slice(-LAST_LINES);
  return (
    <Alert
      color="red"
      variant="light"
      title="This run failed"
      icon={<IconAlertTriangle aria-hidden />}
      role="alert"
    >
      <Stack gap="xs">
        <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
          {reason ?? "Its worker gave no reason."}
        </Text>
        {lines.length > 0 && (
          <>
            <Text size="xs" c="dimmed">
              The last lines of its log
            </Text>
            <Code block mah={220} style={{ overflow: "auto" }}>
              {lines.join("\n")}
            </Code>
          </>
        )}
      </Stack>
    </Alert>
  );
}
