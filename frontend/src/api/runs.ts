/** Reading and changing runs over the REST API, and where the page keeps them. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, readBody } from "@/api/client";
import { queryClient } from "@/api/queryClient";
import type { components, operations } from "@/api/schema.gen";
import type { HistoryPublic, LogEvent, MetricsPublic, RunConfig, RunEvent, RunPublic } from "@/api/types";

export type RunFilter = Omit<NonNullable<operations["list_runs"]["parameters"]["query"]>, "cursor" | "limit">;
type RunPage = components["schemas"]["RunPage"];
type CheckpointPage = components["schemas"]["CheckpointPage"];

const PAGE_SIZE = 50;
const LOG_PAGE_SIZE = 1000;
const EVENT_PAGE_SIZE = 1000;
const STORY = ["setup", "plan", "mark"] as const;
/** A curve of this many points looks the same as one of all its points. */
const CURVE_POINTS = 2000;

export const RUN_LISTS = ["runs", "list"] as const;

function atRun(runId: string) {
  return { path: { run_id: runId } };
}

export function runsQuery(filter: RunFilter = {}, limit = PAGE_SIZE) {
  return infiniteQueryOptions({
    queryKey: [...RUN_LISTS, filter, limit],
    queryFn: ({ pageParam, signal }): Promise<RunPage> =>
      readBody(api.GET("/api/runs", { params: { query: { ...filter, limit, cursor: pageParam } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function runQuery(runId: string) {
  return queryOptions({
    queryKey: ["runs", "one", runId],
    queryFn: ({ signal }): Promise<RunPublic> =>
      readBody(api.GET("/api/runs/{run_id}", { params: atRun(runId), signal })),
  });
}

export function checkpointsQuery(runId: string) {
  return infiniteQueryOptions({
    queryKey: ["runs", "checkpoints", runId],
    queryFn: ({ pageParam, signal }): Promise<CheckpointPage> =>
      readBody(
        api.GET("/api/runs/{run_id}/checkpoints", {
          params: { ...atRun(runId), query: { limit: PAGE_SIZE, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function startRun(modelId: string, config: RunConfig): Promise<RunPublic> {
  return readBody(api.POST("/api/runs", { body: { model_id: modelId, config } }));
}

export function renameRun(runId: string, name: string): Promise<RunPublic> {
  return readBody(api.PATCH("/api/runs/{run_id}", { params: atRun(runId), body: { name } }));
}

export async function deleteRun(runId: string): Promise<void> {
  await api.DELETE("/api/runs/{run_id}", { params: atRun(runId) });
}

export function readHistory(runId: string): Promise<HistoryPublic> {
  return readBody(api.GET("/api/runs/{run_id}/history", { params: atRun(runId) }));
}

export function readMetrics(runId: string, signal: AbortSignal): Promise<MetricsPublic> {
  return readBody(
    api.GET("/api/runs/{run_id}/metrics", {
      params: { ...atRun(runId), query: { points: CURVE_POINTS } },
      signal,
    }),
  );
}

/** All log lines after number `after`, page by page. */
export async function readLogs(runId: string, after: number, signal: AbortSignal): Promise<LogEvent[]> {
  const logs: LogEvent[] = [];
  let next: number | null = after;
  while (next !== null) {
    const query: { after: number; limit: number } = { after: next, limit: LOG_PAGE_SIZE };
    const page: components["schemas"]["LogPage"] = await readBody(
      api.GET("/api/runs/{run_id}/logs", { params: { ...atRun(runId), query }, signal }),
    );
    logs.push(...page.items);
    next = page.next_after;
  }
  return logs;
}

/** What is trained, how, and what happened: all events of these kinds after number `after`, page by page. */
export async function readStory(runId: string, after: number, signal: AbortSignal): Promise<RunEvent[]> {
  const story: RunEvent[] = [];
  let next: number | null = after;
  while (next !== null) {
    const query = { after: next, limit: EVENT_PAGE_SIZE, type: [...STORY] };
    const page: components["schemas"]["EventPage"] = await readBody(
      api.GET("/api/runs/{run_id}/events", { params: { ...atRun(runId), query }, signal }),
    );
    story.push(...page.items);
    next = page.next_after ?? null;
  }
  return story;
}

/** Put a run as the server now shows it wherever the page keeps it. */
export function rememberRun(run: RunPublic): void {
  queryClient.setQueryData(runQuery(run.id).queryKey, run);
  void queryClient.invalidateQueries({ queryKey: RUN_LISTS });
}
