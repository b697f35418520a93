/** Stops a run after saying what that means. */
import { Button, type ButtonProps } from "@mantine/core";
import { IconPlayerStopFilled } from "@tabler/icons-react";
import { useState } from "react";
import { stopRun } from "@/api/control";
import { rememberRun } from "@/api/runs";
import { ConfirmDialog } from "@/ui/ConfirmDialog";

interface StopButtonProps extends Pick<ButtonProps, "size" | "variant"> {
  runId: string;
}

export function StopButton({ runId, size = "sm", variant = "light" }: StopButtonProps) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button
        color="red"
        size={size}
        variant={variant}
        leftSection={<IconPlayerStopFilled size={14} aria-hidden />}
        onClick={() => setAsking(true)}
      >
        Stop
      </Button>
      <ConfirmDialog
        opened={asking}
        title="Stop this run?"
        confirmLabel="Stop run"
        onConfirm={async () => rememberRun(await stopRun(runId))}
        onClose={() => setAsking(false)}
      >
        The worker writes a checkpoint and ends. The curves, logs and checkpoints so far stay, and the run can
        be resumed from there.
      </ConfirmDialog>
    </>
  );
}
