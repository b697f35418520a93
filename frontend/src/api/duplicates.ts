/** Copies in data sets over the REST API. */
import { queryOptions } from "@tanstack/react-query";
import { api, readBody } from "@/api/client";
import type { DataJob, DuplicatesFound } from "@/api/ownTypes";
import type { paths } from "@/api/schema.gen";

const POLL_MS = 500;

/** What the last look found; asked for again while one is under way. */
export function duplicatesQuery(name: string) {
  return queryOptions({
    queryKey: ["datasets", "duplicates", name],
    queryFn: ({ signal }): Promise<DuplicatesFound> =>
      readBody(api.GET("/api/datasets/{name}/duplicates", { params: { path: { name } }, signal })),
    refetchInterval: ({ state }) => (state.data?.job ? POLL_MS : false),
  });
}

/** How the data set is read, and how its samples are divided, both as in a run's `data`. */
export type DuplicatesWanted = NonNullable<
  paths["/api/datasets/{name}/duplicates"]["post"]["requestBody"]
>["content"]["application/json"];

/** Begins to look. What goes wrong later stands in the job. */
export function findDuplicates(name: string, body: DuplicatesWanted): Promise<DataJob> {
  return readBody(api.POST("/api/datasets/{name}/duplicates", { params: { path: { name } }, body }));
}
