/** Splits that are stored under a name, over the REST API. */
import { queryOptions } from "@tanstack/react-query";
import { api, readBody } from "@/api/client";
import type { components } from "@/api/schema.gen";

type Schemas = components["schemas"];

export type StoredSplitInfo = Schemas["StoredSplitInfo"];
export type NewSplit = Schemas["NewSplit"];

export function splitsQuery(dataset: string) {
  return queryOptions({
    queryKey: ["datasets", "splits", dataset],
    queryFn: ({ signal }): Promise<readonly StoredSplitInfo[]> =>
      readBody(api.GET("/api/datasets/{name}/splits", { params: { path: { name: dataset } }, signal })),
    staleTime: 60_000,
  });
}

export function storeSplit(dataset: string, split: NewSplit): Promise<StoredSplitInfo> {
  return readBody(
    api.POST("/api/datasets/{name}/splits", { params: { path: { name: dataset } }, body: split }),
  );
}

export async function deleteSplit(dataset: string, split: string): Promise<void> {
  await api.DELETE("/api/datasets/{name}/splits/{split}", { params: { path: { name: dataset, split } } });
}
