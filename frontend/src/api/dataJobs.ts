/** Work on data that takes longer than a request, over the REST API: followed, listed, cancelled. */
import { queryOptions } from "@tanstack/react-query";
import { api, readBody } from "@/api/client";
import type { DataJob } from "@/api/ownTypes";

const POLL_MS = 500;

export function dataJobQuery(id: string) {
  return queryOptions({
    queryKey: ["datasets", "job", id],
    queryFn: ({ signal }): Promise<DataJob> =>
      readBody(api.GET("/api/datasets/jobs/{job_id}", { params: { path: { job_id: id } }, signal })),
    refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : POLL_MS),
    gcTime: 0,
  });
}

/** All of them, the newest first; asked for again while one is not over. */
export const dataJobsQuery = queryOptions({
  queryKey: ["datasets", "jobs"],
  queryFn: ({ signal }): Promise<readonly DataJob[]> => readBody(api.GET("/api/datasets/jobs", { signal })),
  refetchInterval: ({ state }) => (state.data?.every(isOver) ? false : POLL_MS),
  staleTime: 0,
});

export function isOver({ state }: DataJob): boolean {
  return state !== "waiting" && state !== "running";
}

export async function cancelDataJob(id: string): Promise<void> {
  await api.DELETE("/api/datasets/jobs/{job_id}", { params: { path: { job_id: id } } });
}
