/** The training config of a model: remembered with it, suggested where there is none yet. */
import { useDebouncedCallback } from "@mantine/hooks";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { datasetsQuery } from "@/api/datasets";
import { modelQuery, rememberModel, saveTraining } from "@/api/models";
import type { DatasetSummary, RunConfig } from "@/api/types";
import { useEditor } from "@/stores/editor/editorStore";
import { pickDataset, suggestConfig } from "@/train/suggest";

const SAVE_DELAY_MS = 500;

export interface TrainingConfig {
  /** Null until model and data sets are read. */
  readonly config: RunConfig | null;
  readonly datasets: readonly DatasetSummary[];
  readonly error: unknown;
  readonly retry: () => void;
  readonly saveError: unknown;
  readonly change: (config: RunConfig) => void;
}

export function useTrainingConfig(modelId: string): TrainingConfig {
  const model = useQuery(modelQuery(modelId));
  const datasets = useQuery(datasetsQuery);
  const check = useEditor((state) => state.check);
  const [edited, setEdited] = useState<RunConfig | null>(null);
  const save = useMutation({
    mutationFn: (training: RunConfig) => saveTraining(modelId, training),
    onSuccess: rememberModel,
  });
  const saveSoon = useDebouncedCallback(save.mutate, { delay: SAVE_DELAY_MS, flushOnUnmount: true });
  const suggested = datasets.data && pickDataset(datasets.data, check);
  const remembered = model.data?.training ?? (model.data && suggested && suggestConfig(suggested));
  return {
    config: edited ?? remembered ?? null,
    datasets: datasets.data ?? [],
    error: model.error ?? datasets.error,
    retry: () => void Promise.all([model.refetch(), datasets.refetch()]),
    saveError: save.error,
    change: (config) => {
      setEdited(config);
      saveSoon(config);
    },
  };
}
