/** The page of one of a person's own data sets: its samples, and a first model for it. */
import { Skeleton, Stack } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "react-router";
import { catalogueQuery } from "@/api/catalogue";
import { datasetQuery } from "@/api/datasets";
import { createModel, rememberModel } from "@/api/models";
import { queryClient } from "@/api/queryClient";
import type { DatasetPreview, ModelPublic } from "@/api/types";
import { ClassBars } from "@/data/ClassBars";
import { DuplicatesPanel } from "@/data/duplicates/DuplicatesPanel";
import { SampleGallery } from "@/data/SampleGallery";
import { SampleTable } from "@/data/SampleTable";
import { startFor } from "@/graph/starting";
import { OwnDataPage } from "@/library/OwnDataPage";
import { findEntryByKey } from "@/stores/editor/entries";
import { suggestConfig } from "@/train/suggest";
import { ErrorNote } from "@/ui/ErrorNote";
import { isImage } from "@/ui/samples/isImage";

export function OwnData() {
  const { name = "" } = useParams();
  const navigate = useNavigate();
  const training = useMutation({
    mutationFn: () => makeModel(name),
    onSuccess: async (model) => {
      rememberModel(model);
      await navigate(`/models/${model.id}`, { state: { tab: "train" } });
    },
  });
  return (
    <OwnDataPage
      key={name}
      name={name}
      samples={<Samples name={name} />}
      duplicates={<Duplicates name={name} />}
      training={{ isPending: training.isPending, error: training.error, begin: training.mutate }}
    />
  );
}

/** A model that begins with the data's inputs and ends with its targets, and settings that fit. */
async function makeModel(name: string): Promise<ModelPublic> {
  const dataset = await queryClient.fetchQuery(datasetQuery(name));
  await queryClient.fetchQuery(catalogueQuery);
  const drawn = startFor(dataset, findEntryByKey);
  return createModel(`Model for ${name}`, { ...drawn, training: suggestConfig(dataset) });
}

function Samples({ name }: { name: string }) {
  const preview = useQuery(datasetQuery(name));
  if (preview.error) return <ErrorNote error={preview.error} onRetry={() => void preview.refetch()} />;
  return preview.data ? <Shown preview={preview.data} /> : <Skeleton h={160} />;
}

function Duplicates({ name }: { name: string }) {
  const preview = useQuery(datasetQuery(name));
  return preview.data ? <DuplicatesPanel preview={preview.data} training={null} /> : <Skeleton h={36} />;
}

function Shown({ preview }: { preview: DatasetPreview }) {
  const images = preview.inputs.find(isImage);
  return (
    <Stack gap="lg">
      {images ? <SampleGallery preview={preview} array={images.name} /> : <SampleTable preview={preview} />}
      {preview.class_counts.length > 0 && <ClassBars preview={preview} />}
    </Stack>
  );
}
