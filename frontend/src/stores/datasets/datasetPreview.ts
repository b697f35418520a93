/** Which data set's preview is open: any part of the page may open it. */
import { create } from "zustand";

interface DatasetPreviewState {
  readonly name: string | null;
}

export const useDatasetPreview = create<DatasetPreviewState>()(() => ({ name: null }));

export function openDatasetPreview(name: string): void {
  useDatasetPreview.setState({ name });
}

export function closeDatasetPreview(): void {
  useDatasetPreview.setState({ name: null });
}
