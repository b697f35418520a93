/** Pauses a run that trains, lets a paused one go on, and resumes one that was stopped or has failed. */
import type { ButtonProps } from "@mantine/core";
import { IconPlayerPauseFilled, IconPlayerPlayFilled } from "@tabler/icons-react";
import { pauseRun, resumeRun } from "@/api/control";
import { isFinal } from "@/api/events";
import { ControlButton } from "@/runs/control/ControlButton";
import { findObstacle, type Situation } from "@/runs/control/obstacles";
import type { Control } from "@/runs/control/useControl";

interface PauseButtonProps extends Pick<ButtonProps, "size"> {
  runId: string;
  situation: Situation;
  control: Control;
}

export function PauseButton({ runId, situation, control, size = "xs" }: PauseButtonProps) {
  if (situation.status === "paused" || isFinal(situation.status)) {
    return (
      <ControlButton
        size={size}
        variant="filled"
        icon={<IconPlayerPlayFilled size={14} aria-hidden />}
        label="Resume"
        busyLabel="Resuming…"
        busy={control.isUnderWay("resume")}
        obstacle={findObstacle("resume", situation)}
        onClick={() => void control.ask("resume", () => resumeRun(runId))}
      />
    );
  }
  return (
    <ControlButton
      size={size}
      icon={<IconPlayerPauseFilled size={14} aria-hidden />}
      label="Pause"
      busyLabel="Pausing…"
      busy={control.isUnderWay("pause")}
      obstacle={findObstacle("pause", situation)}
      onClick={() => void control.ask("pause", () => pauseRun(runId))}
    />
  );
}
