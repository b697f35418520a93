/** The weights of models and checkpoints over the REST API. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, readBody } from "@/api/client";
import { modelQuery } from "@/api/models";
import { describeFailure, readProblem } from "@/api/problem";
import { queryClient } from "@/api/queryClient";
import type { LayerWeights, WeightsReceipt } from "@/api/types";

const WEIGHTS = "weights";

/** One layer's weights with statistics; `revision` is that of the draft, on which names and shapes depend. */
export function layerWeightsQuery(modelId: string, layer: string, revision: number) {
  return queryOptions({
    queryKey: [WEIGHTS, modelId, layer, revision],
    queryFn: ({ signal }): Promise<LayerWeights> =>
      readBody(
        api.GET("/api/models/{model_id}/weights/{layer}", {
          params: { path: { model_id: modelId, layer } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
}

/** Where all weights, or one layer's, are downloaded from and uploaded to. */
export function weightsAddress(modelId: string, layer?: string): string {
  const place = layer === undefined ? "" : `/${encodeURIComponent(layer)}`;
  return `/api/models/${encodeURIComponent(modelId)}/weights${place}/file`;
}

/** Sends a weights file. Throws a `ProblemError` with an issue for each layer that it does not fit. */
export async function uploadWeights(
  modelId: string,
  file: File,
  { layer, strict = true }: { layer?: string; strict?: boolean } = {},
): Promise<WeightsReceipt> {
  const query =
    layer === undefined ? `?${new URLSearchParams({ filename: file.name, strict: `${strict}` })}` : "";
  const request = globalThis.fetch(`${weightsAddress(modelId, layer)}${query}`, {
    method: "PUT",
    headers: { "Content-Type": "application/octet-stream" },
    body: file,
  });
  const response = await request.catch((error: unknown) => {
    throw describeFailure(error);
  });
  if (!response.ok) throw await readProblem(response);
  return response.json();
}

/** Takes the weights of a checkpoint, for the layers that fit by name. */
export function takeCheckpointWeights(
  modelId: string,
  run: string,
  checkpoint: string,
): Promise<WeightsReceipt> {
  return readBody(
    api.POST("/api/models/{model_id}/weights", {
      params: { path: { model_id: modelId } },
      body: { run, checkpoint },
    }),
  );
}

export async function deleteWeights(modelId: string): Promise<void> {
  await api.DELETE("/api/models/{model_id}/weights", { params: { path: { model_id: modelId } } });
}

/** Reads again what the page knows of a model's weights. */
export async function refreshWeights(modelId: string): Promise<void> {
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: modelQuery(modelId).queryKey }),
    queryClient.invalidateQueries({ queryKey: [WEIGHTS, modelId] }),
  ]);
}
