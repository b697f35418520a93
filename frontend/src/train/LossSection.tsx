/** What is minimised, and what is watched beside it. */
import { MultiSelect, Stack, Text } from "@mantine/core";
import type { Catalogue } from "@/api/types";
import { EntrySelect } from "@/train/EntrySelect";
import { FoldedArguments } from "@/train/FoldedArguments";
import { writeIssues } from "@/train/fieldIssues";
import { listMetrics, pickMetrics } from "@/train/metricOptions";
import { ReferenceArguments } from "@/train/ReferenceArguments";
import { configOf, findEntry, nameOf, plainMetrics, type Reference, singleLoss } from "@/train/references";
import type { SectionProps } from "@/train/section";
import { writeReferences } from "@/ui/kerasText";

export function LossSection(props: SectionProps & { catalogue: Catalogue }) {
  return (
    <Stack gap="md">
      <LossField {...props} />
      <MetricsField {...props} />
    </Stack>
  );
}

function LossField({ config, issues, onChange, catalogue }: SectionProps & { catalogue: Catalogue }) {
  const loss = singleLoss(config.compile.loss);
  if (loss === null) return <PerOutput label="Loss" text={writeReferences(config.compile.loss)} />;
  const entry = findEntry(catalogue.losses, nameOf(loss));
  const change = (chosen: Reference) => onChange({ ...config, compile: { ...config.compile, loss: chosen } });
  const found = issues.at("compile.loss");
  const own = found.filter(({ argument }) => !entry?.arguments.some(({ name }) => name === argument));
  return (
    <Stack gap="xs">
      <EntrySelect
        label="Loss"
        entries={catalogue.losses}
        reference={loss}
        error={writeIssues(own)}
        onChange={change}
      />
      {entry && entry.arguments.length > 0 && (
        <FoldedArguments
          key={entry.class_name}
          label="Arguments of the loss"
          open={Object.keys(configOf(loss)).length > 0 || found.length > own.length}
        >
          <ReferenceArguments
            entry={entry}
            reference={loss}
            issues={found}
            idPrefix="loss-"
            onChange={change}
          />
        </FoldedArguments>
      )}
    </Stack>
  );
}

function MetricsField({ config, issues, onChange, catalogue }: SectionProps & { catalogue: Catalogue }) {
  const metrics = plainMetrics(config.compile.metrics);
  if (metrics === null) return <PerOutput label="Metrics" text={writeReferences(config.compile.metrics)} />;
  return (
    <MultiSelect
      label="Metrics"
      placeholder={metrics.length === 0 ? "None" : ""}
      searchable
      clearable
      styles={{ inputField: { minWidth: 48 } }}
      hidePickedOptions
      data={listMetrics(catalogue.metrics, metrics)}
      value={metrics.map(nameOf)}
      onChange={(names) =>
        onChange({
          ...config,
          compile: { ...config.compile, metrics: pickMetrics(catalogue.metrics, metrics, names) },
        })
      }
      error={writeIssues(issues.at("compile.metrics"))}
    />
  );
}

function PerOutput({ label, text }: { label: string; text: string }) {
  return (
    <div>
      <Text size="sm" fw={500}>
        {label}
      </Text>
      <Text size="xs" c="dimmed">
        One per output: {text}
      </Text>
    </div>
  );
}
