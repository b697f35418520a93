/** The first images of a data set with their labels. */
import { Group, Stack, Text } from "@mantine/core";
import type { DatasetPreview } from "@/api/types";
import { writeTarget } from "@/data/writeTarget";
import { SampleImage } from "@/ui/samples/SampleImage";

export function SampleGallery({ preview, array }: { preview: DatasetPreview; array: string }) {
  const range = preview.statistics.find((statistics) => statistics.array === array);
  const target = preview.targets[0];
  return (
    <section aria-label="First samples">
      <Text size="sm" fw={600} mb={6}>
        First samples
      </Text>
      <Group gap="sm">
        {preview.rows.map((row, i) => {
          const label = target ? writeTarget(preview, row[target.name]) : "";
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a sample has no other name than its place
            <Stack key={i} gap={2} align="center">
              <SampleImage
                pixels={row[array]}
                minimum={range?.minimum ?? 0}
                maximum={range?.maximum ?? 1}
                label={`Sample ${i + 1}${label && `, ${label}`}`}
              />
              <Text size="xs" c="dimmed">
                {label}
              </Text>
            </Stack>
          );
        })}
      </Group>
    </section>
  );
}
