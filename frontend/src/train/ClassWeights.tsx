/** How much a sample of each class counts: rows of a label and its weight. */
import { ActionIcon, Button, Group, NumberInput, Stack, Text } from "@mantine/core";
import { IconPlus, IconScale, IconTrash } from "@tabler/icons-react";
import { IssueNotes } from "@/train/IssueNotes";
import { NumberField } from "@/train/NumberField";
import type { SectionProps } from "@/train/section";

const LARGEST_LABEL = 1_000_000;
const LARGEST_WEIGHT = 1_000_000;

export function ClassWeights({ config, issues, onChange }: SectionProps) {
  const given = config.fit.class_weight ?? {};
  const isBalanced = given === "balanced";
  const weights = given === "balanced" ? {} : given;
  const labels = Object.keys(weights).map(Number);
  const set = (entries: readonly (readonly [number, number])[]) =>
    onChange({
      ...config,
      fit: { ...config.fit, class_weight: entries.length > 0 ? Object.fromEntries(entries) : null },
    });
  const balance = (class_weight: "balanced" | null) =>
    onChange({ ...config, fit: { ...config.fit, class_weight } });
  const rows = labels.map((label) => [label, weights[label] ?? 1] as const);
  const next = labels.length === 0 ? 0 : Math.max(...labels) + 1;
  return (
    <Stack gap="xs">
      <IssueNotes issues={issues.at("fit.class_weight")} />
      {rows.length === 0 && (
        <Text size="xs" c="dimmed">
          {isBalanced
            ? "Balanced: when training starts, each class gets the weight that makes up for how often it is among the training samples."
            : "Every sample counts the same. Give a rare class a weight above 1, or balance them all."}
        </Text>
      )}
      {rows.map(([label, weight], i) => (
        <Group key={label} gap="xs" wrap="nowrap" align="flex-end" role="group" aria-label={`Class ${label}`}>
          <NumberInput
            label={i === 0 ? "Class" : undefined}
            aria-label="Class"
            size="xs"
            flex={1}
            min={0}
            max={LARGEST_LABEL}
            allowDecimal={false}
            value={label}
            onChange={(typed) => {
              const isFree = typeof typed === "number" && !labels.includes(typed);
              if (isFree && typed >= 0) set(rows.with(i, [typed, weight]));
            }}
          />
          <NumberField
            label={i === 0 ? "Weight" : undefined}
            value={weight}
            min={0}
            max={LARGEST_WEIGHT}
            step={0.5}
            decimalScale={6}
            error={undefined}
            onChange={(typed) => set(rows.with(i, [label, typed]))}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            mb={4}
            aria-label={`Take class ${label} out`}
            onClick={() => set(rows.toSpliced(i, 1))}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <Group gap="xs">
        <Button
          size="compact-xs"
          variant={isBalanced ? "default" : "light"}
          leftSection={<IconScale size={12} aria-hidden />}
          onClick={() => balance(isBalanced ? null : "balanced")}
        >
          {isBalanced ? "Do not balance" : "Balance the classes"}
        </Button>
        <Button
          size="compact-xs"
          variant="light"
          leftSection={<IconPlus size={12} aria-hidden />}
          onClick={() => set([...rows, [next, 1]])}
        >
          Add a class
        </Button>
      </Group>
    </Stack>
  );
}
