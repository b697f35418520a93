/** The one error that the API client throws: a problem document, also where the server could not be reached. */
import type { Issue, Problem } from "@/api/types";

export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }

  get status(): number {
    return this.problem.status;
  }

  get issues(): readonly Issue[] {
    return this.problem.issues;
  }

  /** Whether trying again later may help: the server is away, starting, or too busy. */
  get isTemporary(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 502;
  }

  /** Whether the same question is worth asking again: one that took too long, or twice ended the process, is not. */
  isWorthRetrying(failures: number): boolean {
    if (this.status === 504) return false;
    return this.isTemporary && (this.status !== 502 || failures < 2);
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "title" in body && "detail" in body;
}

/** The problem that an answer with an error status describes, whatever stands between us and the server. */
export async function readProblem(response: Response): Promise<ProblemError> {
  const body: unknown = await response.json().catch(() => null);
  if (isProblem(body))
    return new ProblemError({ ...body, status: response.status, issues: body.issues ?? [] });
  return new ProblemError({
    type: "about:blank",
    title: response.statusText || "The server answered with an error",
    status: response.status,
    detail: `The server answered with status ${response.status} and no explanation.`,
    issues: [],
  });
}

/** What `fetch` throws when nothing answers, as a problem. An aborted request stays what it is. */
export function describeFailure(error: unknown): Error {
  if (error instanceof ProblemError) return error;
  if (error instanceof DOMException && error.name === "AbortError") return error;
  return new ProblemError({
    type: "/problems/unreachable",
    title: "The server cannot be reached",
    status: 0,
    detail: "No answer came from the Layerloom server. It may have been stopped, or the connection is down.",
    issues: [],
  });
}

/** Any thrown thing as a problem, for showing it. */
export function toProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return {
    type: "about:blank",
    title: "Something went wrong in this page",
    status: 0,
    detail: error instanceof Error ? error.message : String(error),
    issues: [],
  };
}
