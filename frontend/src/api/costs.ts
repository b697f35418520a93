/** What a graph costs, and Keras's summary of a model. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, readBody } from "@/api/client";
import type { components } from "@/api/schema.gen";
import type { CostResult, Graph } from "@/api/types";

export type CostRequest = Omit<components["schemas"]["GraphCostRequest"], "graph">;
export type Summary = components["schemas"]["SummaryResult"];

// A graph is never changed in place, so its identity stands for its content: nothing large is hashed into a key.
const numbers = new WeakMap<Graph, number>();
let lastNumber = 0;

function numberOf(graph: Graph): number {
  const known = numbers.get(graph);
  if (known !== undefined) return known;
  lastNumber += 1;
  numbers.set(graph, lastNumber);
  return lastNumber;
}

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
