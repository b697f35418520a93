/** Which data set trains the model. */
import { ActionIcon, Anchor, Group, Select, Stack, Text, Tooltip } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";
import type { Catalogue, DatasetSummary } from "@/api/types";
import { openDatasetPreview } from "@/stores/datasets/datasetPreview";
import { AugmentButton } from "@/train/AugmentButton";
import { DatasetArguments } from "@/train/DatasetArguments";
import { divisionOf } from "@/train/divisionOf";
import { FitDrawing } from "@/train/FitDrawing";
import { hasError, IssueNotes } from "@/train/IssueNotes";
import { SampleWeights } from "@/train/SampleWeights";
import type { SectionProps } from "@/train/section";
import { StepsSection } from "@/train/steps/StepsSection";
import { describeStepped } from "@/train/steps/steps";
import { useStepsPreview } from "@/train/steps/useStepsPreview";
import { changeDataset } from "@/train/suggest";
import { DownloadButton } from "@/ui/dataJobs/DownloadButton";
import { formatBytes, formatCount } from "@/ui/format/amounts";
import { formatInputs } from "@/ui/format/sampleShape";
import { notifySuccess } from "@/ui/notifications";

interface DataSectionProps extends SectionProps {
  datasets: readonly DatasetSummary[];
  catalogue: Catalogue;
}

export function DataSection({ config, issues, onChange, datasets, catalogue }: DataSectionProps) {
  const chosen = datasets.find(({ name }) => name === config.data.dataset);
  const [example, setExample] = useState(0);
  const look = useStepsPreview(config, chosen?.available ?? false, example);
  const stepped = describeStepped(chosen, config, look.preview);
  const choose = (name: string | null) => {
    const dataset = datasets.find((candidate) => candidate.name === name);
    if (dataset !== undefined && dataset !== chosen) onChange(changeDataset(config, chosen, dataset));
  };
  return (
    <Stack gap={6}>
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <Select
          label="Dataset"
          flex={1}
          searchable
          allowDeselect={false}
          data={groupDatasets(datasets, config.data.dataset)}
          value={config.data.dataset}
          onChange={choose}
          error={hasError(issues.at("data"))}
          comboboxProps={{ width: 300, position: "bottom-start" }}
        />
        <Tooltip label="Look into the data set">
          <ActionIcon
            variant="default"
            size={36}
            aria-label="Preview the data set"
            disabled={!chosen?.available}
            onClick={() => openDatasetPreview(config.data.dataset, divisionOf(config))}
          >
            <IconEye size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Group>
      <IssueNotes issues={issues.at("data")} />
      {stepped && <DatasetFacts dataset={stepped} />}
      {stepped?.available && <FitDrawing dataset={stepped} />}
      {chosen?.available && (
        <Group gap={6}>
          <AugmentButton />
        </Group>
      )}
      <Anchor component={Link} to="/data/new" size="xs">
        Bring your own…
      </Anchor>
      {chosen && <DatasetArguments config={config} issues={issues} onChange={onChange} dataset={chosen} />}
      {chosen?.available && (
        <StepsSection
          config={config}
          issues={issues}
          onChange={onChange}
          catalogue={catalogue}
          dataset={chosen}
          look={look}
          example={example}
          onExample={setExample}
        />
      )}
      <SampleWeights config={config} issues={issues} onChange={onChange} dataset={stepped} />
    </Stack>
  );
}

function DatasetFacts({ dataset }: { dataset: DatasetSummary }) {
  if (!dataset.available) return <MissingDataset dataset={dataset} />;
  const classes = dataset.targets[0]?.classes;
  const facts = [
    dataset.title,
    formatCount(dataset.samples, "sample"),
    formatInputs(dataset.inputs),
    classes ? formatCount(classes, "class", "classes") : dataset.task.replace("_", " "),
  ];
  return (
    <Text size="xs" c="dimmed">
      {facts.join(" · ")}
    </Text>
  );
}

function MissingDataset({ dataset }: { dataset: DatasetSummary }) {
  const size = dataset.download_bytes == null ? "" : ` (${formatBytes(dataset.download_bytes)})`;
  return (
    <DownloadButton
      key={dataset.name}
      name={dataset.name}
      label={`Download${size}`}
      onReady={() => notifySuccess(`The data set ${dataset.name} is here.`)}
    />
  );
}

/** What is here first. A name that the server does not know any more stays visible, so that it can be changed. */
function groupDatasets(datasets: readonly DatasetSummary[], chosen: string) {
  const toOption = ({ name, title }: DatasetSummary) => ({ value: name, label: name, title });
  const known = datasets.some(({ name }) => name === chosen);
  return [
    ...(known ? [] : [{ group: "Unknown", items: [{ value: chosen, label: chosen }] }]),
    { group: "Ready", items: datasets.filter(({ available }) => available).map(toOption) },
    { group: "To download", items: datasets.filter(({ available }) => !available).map(toOption) },
  ].filter(({ items }) => items.length > 0);
}
