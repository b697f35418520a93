/** What a run's model is worth: evaluated on its data, and asked about single samples. */
import { Card, Group, Select, Stack, Tabs, Text, Title } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { evaluateRun, predictWithRun } from "@/api/evaluation";
import { checkpointsQuery } from "@/api/runs";
import type { CheckpointPublic, RunEvaluation, RunPublic } from "@/api/types";
import { listCheckpoints } from "@/evaluation/checkpoints";
import { EvaluatePanel } from "@/evaluation/EvaluatePanel";
import { PredictPanel } from "@/evaluation/PredictPanel";
import type { Splits } from "@/evaluation/splits";
import type { Subject } from "@/evaluation/subject";
import { formatInteger } from "@/ui/format/amounts";

/** Of so many folds it is told. */
const MOST_EPOCHS = 10;

export function Results({ run }: { run: RunPublic }) {
  const query = useInfiniteQuery(checkpointsQuery(run.id));
  const checkpoints = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Card withBorder padding="md" component="section" aria-label="Results">
      {checkpoints.length > 0 ? (
        <Panels run={run} checkpoints={checkpoints} />
      ) : (
        <>
          <Title order={2} size="h5" mb="xs">
            Results
          </Title>
          <Text size="sm" c="dimmed">
            The model can be evaluated once the run has saved a checkpoint.
          </Text>
        </>
      )}
    </Card>
  );
}

function Panels({ run, checkpoints }: { run: RunPublic; checkpoints: readonly CheckpointPublic[] }) {
  const [chosen, setChosen] = useState("best");
  const [splits, setSplits] = useState<Splits>();
  const choices = listCheckpoints(checkpoints, run.config.checkpoints?.monitor);
  const checkpoint = choices.some(({ value }) => value === chosen) ? chosen : "best";
  const subject: Subject = {
    config: run.config,
    folds: checkpoint === "best" || checkpoint === "last" ? "all" : "one",
    describe: (evaluation) => describeCheckpoint(evaluation as RunEvaluation),
    evaluate: (split, signal) => evaluateRun(run.id, checkpoint, split, signal),
    predict: (body) => predictWithRun(run.id, checkpoint, body),
  };
  return (
    <Tabs defaultValue="evaluate" keepMounted>
      <Group justify="space-between" align="flex-end" mb="md">
        <Stack gap={6}>
          <Title order={2} size="h5">
            Results
          </Title>
          <Tabs.List>
            <Tabs.Tab value="evaluate">Evaluate</Tabs.Tab>
            <Tabs.Tab value="predict">Predict</Tabs.Tab>
          </Tabs.List>
        </Stack>
        <Select
          label="Checkpoint"
          size="xs"
          w={300}
          maw="100%"
          data={choices}
          value={checkpoint}
          allowDeselect={false}
          onChange={(value) => setChosen(value ?? "best")}
        />
      </Group>
      <Tabs.Panel value="evaluate">
        <EvaluatePanel subject={subject} splits={splits} onSplits={setSplits} />
      </Tabs.Panel>
      <Tabs.Panel value="predict">
        <PredictPanel subject={subject} splits={splits} />
      </Tabs.Panel>
    </Tabs>
  );
}

function describeCheckpoint({ step, fold, folds }: RunEvaluation): string {
  if (folds.length > 0) {
    const epochs = folds.slice(0, MOST_EPOCHS).map(({ epoch }) => formatInteger(epoch + 1));
    const more = folds.length > MOST_EPOCHS ? ", …" : "";
    return `a checkpoint of each of ${formatInteger(folds.length)} folds (of epochs ${epochs.join(", ")}${more})`;
  }
  const ofFold = fold == null ? "" : ` of fold ${formatInteger(fold)}`;
  return `the checkpoint of step ${formatInteger(step ?? 0)}${ofFold}`;
}
