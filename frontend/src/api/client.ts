/** The typed client of the REST API: every path and body is checked against the OpenAPI document at compile time. */
import createClient from "openapi-fetch";
import { describeFailure, readProblem } from "@/api/problem";
import type { paths } from "@/api/schema.gen";

export const api = createClient<paths>({
  baseUrl: window.location.origin,
  // Looked up at each call, so that a test can stand in for the server.
  fetch: (request) => globalThis.fetch(request),
});

api.use({
  async onResponse({ response }) {
    if (!response.ok) throw await readProblem(response);
  },
  onError({ error }) {
    return describeFailure(error);
  },
});

/** The body of an answer. An error status never gets here: the client throws a `ProblemError` for it. */
export async function readBody<Body>(call: Promise<{ data?: Body }>): Promise<Body> {
  const { data } = await call;
  if (data === undefined) throw new Error("The server's answer has no body, though one was expected.");
  return data;
}
