/** Augmentation of images, in the arguments of Keras's `ImageDataGenerator`. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, readBody } from "@/api/client";
import { numberOf } from "@/api/graphNumber";
import type { components } from "@/api/schema.gen";
import type { Graph, RunConfig } from "@/api/types";

type Schemas = components["schemas"];

export type Augmentation = Schemas["Augmentation"];
export type AugmentationForm = Schemas["AugmentationForm"];
export type AugmentationArguments = Augmentation["arguments"];

/** The arguments change only with the installed Keras. */
export const augmentationFormQuery = queryOptions({
  queryKey: ["augmentation", "form"],
  queryFn: ({ signal }): Promise<AugmentationForm> => readBody(api.GET("/api/augmentation", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

/** `node` is the input, null for the first one of images; `given` null asks what the graph says now. */
export interface AugmentSettings {
  readonly node: string | null;
  readonly given: AugmentationArguments | null;
  readonly data: RunConfig["data"] | null;
}

/** The graph with the layers that the arguments stand for; while a new answer is on its way, the one before. */
export function augmentQuery(graph: Graph, { node, given, data }: AugmentSettings) {
  return queryOptions({
    queryKey: ["augmentation", "graph", numberOf(graph), node, given, data],
    queryFn: ({ signal }): Promise<Augmentation> =>
      readBody(api.POST("/api/augmentation", { body: { graph, node, arguments: given, data }, signal })),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    retry: false,
  });
}
