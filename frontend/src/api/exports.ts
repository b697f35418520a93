/** Models as files: what formats there are, what each cannot hold, and how to get one. */
import { api, readBody } from "@/api/client";
import type { operations } from "@/api/schema.gen";
import type { CheckpointPublic, ExportChoices } from "@/api/types";

type ExportQuery = operations["export_model"]["parameters"]["query"];
export type ExportFormat = ExportQuery["format"];
/** Arguments of Keras's drawing, each by its own name. */
export type DrawingOptions = Readonly<Record<string, string>>;

export interface ExportedFile {
  readonly blob: Blob;
  readonly filename: string;
}

interface ExportSettings {
  readonly weights?: NonNullable<ExportQuery["weights"]>;
  readonly options?: DrawingOptions;
  /** Breaks the export off, on the server too. */
  readonly signal?: AbortSignal;
}

/** Every format with what keeps the model, or a version of it, out of it. */
export function fetchExports(
  modelId: string,
  signal?: AbortSignal,
  versionId: string | null = null,
): Promise<ExportChoices> {
  const params = {
    path: { model_id: modelId },
    query: { ...(versionId !== null && { version_id: versionId }) },
  };
  return readBody(api.GET("/api/models/{model_id}/exports", { params, ...(signal && { signal }) }));
}

/** Throws a `ProblemError` with issues where the graph does not build or the format cannot hold it. */
export async function exportModel(
  modelId: string,
  format: ExportFormat,
  { weights, options, signal }: ExportSettings = {},
): Promise<ExportedFile> {
  const query: ExportQuery = { format, ...(weights && { weights }), ...(options && { options }) };
  const { data, response } = await api.GET("/api/models/{model_id}/export", {
    params: { path: { model_id: modelId }, query },
    querySerializer: { object: { style: "form", explode: true } },
    parseAs: "blob",
    ...(signal && { signal }),
  });
  return readFile(data, response, format);
}

/** A run's model with the weights of a checkpoint. Throws as `exportModel` does. */
export async function exportCheckpoint(
  checkpoint: CheckpointPublic,
  format: ExportFormat,
  signal?: AbortSignal,
): Promise<ExportedFile> {
  const path = { run_id: checkpoint.run_id, checkpoint_id: checkpoint.id };
  const { data, response } = await api.GET("/api/runs/{run_id}/checkpoints/{checkpoint_id}/export", {
    params: { path, query: { format } },
    parseAs: "blob",
    ...(signal && { signal }),
  });
  return readFile(data, response, format);
}

function readFile(blob: Blob | undefined, response: Response, format: ExportFormat): ExportedFile {
  if (blob === undefined) throw new Error("The server's answer has no file, though one was expected.");
  return { blob, filename: readFilename(response.headers.get("Content-Disposition")) ?? `model.${format}` };
}

/** The name in a `Content-Disposition` header (RFC 6266): the one for all alphabets first. */
export function readFilename(header: string | null): string | null {
  const encoded = header?.match(/filename\*=UTF-8''([^;]+)/i)?.[1];
  if (encoded !== undefined) return decodeURIComponent(encoded);
  return header?.match(/filename="((?:[^"\\]|\\.)*)"/)?.[1]?.replace(/\\(.)/g, "$1") ?? null;
}
