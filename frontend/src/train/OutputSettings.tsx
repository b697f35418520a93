/** Losses, weights and metrics of a model with several outputs: one loss for all, or settings for each. */
import { Card, SegmentedControl, Stack, Text } from "@mantine/core";
import type { CompileSettings, Issue } from "@/api/types";
import { FoldedArguments } from "@/train/FoldedArguments";
import { IssueNotes } from "@/train/IssueNotes";
import { LossField } from "@/train/LossField";
import type { LossSectionProps } from "@/train/LossSection";
import { MetricsField } from "@/train/MetricsField";
import { NumberField } from "@/train/NumberField";
import {
  gatherSettings,
  isPerOutput,
  lossOf,
  type MetricSetting,
  metricsOf,
  setLoss,
  setMetrics,
  setWeight,
  spreadSettings,
  weightOf,
} from "@/train/perOutput";

const LARGEST_WEIGHT = 1_000_000;

export function OutputSettings(props: LossSectionProps) {
  const { config, issues, onChange, catalogue, outputs } = props;
  const { compile } = config;
  const change = (changed: CompileSettings) => onChange({ ...config, compile: changed });
  const perOutput = isPerOutput(compile);
  const general = ["loss", "loss_weights", "metrics", "weighted_metrics"].flatMap((setting) =>
    issues.at(`compile.${setting}`),
  );
  return (
    <Stack gap="sm">
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label="Losses and metrics"
        data={[
          { value: "all", label: "One loss for all" },
          { value: "each", label: "Per output" },
        ]}
        value={perOutput ? "each" : "all"}
        onChange={(value) =>
          change(value === "each" ? spreadSettings(compile, outputs) : gatherSettings(compile, outputs))
        }
      />
      {perOutput ? (
        <>
          <IssueNotes issues={general} />
          {outputs.map((name) => (
            <OutputCard key={name} name={name} {...props} />
          ))}
        </>
      ) : (
        <>
          <LossField
            label="Loss of all outputs"
            catalogue={catalogue}
            loss={lossOf(compile, outputs, outputs[0] ?? "")}
            issues={general}
            idPrefix="loss-"
            onChange={(loss) => loss !== null && change({ ...compile, loss })}
          />
          {outputs.map((name) => (
            <MetricsField
              key={name}
              label={`Metrics of ${name}`}
              catalogue={catalogue}
              metrics={metricsOf(compile.metrics, outputs, name)}
              issues={findIssues(props, "metrics", name)}
              idPrefix={`metrics-${name}-`}
              onChange={(chosen) => change(setMetrics(compile, "metrics", outputs, name, chosen))}
            />
          ))}
        </>
      )}
    </Stack>
  );
}

/** What is wrong with a setting of one output, by name or by place. */
function findIssues(
  { issues, outputs }: Pick<LossSectionProps, "issues" | "outputs">,
  setting: string,
  name: string,
): readonly Issue[] {
  return [name, outputs.indexOf(name)].flatMap((key) => issues.at(`compile.${setting}.${key}`));
}

function OutputCard({
  name,
  config,
  issues,
  onChange,
  catalogue,
  outputs,
}: LossSectionProps & { name: string }) {
  const { compile } = config;
  const change = (changed: CompileSettings) => onChange({ ...config, compile: changed });
  const found = (setting: string) => findIssues({ issues, outputs }, setting, name);
  const loss = lossOf(compile, outputs, name);
  const metrics = (setting: MetricSetting, label: string) => (
    <MetricsField
      label={label}
      catalogue={catalogue}
      metrics={metricsOf(compile[setting], outputs, name)}
      issues={found(setting)}
      idPrefix={`${setting}-${name}-`}
      onChange={(chosen) => change(setMetrics(compile, setting, outputs, name, chosen))}
    />
  );
  const weight = weightOf(compile, outputs, name);
  const weighted = metricsOf(compile.weighted_metrics, outputs, name);
  return (
    <Card withBorder padding="xs" role="group" aria-label={`Output ${name}`}>
      <Stack gap="xs">
        <Text size="sm" fw={600} truncate="end" title={name}>
          {name}
        </Text>
        <LossField
          label="Loss"
          catalogue={catalogue}
          loss={loss}
          optional
          issues={found("loss")}
          idPrefix={`loss-${name}-`}
          onChange={(chosen) => change(setLoss(compile, outputs, name, chosen))}
        />
        {metrics("metrics", "Metrics")}
        <FoldedArguments
          label="Weight and weighted metrics"
          open={weight !== 1 || weighted.length > 0}
          wrong={found("weighted_metrics").length > 0}
        >
          <Stack gap="xs">
            <NumberField
              label="Weight of the loss in the sum"
              value={weight}
              min={0}
              max={LARGEST_WEIGHT}
              step={0.1}
              decimalScale={6}
              error={undefined}
              onChange={(value) => change(setWeight(compile, outputs, name, value))}
            />
            {metrics("weighted_metrics", "Weighted metrics")}
          </Stack>
        </FoldedArguments>
      </Stack>
    </Card>
  );
}
