/** Data sets of a person's own over the REST API: looked at, prepared once, kept on the server. */
import { queryOptions } from "@tanstack/react-query";
import { api, readBody } from "@/api/client";
import { datasetsQuery } from "@/api/datasets";
import type { DataJob, Definition, Inspection, Manifest, NewDataset, SentFile } from "@/api/ownTypes";
import { queryClient } from "@/api/queryClient";

export function inspectFiles(
  files: readonly SentFile[],
  definition: Definition | null,
  signal?: AbortSignal,
): Promise<Inspection> {
  return readBody(api.POST("/api/datasets/inspect", { body: { files: [...files], definition }, signal }));
}

/** Begins to prepare a data set. What goes wrong later stands in the job. */
export function prepareDataset(wanted: NewDataset): Promise<DataJob> {
  return readBody(api.POST("/api/datasets", { body: wanted }));
}

export function manifestQuery(name: string) {
  return queryOptions({
    queryKey: ["datasets", "manifest", name],
    queryFn: ({ signal }): Promise<Manifest> =>
      readBody(api.GET("/api/datasets/{name}/manifest", { params: { path: { name } }, signal })),
  });
}

export async function deleteDataset(name: string): Promise<void> {
  await api.DELETE("/api/datasets/{name}", { params: { path: { name } } });
}

/** Reads the list of data sets again, because one came or went; what was known of one by its name counts no more. */
export async function refreshDatasets(): Promise<void> {
  queryClient.removeQueries({ queryKey: ["datasets", "one"], type: "inactive" });
  queryClient.removeQueries({ queryKey: ["datasets", "manifest"], type: "inactive" });
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: datasetsQuery.queryKey }),
    queryClient.invalidateQueries({ queryKey: ["compile"] }),
  ]);
}
