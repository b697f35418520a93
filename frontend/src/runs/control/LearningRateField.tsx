/** The learning rate: shows the current one where it is known, and sends another on Enter. */
import { ActionIcon, Group, Loader, Text, TextInput, Tooltip } from "@mantine/core";
import { IconCornerDownLeft } from "@tabler/icons-react";
import { type KeyboardEvent, useId, useState } from "react";
import { changeRun } from "@/api/control";
import type { RunPublic } from "@/api/types";
import { findLearningRate, readRate, writeRate } from "@/runs/control/learningRate";
import { findObstacle, type Situation } from "@/runs/control/obstacles";
import type { Control } from "@/runs/control/useControl";
import { useLiveRun } from "@/stores/runs/useLiveRun";

interface LearningRateFieldProps {
  run: RunPublic;
  situation: Situation;
  control: Control;
}

export function LearningRateField({ run, situation, control }: LearningRateFieldProps) {
  const labelId = useId();
  const current = useLiveRun(run.id, (live) => findLearningRate(live, run.config)) ?? null;
  const [typed, setTyped] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const busy = control.isUnderWay("learning_rate");
  const obstacle = findObstacle("learning_rate", situation);
  const forget = () => {
    setTyped(null);
    setProblem(null);
  };
  const send = async () => {
    if (typed === null || busy) return;
    const read = readRate(typed);
    if ("problem" in read) {
      setProblem(read.problem);
      return;
    }
    const accepted = await control.ask("learning_rate", () =>
      changeRun(run.id, { learning_rate: read.rate }),
    );
    if (accepted) forget();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") void send();
    if (event.key === "Escape") forget();
  };
  return (
    <Group gap={6} wrap="nowrap" align="center">
      <Text size="xs" c="dimmed" id={labelId} style={{ whiteSpace: "nowrap" }}>
        Learning rate
      </Text>
      <Tooltip
        label={problem ?? obstacle}
        disabled={(problem ?? obstacle) === null}
        opened={problem !== null || undefined}
        color={problem ? "red" : undefined}
      >
        <TextInput
          size="xs"
          w={118}
          aria-labelledby={labelId}
          aria-description={problem ?? obstacle ?? "Enter sends it"}
          inputMode="decimal"
          placeholder="as configured"
          value={typed ?? (current === null ? "" : writeRate(current))}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setProblem(null);
          }}
          onKeyDown={onKeyDown}
          onBlur={() => problem !== null && forget()}
          error={problem !== null}
          readOnly={busy || obstacle !== null}
          data-disabled={obstacle !== null || undefined}
          rightSection={
            busy ? (
              <Loader size={12} aria-label="On its way" />
            ) : (
              <Send shown={typed !== null} onSend={() => void send()} />
            )
          }
        />
      </Tooltip>
    </Group>
  );
}

/** For those who would not press Enter. */
function Send({ shown, onSend }: { shown: boolean; onSend: () => void }) {
  if (!shown) return null;
  return (
    <ActionIcon size="sm" variant="subtle" aria-label="Apply" onClick={onSend}>
      <IconCornerDownLeft size={14} aria-hidden />
    </ActionIcon>
  );
}
