/** How many samples each class has. */
import { Group, Progress, ScrollArea, Stack, Text } from "@mantine/core";
import type { DatasetPreview } from "@/api/types";
import { formatInteger } from "@/ui/format/amounts";

const TALLEST = 240;

export function ClassBars({ preview }: { preview: DatasetPreview }) {
  const most = Math.max(...preview.class_counts);
  return (
    <section aria-label="Samples of each class">
      <Text size="sm" fw={600} mb={6}>
        Samples of each class
      </Text>
      <ScrollArea.Autosize mah={TALLEST} type="auto" offsetScrollbars="y">
        <Stack gap={4}>
          {preview.class_counts.map((count, label) => {
            const name = preview.class_names[label] ?? String(label);
            return (
              <Group key={name} gap="sm" wrap="nowrap">
                <Text size="xs" w={110} truncate="end" title={name}>
                  {name}
                </Text>
                <Progress value={(count / most) * 100} flex={1} size="sm" aria-hidden />
                <Text size="xs" w={56} ta="right" style={{ fontVariantNumeric: "tabular-nums" }}>
                  {formatInteger(count)}
                </Text>
              </Group>
            );
          })}
        </Stack>
      </ScrollArea.Autosize>
    </section>
  );
}
