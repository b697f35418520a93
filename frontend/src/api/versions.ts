/** Versions of a model: reading them, and what differs between two. */
import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, readBody } from "@/api/client";
import type { components } from "@/api/schema.gen";
import type { DiffResult, VersionDetail } from "@/api/types";

type VersionPage = components["schemas"]["VersionPage"];

export const DRAFT = "draft";
export const VERSION_LISTS = ["versions"] as const;

/** Two sides of a comparison: ids of versions, or `draft`. */
export interface Sides {
  readonly from: string;
  readonly to: string;
}

function atModel(modelId: string) {
  return { model_id: modelId };
}

/** The newest first. */
export function versionsQuery(modelId: string) {
  return infiniteQueryOptions({
    queryKey: [...VERSION_LISTS, modelId],
    queryFn: ({ pageParam, signal }): Promise<VersionPage> =>
      readBody(
        api.GET("/api/models/{model_id}/versions", {
          params: { path: atModel(modelId), query: { limit: 50, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function readVersion(modelId: string, versionId: string): Promise<VersionDetail> {
  return readBody(
    api.GET("/api/models/{model_id}/versions/{version_id}", {
      params: { path: { ...atModel(modelId), version_id: versionId } },
    }),
  );
}

/** What differs. The draft is as the server has it, so it should be saved before. */
export function readDiff(modelId: string, sides: Sides, signal?: AbortSignal): Promise<DiffResult> {
  const params = { path: atModel(modelId), query: sides };
  return readBody(api.GET("/api/models/{model_id}/diff", { params, signal }));
}

/** The picture of what differs, as an SVG image. */
export function readDiffPicture(modelId: string, sides: Sides, signal?: AbortSignal): Promise<Blob> {
  const params = { path: atModel(modelId), query: sides };
  return readBody<Blob>(api.GET("/api/models/{model_id}/diff/picture", { params, parseAs: "blob", signal }));
}
