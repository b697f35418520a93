/** Asking a run's trained model over the REST API: what it is worth, and what it says. */
import { api, readBody } from "@/api/client";
import { describeFailure, readProblem } from "@/api/problem";
import type { RunEvaluation, RunPredictions, Split } from "@/api/types";

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

export async function predictWithRun(
  runId: string,
  checkpoint: CheckpointChoice,
  body: PredictBody,
): Promise<RunPredictions> {
  const query = new URLSearchParams({ checkpoint_id: checkpoint, invert: `${body.invert ?? false}` });
  const address = `/api/runs/${encodeURIComponent(runId)}/predict?${query}`;
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
