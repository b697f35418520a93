/** The files that a run's callbacks have written. */
import { queryOptions } from "@tanstack/react-query";
import { api, readBody } from "@/api/client";
import type { components } from "@/api/schema.gen";

export type RunFile = components["schemas"]["RunFile"];
export type RunFiles = components["schemas"]["RunFiles"];

export function runFilesQuery(runId: string) {
  return queryOptions({
    queryKey: ["runs", "files", runId],
    queryFn: ({ signal }): Promise<RunFiles> =>
      readBody(api.GET("/api/runs/{run_id}/files", { params: { path: { run_id: runId } }, signal })),
  });
}
