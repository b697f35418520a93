/** What a person can do with a run: pause and resume, stop, save, change the learning rate, add epochs. */
import { Card, CloseButton, Group, Text } from "@mantine/core";
import { IconDeviceFloppy } from "@tabler/icons-react";
import { saveCheckpoint } from "@/api/control";
import { isFinal } from "@/api/events";
import type { RunPublic } from "@/api/types";
import { ControlButton } from "@/runs/control/ControlButton";
import { EpochsButton } from "@/runs/control/EpochsButton";
import { LearningRateField } from "@/runs/control/LearningRateField";
import { findObstacle, type Situation } from "@/runs/control/obstacles";
import { PauseButton } from "@/runs/control/PauseButton";
import { StopMenu } from "@/runs/control/StopMenu";
import { type Control, useControl } from "@/runs/control/useControl";
import { useLiveRun } from "@/stores/runs/useLiveRun";

export function ControlBar({ run }: { run: RunPublic }) {
  const control = useControl(run.id);
  const status = useLiveRun(run.id, (live) => live.status) ?? run.status;
  const epochs = useLiveRun(run.id, (live) => live.epochs) ?? run.epochs;
  const done = useLiveRun(run.id, (live) => live.epochsDone) || epochs;
  const base = status === "finished" ? done : epochs;
  const situation: Situation = { status, canResume: run.can_resume };
  const shared = { situation, control };
  return (
    <Card withBorder px="md" py="sm" component="section" aria-label="Control">
      <Group gap="sm" wrap="wrap">
        {status !== "finished" && <PauseButton runId={run.id} {...shared} />}
        {!isFinal(status) && <StopMenu runId={run.id} {...shared} />}
        {!isFinal(status) && <SaveButton runId={run.id} {...shared} />}
        {(!isFinal(status) || (status === "finished" && run.folds === null)) && (
          <EpochsButton key={base} runId={run.id} epochs={base} {...shared} />
        )}
        {!isFinal(status) && <LearningRateField run={run} {...shared} />}
        {isFinal(status) && (
          <WhatResuming situation={situation} early={done < epochs} folded={run.folds !== null} />
        )}
      </Group>
      {control.problem !== null && <Problem text={control.problem} onClose={control.forgetProblem} />}
    </Card>
  );
}

function SaveButton({
  runId,
  situation,
  control,
}: {
  runId: string;
  situation: Situation;
  control: Control;
}) {
  return (
    <ControlButton
      icon={<IconDeviceFloppy size={14} aria-hidden />}
      label="Save checkpoint"
      busyLabel="Saving…"
      busy={control.isUnderWay("save")}
      obstacle={findObstacle("save", situation)}
      onClick={() => void control.ask("save", () => saveCheckpoint(runId))}
    />
  );
}

interface WhatResumingProps {
  situation: Situation;
  early: boolean;
  /** Whether the run trains several folds. */
  folded: boolean;
}

/** What going on would mean, in a line beside the button. */
function WhatResuming({ situation, early, folded }: WhatResumingProps) {
  const { status, canResume } = situation;
  const over =
    status !== "finished" ? "" : early ? "A callback ended the run early. " : "All epochs are trained. ";
  const isWhole = folded && status === "finished";
  const text = isWhole
    ? "All folds are trained. It can go back to one of its checkpoints; a new run trains them for longer."
    : canResume
      ? `${over}The run can go on from its last checkpoint.`
      : `${over}There is no checkpoint from which the run could go on.`;
  return (
    <Text size="xs" c="dimmed">
      {text}
    </Text>
  );
}

function Problem({ text, onClose }: { text: string; onClose: () => void }) {
  return (
    <Group gap="xs" mt={6} wrap="nowrap" role="alert">
      <Text size="sm" c="var(--mantine-color-error)" style={{ overflowWrap: "anywhere" }}>
        {text}
      </Text>
      <CloseButton size="xs" aria-label="Dismiss" onClick={onClose} />
    </Group>
  );
}
