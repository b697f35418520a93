/** Stops a run after this step, or after this epoch. It can be resumed afterwards, so nothing has to be confirmed. */
import { Menu, Text } from "@mantine/core";
import { IconChevronDown, IconPlayerStopFilled } from "@tabler/icons-react";
import { type StopWhen, stopRun } from "@/api/control";
import { ControlButton } from "@/runs/control/ControlButton";
import { findObstacle, type Situation } from "@/runs/control/obstacles";
import type { Control } from "@/runs/control/useControl";

interface StopMenuProps {
  runId: string;
  situation: Situation;
  control: Control;
}

export function StopMenu({ runId, situation, control }: StopMenuProps) {
  const atEpoch = control.isUnderWay("stop_after_epoch");
  const stop = (when: StopWhen) =>
    void control.ask(when === "step" ? "stop" : "stop_after_epoch", () => stopRun(runId, when));
  const obstacle = findObstacle("stop_after_epoch", situation);
  return (
    <Menu position="bottom-start" width={280}>
      <Menu.Target>
        <ControlButton
          color="red"
          variant="light"
          icon={<IconPlayerStopFilled size={14} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
          label="Stop"
          busyLabel={atEpoch ? "Stopping after this epoch…" : "Stopping…"}
          busy={atEpoch || control.isUnderWay("stop")}
          obstacle={findObstacle("stop", situation)}
          open
        />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => stop("step")}>
          After this step
          <Text size="xs" c="dimmed">
            At once, with a checkpoint to resume from
          </Text>
        </Menu.Item>
        <Menu.Item disabled={obstacle !== null || atEpoch} onClick={() => stop("epoch")}>
          After this epoch
          <Text size="xs" c="dimmed">
            {obstacle ?? "With its validation, and a checkpoint"}
          </Text>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
