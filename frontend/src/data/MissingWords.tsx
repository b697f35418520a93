/** Why texts are shown as numbers, and a way to fetch their words. */
import { Group, Text } from "@mantine/core";
import type { DatasetPreview } from "@/api/types";
import { DownloadButton } from "@/ui/dataJobs/DownloadButton";

export function MissingWords({ preview }: { preview: DatasetPreview }) {
  return (
    <Group gap="sm" mb="xs">
      <Text size="xs" c="dimmed" flex={1}>
        Texts are shown as word numbers: {preview.words_missing}
      </Text>
      <DownloadButton name={preview.name} label="Download the words" size="compact-xs" variant="default" />
    </Group>
  );
}
