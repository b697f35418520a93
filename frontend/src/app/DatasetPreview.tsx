/** The dialog that shows a data set, loaded when it is first wanted. */
import { lazy, Suspense } from "react";
import { useDatasetPreview } from "@/stores/datasets/datasetPreview";

const DatasetDialog = lazy(async () => ({ default: (await import("@/data/DatasetDialog")).DatasetDialog }));

export function DatasetPreview() {
  const wanted = useDatasetPreview((state) => state.name !== null);
  return <Suspense>{wanted && <DatasetDialog />}</Suspense>;
}
