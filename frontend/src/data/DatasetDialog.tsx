/** A look into a data set: what it is, its arrays, its classes, its first samples. */
import { Badge, Group, Modal, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { datasetQuery } from "@/api/datasets";
import type { DatasetPreview } from "@/api/types";
import { ArrayTable } from "@/data/ArrayTable";
import { ClassBars } from "@/data/ClassBars";
import { DuplicatesPanel } from "@/data/duplicates/DuplicatesPanel";
import { SampleGallery } from "@/data/SampleGallery";
import { SampleTable } from "@/data/SampleTable";
import { closeDatasetPreview, useDatasetPreview } from "@/stores/datasets/datasetPreview";
import { ErrorNote } from "@/ui/ErrorNote";
import { formatCount } from "@/ui/format/amounts";
import { isImage } from "@/ui/samples/isImage";

export function DatasetDialog() {
  const name = useDatasetPreview((state) => state.name);
  return (
    <Modal
      opened={name !== null}
      onClose={closeDatasetPreview}
      title={name === null ? "" : `Data set ${name}`}
      size="xl"
    >
      {name !== null && <PreviewLoader name={name} />}
    </Modal>
  );
}

function PreviewLoader({ name }: { name: string }) {
  const preview = useQuery(datasetQuery(name));
  if (preview.data) return <Preview preview={preview.data} />;
  if (preview.error) return <ErrorNote error={preview.error} onRetry={() => void preview.refetch()} />;
  return (
    <Stack role="status" aria-label="Loading the data set">
      <Skeleton h={24} w={280} />
      <Skeleton h={90} />
      <Skeleton h={220} />
    </Stack>
  );
}

function Preview({ preview }: { preview: DatasetPreview }) {
  const training = useDatasetPreview((state) => state.training);
  const images = preview.inputs.find(isImage);
  return (
    <Stack gap="lg">
      <Stack gap={6}>
        <Group gap="sm">
          <Title order={3} size="h4">
            {preview.title}
          </Title>
          <Badge variant="light" tt="none" radius="sm">
            {preview.task.replace("_", " ")}
          </Badge>
          <Text size="sm" c="dimmed">
            {formatCount(preview.samples, "sample")}, from {preview.source}
          </Text>
        </Group>
        <Text size="sm">{preview.description}</Text>
      </Stack>
      <ArrayTable preview={preview} />
      {preview.class_counts.length > 0 && <ClassBars preview={preview} />}
      {images ? <SampleGallery preview={preview} array={images.name} /> : <SampleTable preview={preview} />}
      <section aria-label="Duplicates">
        <Text size="sm" fw={600} mb={6}>
          Duplicates
        </Text>
        <DuplicatesPanel preview={preview} training={training} />
      </section>
    </Stack>
  );
}
