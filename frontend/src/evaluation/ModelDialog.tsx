/** What a model with stored weights is worth, without any run: the draft or one of its versions. */
import { Modal, Select, Skeleton, Stack, Tabs, Text } from "@mantine/core";
import { IconReportAnalytics } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { datasetsQuery } from "@/api/datasets";
import { evaluateModel, predictWithModel } from "@/api/evaluation";
import { modelQuery } from "@/api/models";
import type { ModelPublic } from "@/api/types";
import { EvaluatePanel } from "@/evaluation/EvaluatePanel";
import { PredictPanel } from "@/evaluation/PredictPanel";
import type { Splits } from "@/evaluation/splits";
import type { Subject } from "@/evaluation/subject";
import { saveNow } from "@/stores/editor/autosave";
import { type ModelQuestion, stopAsking, useModelQuestion } from "@/stores/evaluation/modelQuestion";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";

export function ModelDialog() {
  const question = useModelQuestion((state) => state.question);
  return (
    <Modal
      opened={question !== null}
      onClose={stopAsking}
      title={question === null ? "" : `Results of ${question.label}`}
      size="min(1000px, 92vw)"
    >
      {question !== null && <Loader question={question} />}
    </Modal>
  );
}

function Loader({ question }: { question: ModelQuestion }) {
  const model = useQuery(modelQuery(question.modelId));
  if (model.error) return <ErrorNote error={model.error} onRetry={() => void model.refetch()} />;
  if (!model.data) return <Skeleton h={240} role="status" aria-label="Loading the model" />;
  if (model.data.weights == null)
    return (
      <EmptyState icon={<IconReportAnalytics size={28} aria-hidden />} title="No weights stored">
        A model can be evaluated once it has weights: upload some, import them, or take those of a run.
      </EmptyState>
    );
  return <Panels question={question} model={model.data} />;
}

function Panels({ question, model }: { question: ModelQuestion; model: ModelPublic }) {
  const datasets = useQuery(datasetsQuery);
  const trained = model.training?.data ?? null;
  const [dataset, setDataset] = useState(trained?.dataset ?? null);
  const [splits, setSplits] = useState<Splits>();
  // The settings' own arrays and arguments are for their data set only.
  const data =
    dataset === null || dataset === trained?.dataset ? null : { dataset, arguments: {}, steps: [] };
  const subject: Subject = {
    config: model.training == null || data === null ? (model.training ?? null) : { ...model.training, data },
    folds: "none",
    describe: () => "the weights that the model has",
    evaluate: async (split, signal) => {
      if (question.versionId === null) await saveNow();
      return evaluateModel(question, data, split, signal);
    },
    predict: async (body) => {
      if (question.versionId === null) await saveNow();
      return predictWithModel(question, data, body);
    },
  };
  const ready = datasets.data?.filter(({ available }) => available).map(({ name }) => name) ?? [];
  return (
    <Stack gap="sm">
      <Select
        label="Data set"
        description="The loss, the metrics and the validation split are those of the training settings."
        size="xs"
        maw={420}
        searchable
        data={dataset === null || ready.includes(dataset) ? ready : [dataset, ...ready]}
        value={dataset}
        allowDeselect={false}
        onChange={(chosen) => {
          setDataset(chosen);
          setSplits(undefined);
        }}
      />
      <Tabs defaultValue={model.training == null ? "predict" : "evaluate"} keepMounted>
        <Tabs.List mb="md">
          <Tabs.Tab value="evaluate">Evaluate</Tabs.Tab>
          <Tabs.Tab value="predict">Predict</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="evaluate">
          {model.training == null ? (
            <Text size="sm" c="dimmed">
              Set a loss in the training settings first: without one nothing can be measured.
            </Text>
          ) : (
            <EvaluatePanel subject={subject} splits={splits} onSplits={setSplits} />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="predict">
          <PredictPanel subject={subject} splits={splits} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
