/** Reading data sets over the REST API. */
import { queryOptions } from "@tanstack/react-query";
import { api, readBody } from "@/api/client";
import type { DataJob } from "@/api/ownTypes";
import type { DatasetPreview, DatasetSummary } from "@/api/types";

/** The data sets that come with the server change only when one is downloaded. */
export const datasetsQuery = queryOptions({
  queryKey: ["datasets", "list"],
  queryFn: ({ signal }): Promise<readonly DatasetSummary[]> => readBody(api.GET("/api/datasets", { signal })),
  staleTime: 60_000,
});

export function datasetQuery(name: string) {
  return queryOptions({
    queryKey: ["datasets", "one", name],
    queryFn: ({ signal }): Promise<DatasetPreview> =>
      readBody(api.GET("/api/datasets/{name}", { params: { path: { name } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Begins to fetch a data set that is not in Keras's cache yet, and the words of its texts. */
export function downloadDataset(name: string): Promise<DataJob> {
  return readBody(api.POST("/api/datasets/{name}/download", { params: { path: { name } } }));
}
