/** What a model is trained with, checked while it is chosen, and the button that starts it. */
import { Divider, Skeleton, Stack } from "@mantine/core";
import { useCatalogue } from "@/api/catalogue";
import type { Catalogue, DatasetSummary, Fix, RunConfig } from "@/api/types";
import { useEditor } from "@/stores/editor/editorStore";
import { carryOut } from "@/stores/editor/fixing";
import { AdvancedSection } from "@/train/AdvancedSection";
import { CallbackSection } from "@/train/CallbackSection";
import { DataSection } from "@/train/DataSection";
import { FitSection } from "@/train/FitSection";
import { sortByField } from "@/train/fieldIssues";
import { FixingProvider } from "@/train/IssueNotes";
import { LaunchBar } from "@/train/LaunchBar";
import { LossSection } from "@/train/LossSection";
import { OptimizerSection } from "@/train/OptimizerSection";
import { StartFrom } from "@/train/StartFrom";
import classes from "@/train/Train.module.css";
import { useCompileCheck } from "@/train/useCompileCheck";
import { useTrainingConfig } from "@/train/useTrainingConfig";
import { ErrorNote } from "@/ui/ErrorNote";

export function TrainPanel({ modelId }: { modelId: string }) {
  const catalogue = useCatalogue();
  const training = useTrainingConfig(modelId);
  const error = catalogue.error ?? training.error;
  if (error) {
    const retry = () => {
      void catalogue.refetch();
      training.retry();
    };
    return <ErrorNote error={error} onRetry={retry} />;
  }
  if (!catalogue.data || training.config === null) return <PanelSkeleton />;
  return (
    <TrainForm
      modelId={modelId}
      catalogue={catalogue.data}
      config={training.config}
      datasets={training.datasets}
      saveError={training.saveError}
      onChange={training.change}
    />
  );
}

function PanelSkeleton() {
  return (
    <Stack p="md" gap="md" role="status" aria-label="Loading the training settings">
      {["data", "optimizer", "loss", "metrics", "fit"].map((key) => (
        <Skeleton key={key} h={58} />
      ))}
    </Stack>
  );
}

interface TrainFormProps {
  modelId: string;
  catalogue: Catalogue;
  config: RunConfig;
  datasets: readonly DatasetSummary[];
  saveError: unknown;
  onChange: (config: RunConfig) => void;
}

const OUTPUT_SETTINGS = ["loss", "loss_weights", "metrics", "weighted_metrics"];

const FIELDS = [
  "data",
  "data.arguments",
  "data.steps",
  "data.sample_weights",
  "data.validation",
  "data.split",
  "compile.optimizer",
  ...OUTPUT_SETTINGS.map((setting) => `compile.${setting}`),
  "callbacks",
  "fit.epochs",
  "fit.batch_size",
  "fit.validation_split",
  "fit.class_weight",
  "fit.validation_batch_size",
  "seed",
  "plan",
  "checkpoints",
  "restarts",
];

function TrainForm({ modelId, catalogue, config, datasets, saveError, onChange }: TrainFormProps) {
  const check = useCompileCheck(modelId, config);
  const names = useEditor((state) => state.check?.outputs);
  const outputs = [...new Set(names)];
  const fields = [
    ...FIELDS,
    ...config.callbacks.map((_, i) => `callbacks.${i}`),
    ...config.data.steps.map((_, i) => `data.steps.${i}`),
    ...(outputs.length > 1 ? listOutputFields(outputs) : []),
  ];
  const issues = sortByField(check.issues, fields);
  const section = { config, issues, onChange };
  const fix = (chosen: Fix) => {
    const changed = carryOut(chosen, config);
    if (changed !== null && changed !== config) onChange(changed);
  };
  return (
    <FixingProvider value={{ isCurrent: !check.checking, fix }}>
      <section aria-label="Training" className={classes.panel}>
        <Stack gap="md" className={classes.form}>
          <DataSection {...section} datasets={datasets} catalogue={catalogue} />
          <Divider />
          <OptimizerSection {...section} catalogue={catalogue} />
          <LossSection {...section} catalogue={catalogue} outputs={outputs} />
          <Divider />
          <FitSection {...section} datasets={datasets} checked={check.result} />
          <Divider />
          <CallbackSection {...section} catalogue={catalogue} />
          <AdvancedSection {...section} />
          {saveError !== null && <ErrorNote error={saveError} />}
        </Stack>
        <LaunchBar modelId={modelId} config={config} check={check} rest={issues.rest}>
          <StartFrom modelId={modelId} config={config} onChange={onChange} />
        </LaunchBar>
      </section>
    </FixingProvider>
  );
}

function listOutputFields(outputs: readonly string[]): string[] {
  const keys = [...outputs, ...outputs.keys()];
  return OUTPUT_SETTINGS.flatMap((setting) => keys.map((key) => `compile.${setting}.${key}`));
}
