/** Asking trained models over the REST API, those of runs and those with stored weights: what they are worth and say. */
import { api, readBody } from "@/api/client";
import { describeFailure, readProblem } from "@/api/problem";
import type {
  ModelEvaluation,
  ModelPredictions,
  RunConfig,
  RunEvaluation,
  RunPredictions,
  Split,
} from "@/api/types";

/** A checkpoint's id, `best` or `last`. */
export type CheckpointChoice = string;

export function evaluateRun(
  runId: string,
  checkpoint: CheckpointChoice,
  split: Split,
  signal: AbortSignal,
): Promise<RunEvaluation> {
  return readBody(
    api.POST("/api/runs/{run_id}/evaluate", {
      params: { path: { run_id: runId } },
      body: { checkpoint_id: checkpoint, split, report: true, worst: 12 },
      signal,
    }),
  );
}

/** What is sent to a model: the body as it goes out, with its media type. */
export interface PredictBody {
  readonly kind: "application/json" | "text/csv" | "image/png" | "image/jpeg";
  readonly content: string | Blob;
  readonly invert?: boolean;
}

export function predictWithRun(
  runId: string,
  checkpoint: CheckpointChoice,
  body: PredictBody,
): Promise<RunPredictions> {
  const query = new URLSearchParams({ checkpoint_id: checkpoint, invert: `${body.invert ?? false}` });
  return send(`/api/runs/${encodeURIComponent(runId)}/predict?${query}`, body);
}

/** A version of a model, or its draft where `versionId` is null, with the weights that the model has. */
export interface StoredModel {
  readonly modelId: string;
  readonly versionId: string | null;
}

export function evaluateModel(
  { modelId, versionId }: StoredModel,
  data: RunConfig["data"] | null,
  split: Split,
  signal: AbortSignal,
): Promise<ModelEvaluation> {
  return readBody(
    api.POST("/api/models/{model_id}/evaluate", {
      params: { path: { model_id: modelId } },
      body: { version_id: versionId, data, split, report: true, worst: 12 },
      signal,
    }),
  );
}

export function predictWithModel(
  { modelId, versionId }: StoredModel,
  data: RunConfig["data"] | null,
  body: PredictBody,
): Promise<ModelPredictions> {
  const query = new URLSearchParams({ invert: `${body.invert ?? false}` });
  if (versionId !== null) query.set("version_id", versionId);
  const named =
    body.kind === "application/json" && typeof body.content === "string" && data !== null
      ? { ...body, content: JSON.stringify({ ...JSON.parse(body.content), data }) }
      : body;
  return send(`/api/models/${encodeURIComponent(modelId)}/predict?${query}`, named);
}

async function send<Answer>(address: string, body: PredictBody): Promise<Answer> {
  const request = globalThis.fetch(address, {
    method: "POST",
    headers: { "Content-Type": body.kind },
    body: body.content,
  });
  const response = await request.catch((error: unknown) => {
    throw describeFailure(error);
  });
  if (!response.ok) throw await readProblem(response);
  return response.json();
}
