/** One cache for everything read from the server, and when reading it is tried again. */
import { QueryClient } from "@tanstack/react-query";
import { ProblemError } from "@/api/problem";

export const MAX_READ_RETRIES = 3;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      networkMode: "always",
      retry: (failures, error) =>
        failures < MAX_READ_RETRIES && error instanceof ProblemError && error.isTemporary,
    },
    mutations: { networkMode: "always" },
  },
});
