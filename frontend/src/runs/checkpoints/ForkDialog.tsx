/** Trains a new run from a checkpoint, with other settings or another graph where one wants. */
import { Button, Group, Modal, NumberInput, Radio, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Link, useNavigate } from "react-router";
import { forkRun } from "@/api/checkpoints";
import { rememberRun } from "@/api/runs";
import type { CheckpointPublic, RunPublic, StartReport } from "@/api/types";
import { applyFork, checkRate, type ForkSettings, suggestFork } from "@/runs/checkpoints/forkSettings";
import { StartNote } from "@/runs/checkpoints/StartNote";
import { ErrorNote } from "@/ui/ErrorNote";
import { formatInteger } from "@/ui/format/amounts";
import { notifySuccess } from "@/ui/notifications";

const MAX_NAME_LENGTH = 120;

interface ForkDialogProps {
  run: RunPublic;
  checkpoint: CheckpointPublic;
  opened: boolean;
  onClose: () => void;
}

export function ForkDialog({ run, checkpoint, opened, onClose }: ForkDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Fork a new run" centered size="lg">
      <ForkForm run={run} checkpoint={checkpoint} onClose={onClose} />
    </Modal>
  );
}

function ForkForm({ run, checkpoint, onClose }: Omit<ForkDialogProps, "opened">) {
  const navigate = useNavigate();
  const [settings, setSettings] = useState(() => suggestFork(run));
  const fork = useMutation({
    mutationFn: (modelId: string) =>
      forkRun(checkpoint, {
        model_id: modelId,
        version_id: settings.graph === "same" ? run.version_id : null,
        name: settings.name.trim() || null,
        config: applyFork(run.config, settings),
      }),
    onSuccess: (made) => {
      rememberRun(made);
      notifySuccess(`${made.name} is on its way.`);
      if (made.start_report === null || fitsWhole(made.start_report)) void navigate(`/runs/${made.id}`);
    },
  });
  if (fork.data?.start_report) {
    return <Forked made={fork.data} report={fork.data.start_report} onClose={onClose} />;
  }
  const problem = checkRate(settings);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (problem === undefined && run.model_id !== null) fork.mutate(run.model_id);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Text size="sm" c="dimmed">
          {`It starts with the weights of epoch ${formatInteger(checkpoint.epoch + 1)}, step ${formatInteger(checkpoint.step)} of ${run.name}, and with a new optimizer. That run stays as it is.`}
        </Text>
        <ForkFields settings={settings} rateProblem={problem} onChange={setSettings} />
        {fork.error && <ErrorNote error={fork.error} />}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={fork.isPending} disabled={problem !== undefined}>
            Fork and train
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface ForkFieldsProps {
  settings: ForkSettings;
  rateProblem: string | undefined;
  onChange: (settings: ForkSettings) => void;
}

function ForkFields({ settings, rateProblem, onChange }: ForkFieldsProps) {
  const change = (changed: Partial<ForkSettings>) => onChange({ ...settings, ...changed });
  const whole = { allowDecimal: false, allowNegative: false, clampBehavior: "none" } as const;
  return (
    <>
      <TextInput
        label="Name"
        placeholder="the next number of its model"
        maxLength={MAX_NAME_LENGTH}
        value={settings.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
        data-autofocus
      />
      <Radio.Group
        label="Graph"
        value={settings.graph}
        onChange={(graph) => change({ graph: graph === "draft" ? "draft" : "same" })}
      >
        <Stack gap={6} mt={4}>
          <Radio value="same" label="As the run trained it" />
          <Radio
            value="draft"
            label="The model as it is drawn now"
            description="Layers whose name and shapes still fit keep their weights; the others start anew"
          />
        </Stack>
      </Radio.Group>
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
        <NumberInput
          {...whole}
          label="Epochs"
          min={1}
          value={settings.epochs}
          onChange={(epochs) => change({ epochs })}
        />
        <NumberInput
          {...whole}
          label="Batch size"
          min={1}
          value={settings.batchSize}
          onChange={(batchSize) => change({ batchSize })}
        />
        <TextInput
          label="Learning rate"
          inputMode="decimal"
          placeholder="as it was"
          value={settings.learningRate}
          onChange={(event) => change({ learningRate: event.currentTarget.value })}
          error={rateProblem}
        />
        <NumberInput
          {...whole}
          label="Seed"
          min={0}
          value={settings.seed}
          onChange={(seed) => change({ seed })}
        />
      </SimpleGrid>
    </>
  );
}

interface ForkedProps {
  made: RunPublic;
  report: StartReport;
  onClose: () => void;
}

/** Which layers did not fit, before one goes to the new run. */
function Forked({ made, report, onClose }: ForkedProps) {
  return (
    <Stack>
      <Text size="sm">
        <b>{made.name}</b> is on its way.
      </Text>
      <StartNote report={report} />
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          Stay here
        </Button>
        <Button component={Link} to={`/runs/${made.id}`}>
          Open the new run
        </Button>
      </Group>
    </Stack>
  );
}

function fitsWhole(report: StartReport): boolean {
  return report.new.length === 0 && report.unused.length === 0;
}
