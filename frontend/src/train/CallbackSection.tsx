/** Keras callbacks that run along. */
import { ActionIcon, Card, Group, Select, Stack, Text } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import type { Catalogue, KerasObject } from "@/api/types";
import { FoldedArguments } from "@/train/FoldedArguments";
import { writeIssues } from "@/train/fieldIssues";
import { ReferenceArguments } from "@/train/ReferenceArguments";
import { configOf, findEntry, nameOf, type Reference } from "@/train/references";
import type { SectionProps } from "@/train/section";

const MOST_CALLBACKS = 50;

export function CallbackSection({
  config,
  issues,
  onChange,
  catalogue,
}: SectionProps & { catalogue: Catalogue }) {
  const usable = catalogue.callbacks.filter(({ unavailable }) => !unavailable);
  const set = (callbacks: KerasObject[]) => onChange({ ...config, callbacks });
  const add = (name: string | null) => {
    const entry = usable.find(({ class_name }) => class_name === name);
    if (entry) set([...config.callbacks, { class_name: entry.class_name, config: entry.example }]);
  };
  return (
    <Stack gap="sm">
      <Select
        label="Callbacks"
        placeholder="Add a callback"
        searchable
        data={usable.map(({ class_name }) => class_name)}
        value={null}
        onChange={add}
        disabled={config.callbacks.length >= MOST_CALLBACKS}
        error={writeIssues(issues.at("callbacks"))}
      />
      {config.callbacks.map((callback, i) => (
        <CallbackCard
          // biome-ignore lint/suspicious/noArrayIndexKey: the same callback may be there twice; its place is its name
          key={`${i} ${callback.class_name}`}
          callback={callback}
          index={i}
          issues={issues.at(`callbacks.${i}`)}
          catalogue={catalogue}
          onChange={(changed) => set(config.callbacks.with(i, changed))}
          onRemove={() => set(config.callbacks.toSpliced(i, 1))}
        />
      ))}
    </Stack>
  );
}

interface CallbackCardProps {
  callback: KerasObject;
  index: number;
  issues: ReturnType<SectionProps["issues"]["at"]>;
  catalogue: Catalogue;
  onChange: (callback: KerasObject) => void;
  onRemove: () => void;
}

function CallbackCard({ callback, index, issues, catalogue, onChange, onRemove }: CallbackCardProps) {
  const entry = findEntry(catalogue.callbacks, callback.class_name);
  const own = issues.filter(({ argument }) => !entry?.arguments.some(({ name }) => name === argument));
  const change = (reference: Reference) =>
    onChange({ class_name: nameOf(reference), config: configOf(reference) });
  return (
    <Card withBorder padding="xs" role="group" aria-label={`Callback ${callback.class_name}`}>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" fw={600} truncate="end">
          {callback.class_name}
        </Text>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Remove ${callback.class_name}`}
          onClick={onRemove}
        >
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </Group>
      <Text size="xs" c="dimmed" mb={4}>
        {entry?.summary ?? "The installed Keras has no such callback."}
      </Text>
      {own.length > 0 && (
        <Text size="xs" c="var(--mantine-color-error)" style={{ whiteSpace: "pre-wrap" }}>
          {writeIssues(own)}
        </Text>
      )}
      {entry && entry.arguments.length > 0 && (
        <FoldedArguments label="Arguments" open={false} wrong={issues.length > own.length}>
          <ReferenceArguments
            entry={entry}
            reference={callback}
            issues={issues}
            idPrefix={`callback-${index}-`}
            onChange={change}
          />
        </FoldedArguments>
      )}
    </Card>
  );
}
