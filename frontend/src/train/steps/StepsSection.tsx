/** What is done to the arrays of the data set once, before training, with one example at every step. */
import { Button, Group, Loader, Select, Stack, Text } from "@mantine/core";
import { IconPhoto } from "@tabler/icons-react";
import { toProblem } from "@/api/problem";
import type { Catalogue, DatasetSummary } from "@/api/types";
import { FoldedArguments } from "@/train/FoldedArguments";
import { IssueNotes } from "@/train/IssueNotes";
import type { SectionProps } from "@/train/section";
import { StepCard } from "@/train/steps/StepCard";
import {
  addStep,
  arraysBefore,
  listArrays,
  listStepIssues,
  MOST_STEPS,
  moveStep,
  setSteps,
} from "@/train/steps/steps";
import type { StepsLook } from "@/train/steps/useStepsPreview";

interface StepsSectionProps extends SectionProps {
  catalogue: Catalogue;
  dataset: DatasetSummary;
  look: StepsLook;
  example: number;
  onExample: (example: number) => void;
}

export function StepsSection({
  config,
  issues,
  onChange,
  catalogue,
  dataset,
  look,
  ...rest
}: StepsSectionProps) {
  const { steps } = config.data;
  const entries = catalogue.data_steps;
  const { preview } = look;
  const add = (name: string | null) => {
    const entry = entries.find(({ class_name }) => class_name === name);
    const arrays = preview ? arraysBefore(preview, steps.length) : listArrays(dataset);
    if (entry) onChange(addStep(config, entry, arrays));
  };
  const isWrong = (preview?.issues ?? []).length > 0;
  return (
    <FoldedArguments label="Steps on the data" open={steps.length > 0} wrong={isWrong}>
      <Stack gap="xs">
        {steps.length > 0 && <ExampleLine look={look} samples={dataset.samples} {...rest} />}
        <IssueNotes issues={issues.at("data.steps")} />
        {steps.map((step, index) => (
          <StepCard
            // biome-ignore lint/suspicious/noArrayIndexKey: the same step may be there twice; its place is its name
            key={`${index} ${step.function}`}
            step={step}
            index={index}
            count={steps.length}
            entry={entries.find(({ class_name }) => class_name === step.function)}
            issues={listStepIssues(index, issues.at(`data.steps.${index}`), preview)}
            preview={preview}
            onChange={(changed) => onChange(setSteps(config, steps.with(index, changed)))}
            onMove={(by) => onChange(moveStep(config, index, by))}
            onRemove={() => onChange(setSteps(config, steps.toSpliced(index, 1)))}
          />
        ))}
        <Select
          aria-label="Add a step"
          placeholder="Add a step"
          size="xs"
          data={entries.map(({ class_name }) => class_name)}
          value={null}
          disabled={steps.length >= MOST_STEPS}
          onChange={add}
        />
      </Stack>
    </FoldedArguments>
  );
}

interface ExampleLineProps {
  look: StepsLook;
  samples: number;
  example: number;
  onExample: (example: number) => void;
}

function ExampleLine({ look, samples, example, onExample }: ExampleLineProps) {
  const last = look.preview?.stages.at(-1)?.samples ?? samples;
  return (
    <Group gap={6} wrap="nowrap">
      <Text size="xs" c="dimmed" flex={1}>
        {look.error ? toProblem(look.error).detail : `What they make of sample ${example + 1}`}
      </Text>
      {look.isFetching && <Loader size={12} role="status" aria-label="Trying the steps" />}
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<IconPhoto size={14} aria-hidden />}
        disabled={!look.preview}
        onClick={() => onExample((example + 1) % Math.max(1, last))}
      >
        Another
      </Button>
    </Group>
  );
}
