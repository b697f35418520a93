/** Sending files in pieces, so that a broken connection costs no more than one of them (as tus 1.0 does). */
import { api, readBody } from "@/api/client";
import type { UploadPublic } from "@/api/ownTypes";
import { describeFailure, readProblem } from "@/api/problem";

export function beginUpload(file: File): Promise<UploadPublic> {
  return readBody(api.POST("/api/uploads", { body: { filename: file.name, size: file.size } }));
}

/** How far an upload has come. Throws a `ProblemError` with status 404 where the server has forgotten it. */
export function readUpload(id: string, signal?: AbortSignal): Promise<UploadPublic> {
  return readBody(api.GET("/api/uploads/{upload_id}", { params: { path: { upload_id: id } }, signal }));
}

/** Appends a piece. Throws a `ProblemError` with status 409 where the server is not at that offset. */
export async function sendPiece(
  id: string,
  offset: number,
  piece: Blob,
  signal: AbortSignal,
): Promise<UploadPublic> {
  const request = globalThis.fetch(`/api/uploads/${encodeURIComponent(id)}`, {
    method: "PATCH",
    headers: { "Content-Type": "application/offset+octet-stream", "Upload-Offset": `${offset}` },
    body: piece,
    signal,
  });
  const response = await request.catch((error: unknown) => {
    throw describeFailure(error);
  });
  if (!response.ok) throw await readProblem(response);
  return response.json();
}

export async function forgetUpload(id: string): Promise<void> {
  await api.DELETE("/api/uploads/{upload_id}", { params: { path: { upload_id: id } } });
}
