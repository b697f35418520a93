/** Adds epochs to a run: one that trains goes on for longer, one that has finished goes on again. */
import { Button, NumberInput, Popover, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlaylistAdd } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { changeRun } from "@/api/control";
import { ControlButton } from "@/runs/control/ControlButton";
import { findObstacle, type Situation } from "@/runs/control/obstacles";
import type { Control } from "@/runs/control/useControl";
import { formatCount, formatInteger } from "@/ui/format/amounts";

/** The limit of the API's `RunUpdate`. */
const MOST_EPOCHS = 1_000_000;
const MOST_SUGGESTED = 10;

interface EpochsButtonProps {
  runId: string;
  /** How many the run trains as things are, or has trained where it is over: a callback may have ended it early. */
  epochs: number;
  situation: Situation;
  control: Control;
}

export function EpochsButton({ runId, epochs, situation, control }: EpochsButtonProps) {
  const [opened, { open, close }] = useDisclosure();
  const finished = situation.status === "finished";
  const add = async (more: number) => {
    close();
    await control.ask("epochs", () => changeRun(runId, { epochs: epochs + more }));
  };
  return (
    <Popover opened={opened} onDismiss={close} position="bottom-start" width={260} trapFocus shadow="md">
      <Popover.Target>
        {/* The target of a popover has to be an element. */}
        <span>
          <ControlButton
            variant={finished ? "filled" : "default"}
            icon={<IconPlaylistAdd size={16} aria-hidden />}
            label={finished ? "Train on" : "Add epochs"}
            busyLabel={finished ? "Going on…" : "Adding epochs…"}
            busy={control.isUnderWay("epochs")}
            obstacle={findObstacle("epochs", situation)}
            onClick={opened ? close : open}
          />
        </span>
      </Popover.Target>
      <Popover.Dropdown>
        <EpochsForm epochs={epochs} finished={finished} onAdd={(more) => void add(more)} />
      </Popover.Dropdown>
    </Popover>
  );
}

interface EpochsFormProps {
  epochs: number;
  finished: boolean;
  onAdd: (more: number) => void;
}

function EpochsForm({ epochs, finished, onAdd }: EpochsFormProps) {
  const [typed, setTyped] = useState<number | string>(Math.min(epochs, MOST_SUGGESTED));
  const most = MOST_EPOCHS - epochs;
  const more = typeof typed === "number" && typed >= 1 && typed <= most ? typed : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (more !== null) onAdd(more);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <NumberInput
          label="Epochs to add"
          size="sm"
          value={typed}
          onChange={setTyped}
          min={1}
          max={most}
          allowDecimal={false}
          allowNegative={false}
          clampBehavior="none"
          error={more === null && `Expected a number from 1 to ${formatInteger(most)}.`}
          data-autofocus
        />
        <Text size="xs" c="dimmed">
          {more !== null &&
            `It trains ${formatCount(epochs + more, "epoch")} then, not ${formatInteger(epochs)}.`}
        </Text>
        <Button type="submit" size="xs" disabled={more === null}>
          {finished
            ? `Train on for ${formatCount(more ?? 0, "epoch")}`
            : `Add ${formatCount(more ?? 0, "epoch")}`}
        </Button>
      </Stack>
    </form>
  );
}
