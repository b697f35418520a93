/** The folders of the server whose files may become data sets where they lie. */
import { queryOptions } from "@tanstack/react-query";
import { api, readBody } from "@/api/client";
import type { components } from "@/api/schema.gen";

export type FolderListing = components["schemas"]["FolderListing"];

/** What lies in a folder; for null the folders that are allowed. Files come and go, so it is asked for each time. */
export function dataFolderQuery(path: string | null) {
  return queryOptions({
    queryKey: ["data-folders", path],
    queryFn: ({ signal }): Promise<FolderListing> =>
      readBody(api.GET("/api/data-folders", { params: { query: path === null ? {} : { path } }, signal })),
    retry: false,
  });
}
