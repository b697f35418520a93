/** What a graph costs, and Keras's summary of a model. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, readBody } from "@/api/client";
import { numberOf } from "@/api/graphNumber";
import type { components } from "@/api/schema.gen";
import type { CostResult, Graph } from "@/api/types";

export type CostRequest = Omit<components["schemas"]["GraphCostRequest"], "graph">;
export type Summary = components["schemas"]["SummaryResult"];

/** The costs of a graph; while new ones are on their way, those before. */
export function costsQuery(graph: Graph, request: CostRequest) {
  return queryOptions({
    queryKey: ["costs", numberOf(graph), request],
    queryFn: ({ signal }): Promise<CostResult> =>
      readBody(api.POST("/api/costs", { body: { ...request, graph }, signal })),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}

/** The table that Keras prints for the saved draft. Throws a `ProblemError` with issues where it does not build. */
export function readSummary(modelId: string, signal?: AbortSignal): Promise<Summary> {
  return readBody(
    api.GET("/api/models/{model_id}/summary", { params: { path: { model_id: modelId } }, signal }),
  );
}
