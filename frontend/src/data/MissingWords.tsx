/** Why texts are shown as numbers, and a way to fetch their words. */
import { Button, Group, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { datasetQuery, downloadDataset } from "@/api/datasets";
import { queryClient } from "@/api/queryClient";
import type { DatasetPreview } from "@/api/types";
import { notifyError } from "@/ui/notifications";

export function MissingWords({ preview }: { preview: DatasetPreview }) {
  const download = useMutation({
    mutationFn: () => downloadDataset(preview.name),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: datasetQuery(preview.name).queryKey }),
    onError: notifyError,
  });
  return (
    <Group gap="sm" mb="xs">
      <Text size="xs" c="dimmed" flex={1}>
        Texts are shown as word numbers: {preview.words_missing}
      </Text>
      <Button
        size="compact-xs"
        variant="default"
        loading={download.isPending}
        onClick={() => download.mutate()}
      >
        Download the words
      </Button>
    </Group>
  );
}
