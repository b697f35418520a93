/** What layers that prepare data make of one example. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, readBody } from "@/api/client";
import { numberOf } from "@/api/graphNumber";
import type { components } from "@/api/schema.gen";
import type { Graph, RunConfig } from "@/api/types";

type Schemas = components["schemas"];

export type Preview = Schemas["Preview"];
export type PreviewArray = Schemas["PreviewArray"];
export type PreviewStep = Schemas["PreviewStep"];

/** `node` is the last one that is looked at; `example` null takes one by the seed. */
export interface PreviewSettings {
  readonly node: string;
  readonly data: RunConfig["data"];
  readonly example: number | null;
  readonly seed: number;
  readonly count: number;
}

/** While a new answer is on its way, the one before. */
export function previewQuery(graph: Graph, settings: PreviewSettings) {
  return queryOptions({
    queryKey: ["preview", numberOf(graph), settings],
    queryFn: ({ signal }): Promise<Preview> =>
      readBody(api.POST("/api/preview", { body: { ...settings, graph, training: true }, signal })),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    retry: false,
  });
}
