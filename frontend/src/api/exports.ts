/** Models as files: what formats there are, what each cannot hold, and how to get one. */
import { api, readBody } from "@/api/client";
import type { operations } from "@/api/schema.gen";
import type { ExportChoices } from "@/api/types";

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

/** Every format with what keeps the model out of it. */
export function fetchExports(modelId: string, signal?: AbortSignal): Promise<ExportChoices> {
  const params = { path: { model_id: modelId } };
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
  if (data === undefined) throw new Error("The server's answer has no file, though one was expected.");
  const filename = readFilename(response.headers.get("Content-Disposition")) ?? `model.${format}`;
  return { blob: data, filename };
}

/** The name in a `Content-Disposition` header (RFC 6266): the one for all alphabets first. */
export function readFilename(header: string | null): string | null {
  const encoded = header?.match(/filename\*=UTF-8''([^;]+)/i)?.[1];
  if (encoded !== undefined) return decodeURIComponent(encoded);
  return header?.match(/filename="((?:[^"\\]|\\.)*)"/)?.[1]?.replace(/\\(.)/g, "$1") ?? null;
}
