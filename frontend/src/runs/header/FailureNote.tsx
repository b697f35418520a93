/** Why a run failed, was stopped or paused, with the last lines that its worker wrote. */
import { Alert, Code, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconPlayerPause, IconPlayerStop } from "@tabler/icons-react";
import type { RunPublic } from "@/api/types";
import { useLiveRun } from "@/stores/runs/useLiveRun";

const LAST_LINES = 12;

export function FailureNote({ run }: { run: RunPublic }) {
  const status = useLiveRun(run.id, (live) => live.status) ?? run.status;
  const reason = useLiveRun(run.id, (live) => live.reason) ?? run.reason;
  const logs = useLiveRun(run.id, (live) => live.logs) ?? [];
  if ((status === "stopped" || status === "paused") && reason) {
    const Icon = status === "stopped" ? IconPlayerStop : IconPlayerPause;
    return (
      <Alert color={status === "stopped" ? "orange" : "yellow"} variant="light" icon={<Icon aria-hidden />}>
        {reason}
      </Alert>
    );
  }
  if (status !== "failed") return null;
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
