/** The metrics of one output, with their arguments, and what is wrong with them. */
import { MultiSelect, Stack, Text } from "@mantine/core";
import type { Catalogue, Issue } from "@/api/types";
import { FoldedArguments } from "@/train/FoldedArguments";
import { hasError, IssueNotes } from "@/train/IssueNotes";
import { listMetrics, pickMetrics } from "@/train/metricOptions";
import { ReferenceArguments } from "@/train/ReferenceArguments";
import { configOf, findEntry, nameOf, type Reference } from "@/train/references";

interface MetricsFieldProps {
  label: string;
  catalogue: Catalogue;
  metrics: readonly Reference[];
  issues: readonly Issue[];
  idPrefix: string;
  onChange: (metrics: Reference[]) => void;
}

export function MetricsField({ label, catalogue, metrics, issues, idPrefix, onChange }: MetricsFieldProps) {
  return (
    <Stack gap={6}>
      <MultiSelect
        label={label}
        placeholder={metrics.length === 0 ? "None" : ""}
        searchable
        clearable
        styles={{ inputField: { minWidth: 48 } }}
        hidePickedOptions
        data={listMetrics(catalogue.metrics, metrics)}
        value={[...new Set(metrics.map(nameOf))]}
        onChange={(names) => onChange(pickMetrics(catalogue.metrics, metrics, names))}
        error={hasError(issues)}
      />
      <IssueNotes issues={issues} />
      <MetricArguments
        catalogue={catalogue}
        metrics={metrics}
        idPrefix={idPrefix}
        onChange={(changed, i) => onChange(metrics.with(i, changed))}
      />
    </Stack>
  );
}

interface MetricArgumentsProps {
  catalogue: Catalogue;
  metrics: readonly Reference[];
  idPrefix: string;
  onChange: (metric: Reference, index: number) => void;
}

/** `accuracy` is a name that Keras resolves by the output: it has no arguments. */
function MetricArguments({ catalogue, metrics, idPrefix, onChange }: MetricArgumentsProps) {
  const forms = metrics.flatMap((metric, index) => {
    const entry = findEntry(catalogue.metrics, nameOf(metric));
    return entry && nameOf(metric) !== "accuracy" && entry.arguments.length > 0
      ? [{ metric, index, entry }]
      : [];
  });
  if (forms.length === 0) return null;
  return (
    <FoldedArguments
      label="Arguments of the metrics"
      open={forms.some(({ metric }) => Object.keys(configOf(metric)).length > 0)}
    >
      <Stack gap="sm">
        {forms.map(({ metric, index, entry }) => (
          <div key={entry.class_name}>
            <Text size="xs" fw={600} mb={4}>
              {entry.class_name}
            </Text>
            <ReferenceArguments
              entry={entry}
              reference={metric}
              issues={[]}
              idPrefix={`${idPrefix}${index}-`}
              onChange={(changed) => onChange(changed, index)}
            />
          </div>
        ))}
      </Stack>
    </FoldedArguments>
  );
}
