/** What steps make of a data set's first samples. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, readBody } from "@/api/client";
import type { components } from "@/api/schema.gen";
import type { RunConfig } from "@/api/types";

type Schemas = components["schemas"];

export type DataStep = Schemas["DataStep"];
export type SteppedArray = Schemas["SteppedArray"];
export type StepsPreview = Schemas["StepsPreview"];
export type StepStage = Schemas["StepStage"];

/** While a new answer is on its way, the one before. */
export function stepsPreviewQuery({ dataset, arguments: given, steps }: RunConfig["data"], start: number) {
  return queryOptions({
    queryKey: ["datasets", "steps", dataset, given, steps, start],
    queryFn: ({ signal }): Promise<StepsPreview> =>
      readBody(
        api.POST("/api/datasets/{name}/preview", {
          params: { path: { name: dataset } },
          body: { arguments: given, steps, start, rows: 1 },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    retry: false,
  });
}
