/** Models as files: what formats there are, and how to get one. */
import { api } from "@/api/client";
import type { operations } from "@/api/schema.gen";

export type ExportFormat = operations["export_model"]["parameters"]["query"]["format"];

export interface ExportedFile {
  readonly blob: Blob;
  readonly filename: string;
}

/** Throws a `ProblemError` with issues where the graph does not build. */
export async function exportModel(modelId: string, format: ExportFormat): Promise<ExportedFile> {
  const { data, response } = await api.GET("/api/models/{model_id}/export", {
    params: { path: { model_id: modelId }, query: { format } },
    parseAs: "blob",
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
