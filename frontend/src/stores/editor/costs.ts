/** What the drawing costs, counted a moment after each change, for whoever shows it. */
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { create } from "zustand";
import { type CostRequest, costsQuery } from "@/api/costs";
import { modelQuery } from "@/api/models";
import type { CostResult, RunConfig } from "@/api/types";
import type { GraphPath } from "@/graph/nesting";
import { useEditor } from "@/stores/editor/editorStore";

const COUNT_DELAY_MS = 500;
const DEFAULT_BATCH = 32;

/** Sizes for the dimensions that an input leaves open, by the input's node: the shape without the batch. */
export type Sizes = Readonly<Record<string, readonly (number | null)[]>>;

interface CostSettings {
  /** Null: the batch size of the training settings. */
  readonly batchSize: number | null;
  readonly sizes: Sizes;
}

/** For what costs are counted: chosen by a person, forgotten with the page. */
export const useCostSettings = create<CostSettings>()(() => ({ batchSize: null, sizes: {} }));

export function setBatchSize(batchSize: number | null): void {
  useCostSettings.setState({ batchSize });
}

export function setSizes(nodeId: string, sizes: readonly (number | null)[]): void {
  useCostSettings.setState((state) => ({ sizes: { ...state.sizes, [nodeId]: sizes } }));
}

/** The batch size that counts while nobody has chosen another one. */
export function defaultBatchSize(training: RunConfig | null | undefined): number {
  return training?.fit?.batch_size ?? DEFAULT_BATCH;
}

/** The costs of the whole document. They are asked for only while something that shows them is there. */
export function useCosts() {
  const modelId = useEditor((state) => state.modelId) ?? "";
  const graph = useEditor((state) => state.history.present.graph);
  const { batchSize, sizes } = useCostSettings();
  const { data: model } = useQuery({ ...modelQuery(modelId), enabled: modelId !== "" });
  const training = model?.training;
  const inputs = new Set(graph.nodes.map(({ id }) => id));
  const request: CostRequest = {
    batch_size: batchSize ?? defaultBatchSize(training),
    dims: Object.fromEntries(
      Object.entries(sizes)
        .filter(([nodeId]) => inputs.has(nodeId))
        .map(([nodeId, shape]) => [nodeId, [...shape]]),
    ),
    precision: training?.precision ?? "float32",
    optimizer: training?.compile.optimizer ?? "adam",
  };
  const [asked] = useDebouncedValue(graph, COUNT_DELAY_MS);
  return useQuery({ ...costsQuery(asked, request), enabled: asked.nodes.length > 0 });
}

/** The costs of the graph at a path; undefined where they are not known. */
export function costsAt(costs: CostResult | undefined, path: GraphPath): CostResult | undefined {
  let inner = costs;
  for (const layerId of path) inner = inner?.nested?.[layerId];
  return inner;
}
