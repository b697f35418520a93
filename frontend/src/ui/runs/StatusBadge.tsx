/** A run's status as a badge; one that trains has a pulsing dot. */
import { Badge, type MantineColor } from "@mantine/core";
import type { RunStatus } from "@/api/types";
import classes from "@/ui/runs/StatusBadge.module.css";

const COLORS: Record<RunStatus, MantineColor> = {
  queued: "gray",
  running: "blue",
  paused: "yellow",
  finished: "teal",
  failed: "red",
  stopped: "orange",
};

export function StatusBadge({ status, size = "md" }: { status: RunStatus; size?: "sm" | "md" | "lg" }) {
  return (
    <Badge
      color={COLORS[status]}
      variant="light"
      size={size}
      radius="sm"
      tt="none"
      data-status={status}
      className={classes.badge}
      leftSection={<span className={classes.dot} data-live={status === "running" || undefined} aria-hidden />}
    >
      {status}
    </Badge>
  );
}
