/** What preprocessing layers learn from the samples that train the model. */
import { api, readBody } from "@/api/client";
import type { components } from "@/api/schema.gen";
import type { Graph, RunConfig } from "@/api/types";

export type Adaptation = components["schemas"]["Adaptation"];

/** Fits the layers that have learned nothing yet. Throws a `ProblemError` with issues where one cannot be. */
export function adaptGraph(
  graph: Graph,
  data: RunConfig["data"],
  validationSplit: number,
): Promise<Adaptation> {
  return readBody(api.POST("/api/adapt", { body: { graph, data, validation_split: validationSplit } }));
}
