/** Reading and changing models over the REST API (their graphs apart). */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, readBody } from "@/api/client";
import { queryClient } from "@/api/queryClient";
import type { components } from "@/api/schema.gen";
import type { CompileResult, ModelPublic, RunConfig, TemplatePublic } from "@/api/types";

type ModelPage = components["schemas"]["ModelPage"];

const PAGE_SIZE = 50;

export const MODEL_LISTS = ["models", "list"] as const;

function atModel(modelId: string) {
  return { path: { model_id: modelId } };
}

export function modelsQuery(limit = PAGE_SIZE) {
  return infiniteQueryOptions({
    queryKey: [...MODEL_LISTS, limit],
    queryFn: ({ pageParam, signal }): Promise<ModelPage> =>
      readBody(api.GET("/api/models", { params: { query: { limit, cursor: pageParam } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function modelQuery(modelId: string) {
  return queryOptions({
    queryKey: ["models", "one", modelId],
    queryFn: ({ signal }): Promise<ModelPublic> =>
      readBody(api.GET("/api/models/{model_id}", { params: atModel(modelId), signal })),
  });
}

export const templatesQuery = queryOptions({
  queryKey: ["templates"],
  queryFn: ({ signal }): Promise<readonly TemplatePublic[]> =>
    readBody(api.GET("/api/templates", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

type ModelCreate = components["schemas"]["ModelCreate"];

const EMPTY: Pick<ModelCreate, "graph" | "layout"> = {
  graph: {
    format: 1,
    class_name: "Functional",
    layers: [],
    nodes: [],
    edges: [],
    groups: [],
    notes: [],
  },
  layout: { positions: {}, nested: {} },
};

/** A new model, with an empty graph where none is given. */
export function createModel(name: string, draft: Omit<ModelCreate, "name"> = EMPTY): Promise<ModelPublic> {
  return readBody(api.POST("/api/models", { body: { name, ...draft } }));
}

/** A new model that is a copy of a template. */
export function importTemplate(template: string): Promise<ModelPublic> {
  return readBody(api.POST("/api/models/import", { body: { template } }));
}

export function renameModel(modelId: string, name: string): Promise<ModelPublic> {
  return readBody(api.PATCH("/api/models/{model_id}", { params: atModel(modelId), body: { name } }));
}

/** Remember the training config with the model. */
export function saveTraining(modelId: string, training: RunConfig): Promise<ModelPublic> {
  return readBody(api.PATCH("/api/models/{model_id}", { params: atModel(modelId), body: { training } }));
}

export async function deleteModel(modelId: string): Promise<void> {
  await api.DELETE("/api/models/{model_id}", { params: atModel(modelId) });
}

/** Check the draft and the config together. Throws a `ProblemError` with issues where it would not train. */
export function compileModel(
  modelId: string,
  config: RunConfig,
  signal?: AbortSignal,
): Promise<CompileResult> {
  return readBody(
    api.POST("/api/models/{model_id}/compile", { params: atModel(modelId), body: config, signal }),
  );
}

/** Put a model as the server now shows it wherever the page keeps it. */
export function rememberModel(model: ModelPublic): void {
  queryClient.setQueryData(modelQuery(model.id).queryKey, model);
  void queryClient.invalidateQueries({ queryKey: MODEL_LISTS });
}
