/** The data whose examples are shown while a model is drawn: what trains it, or what fits its first input. */
import { useQuery } from "@tanstack/react-query";
import { datasetsQuery } from "@/api/datasets";
import { modelQuery } from "@/api/models";
import type { DatasetSummary, RunConfig } from "@/api/types";
import { useEditor } from "@/stores/editor/editorStore";

type Data = RunConfig["data"];

export interface TrainingData {
  /** Null where no data set fits, and before it is known. */
  readonly data: Data | null;
  readonly isKnown: boolean;
}

/** The data of the model's training settings; before there are any, the first data set of the input's shape. */
export function useTrainingData(): TrainingData {
  const modelId = useEditor((state) => state.modelId) ?? "";
  const shape = useEditor((state) => firstInputShape(state.check));
  const model = useQuery({ ...modelQuery(modelId), enabled: modelId !== "" });
  const remembered = model.data?.training?.data ?? null;
  const datasets = useQuery({ ...datasetsQuery, enabled: model.data !== undefined && remembered === null });
  const found = remembered ?? findFitting(datasets.data ?? [], shape);
  return { data: found, isKnown: remembered !== null || datasets.data !== undefined };
}

/** As text, so that an equal shape is the same. */
function firstInputShape(check: ReturnType<typeof useEditor.getState>["check"]): string {
  const first = Object.values(check?.nodes ?? {})[0]?.outputs[0]?.shape.slice(1) ?? [];
  return JSON.stringify(first);
}

const fitting = new Map<string, Data>();

/** The same settings for the same data set, so that they can stand in a key. */
function findFitting(datasets: readonly DatasetSummary[], shape: string): Data | null {
  const found = datasets.find(
    ({ available, inputs }) => available && JSON.stringify(inputs[0]?.shape) === shape,
  );
  if (!found) return null;
  const known = fitting.get(found.name) ?? { dataset: found.name, arguments: {}, steps: [] };
  fitting.set(found.name, known);
  return known;
}
