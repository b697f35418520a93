/** What is minimised, and what is watched beside it: for the only output, or for each of several. */
import { Stack } from "@mantine/core";
import type { Catalogue } from "@/api/types";
import { FoldedArguments } from "@/train/FoldedArguments";
import { IssueNotes } from "@/train/IssueNotes";
import { LossField } from "@/train/LossField";
import { MetricsField } from "@/train/MetricsField";
import { OutputSettings } from "@/train/OutputSettings";
import { lossOf, type MetricSetting, metricsOf } from "@/train/perOutput";
import type { Reference } from "@/train/references";
import type { SectionProps } from "@/train/section";

export interface LossSectionProps extends SectionProps {
  catalogue: Catalogue;
  /** The names of the model's outputs, in order; empty where the check does not know them yet. */
  outputs: readonly string[];
}

export function LossSection(props: LossSectionProps) {
  return props.outputs.length > 1 ? <OutputSettings {...props} /> : <OnlyOutput {...props} />;
}

function OnlyOutput({ config, issues, onChange, catalogue, outputs }: LossSectionProps) {
  const { compile } = config;
  const change = (changed: Partial<typeof compile>) =>
    onChange({ ...config, compile: { ...compile, ...changed } });
  const [name = ""] = outputs;
  const loss = lossOf(compile, outputs, name);
  const weights = issues.at("compile.loss_weights");
  const metrics = (setting: MetricSetting, label: string) => (
    <MetricsField
      label={label}
      catalogue={catalogue}
      metrics={metricsOf(compile[setting], [name], name)}
      issues={issues.at(`compile.${setting}`)}
      idPrefix={`${setting}-`}
      onChange={(chosen: Reference[]) => change({ [setting]: chosen })}
    />
  );
  return (
    <Stack gap="md">
      <LossField
        label="Loss"
        catalogue={catalogue}
        loss={loss}
        issues={issues.at("compile.loss")}
        idPrefix="loss-"
        onChange={(chosen) => chosen !== null && change({ loss: chosen })}
      />
      <IssueNotes issues={weights} />
      {metrics("metrics", "Metrics")}
      <FoldedArguments
        label="Weighted metrics"
        open={metricsOf(compile.weighted_metrics, [name], name).length > 0}
        wrong={issues.at("compile.weighted_metrics").length > 0}
      >
        {metrics("weighted_metrics", "Weighted metrics")}
      </FoldedArguments>
    </Stack>
  );
}
