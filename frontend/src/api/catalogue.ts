/** The catalogue of everything Keras offers, read once per visit. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, readBody } from "@/api/client";

export const catalogueQuery = queryOptions({
  queryKey: ["catalogue"],
  queryFn: ({ signal }) => readBody(api.GET("/api/catalogue", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
});

export function useCatalogue() {
  return useQuery(catalogueQuery);
}
