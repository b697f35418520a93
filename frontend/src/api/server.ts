/** What the server allows: asked once per visit, as it stays the same while the server runs. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, readBody } from "@/api/client";

const serverQuery = queryOptions({
  queryKey: ["server"],
  queryFn: ({ signal }) => readBody(api.GET("/api/server", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
});

/** Whether layers may be written in Python; undefined until the server has answered. */
export function useCodeAllowed(): boolean | undefined {
  return useQuery(serverQuery).data?.allow_code;
}
