/** One step: which array, its arguments, its place in the order, and what it makes of an example. */
import { ActionIcon, Card, Group, Select, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconTrash } from "@tabler/icons-react";
import { partition } from "es-toolkit";
import type { DataStep, StepsPreview } from "@/api/dataSteps";
import type { Argument, Entry, Issue } from "@/api/types";
import { ArgumentForm } from "@/forms/ArgumentForm";
import { FoldedArguments } from "@/train/FoldedArguments";
import { splitByArgument, writeIssues } from "@/train/fieldIssues";
import { IssueNotes } from "@/train/IssueNotes";
import { StageView } from "@/train/steps/StageView";
import { arraysBefore, setStepArgument } from "@/train/steps/steps";

const FIELDS = ["array", "name"];

interface StepCardProps {
  step: DataStep;
  index: number;
  count: number;
  entry: Entry | undefined;
  issues: readonly Issue[];
  preview: StepsPreview | undefined;
  onChange: (step: DataStep) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

export function StepCard(props: StepCardProps) {
  const { step, index, entry, issues, preview, onChange } = props;
  const { own, inner } = splitByArgument(issues, entry);
  const at = (field: string) => writeIssues(issues.filter(({ argument }) => argument === field));
  const names = arraysBefore(preview, index).map(({ name }) => name);
  const given = step.arguments ?? {};
  const [needed, others] = partition(entry?.arguments ?? [], ({ name, required }) => {
    return required === true || name in (entry?.example ?? {});
  });
  const form = (fields: readonly Argument[]) =>
    entry && (
      <ArgumentForm
        entry={{ ...entry, arguments: [...fields] }}
        config={given}
        issues={inner}
        idPrefix={`step-${index}-`}
        onChange={({ name }, value) => onChange(setStepArgument(step, name, value))}
        onDone={() => undefined}
      />
    );
  const before = preview?.stages[index];
  const after = preview?.stages[index + 1];
  return (
    <Card withBorder padding="xs" role="group" aria-label={`Step ${index + 1}, ${step.function}`}>
      <StepHead {...props} />
      <Text size="xs" c="dimmed" mb={6}>
        {entry?.summary ?? "There is no such function here."}
      </Text>
      <SimpleGrid cols={2} spacing="xs">
        <Select
          label="Array"
          size="xs"
          allowDeselect={false}
          data={names.includes(step.array) || step.array === "" ? names : [step.array, ...names]}
          value={step.array}
          error={at("array")}
          onChange={(array) => array !== null && onChange({ ...step, array })}
        />
        <TextInput
          label="New name"
          size="xs"
          placeholder="replaces it"
          value={step.name ?? ""}
          error={at("name")}
          onChange={({ currentTarget: { value } }) =>
            onChange({ ...step, name: value === "" ? null : value })
          }
        />
      </SimpleGrid>
      <Stack gap={6} mt={6}>
        <IssueNotes issues={own.filter(({ argument }) => !FIELDS.includes(argument ?? ""))} />
        {needed.length > 0 && form(needed)}
        {before && after?.function === step.function && (
          <StageView before={before} after={after} source={step.array} />
        )}
        {others.length > 0 && (
          <FoldedArguments
            label="More arguments"
            open={others.some(({ name }) => name in given)}
            wrong={others.some(({ name }) => inner.some(({ argument }) => argument === name))}
          >
            {form(others)}
          </FoldedArguments>
        )}
      </Stack>
    </Card>
  );
}

function StepHead({ step, index, count, onMove, onRemove }: StepCardProps) {
  return (
    <Group gap={2} wrap="nowrap">
      <Text size="sm" fw={600} truncate="end" flex={1}>
        {index + 1}. {step.function}
      </Text>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Apply step ${index + 1} earlier`}
        disabled={index === 0}
        onClick={() => onMove(-1)}
      >
        <IconArrowUp size={16} aria-hidden />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Apply step ${index + 1} later`}
        disabled={index === count - 1}
        onClick={() => onMove(1)}
      >
        <IconArrowDown size={16} aria-hidden />
      </ActionIcon>
      <ActionIcon variant="subtle" color="gray" aria-label={`Remove step ${index + 1}`} onClick={onRemove}>
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
    </Group>
  );
}
