/** Says where a number first was not finite, while that still holds: nothing good is learned from there on. */
import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { readMessage } from "@/runs/marks/describeMark";
import { findOvertaken } from "@/runs/marks/overtaken";
import type { LiveRun } from "@/stores/runs/state";
import { useLiveRun } from "@/stores/runs/useLiveRun";

export function NotFiniteNote({ runId }: { runId: string }) {
  const first = useLiveRun(runId, findFirst);
  if (!first) return null;
  return (
    <Alert
      color="red"
      variant="light"
      title="A number was not finite"
      icon={<IconAlertTriangle aria-hidden />}
      role="status"
    >
      {readMessage(first)}
    </Alert>
  );
}

function findFirst({ marks }: LiveRun) {
  const overtaken = findOvertaken(marks);
  return marks.find(({ kind, seq }) => kind === "not_finite" && !overtaken.has(seq)) ?? null;
}
