/** Which data set's preview is open: any part of the page may open it. */
import { create } from "zustand";
import type { RunConfig } from "@/api/types";

/** How a training reads the data set, and divides its samples. */
export interface TrainingOfData {
  readonly arguments: RunConfig["data"]["arguments"];
  readonly split: RunConfig["data"]["split"];
}

interface DatasetPreviewState {
  readonly name: string | null;
  /** What the training form says of it; null where the preview was not opened from there. */
  readonly training: TrainingOfData | null;
}

export const useDatasetPreview = create<DatasetPreviewState>()(() => ({ name: null, training: null }));

export function openDatasetPreview(name: string, training: TrainingOfData | null = null): void {
  useDatasetPreview.setState({ name, training });
}

export function closeDatasetPreview(): void {
  useDatasetPreview.setState({ name: null, training: null });
}
