/** Checks graph and config together a moment after either changes, and sorts what is wrong by field. */
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, skipToken, useQuery } from "@tanstack/react-query";
import { compileModel } from "@/api/models";
import { ProblemError } from "@/api/problem";
import type { CompileResult, Issue, RunConfig } from "@/api/types";
import { useEditor } from "@/stores/editor/editorStore";

const TYPING_PAUSE_MS = 350;
const KEPT_MS = 30_000;
const UNPROCESSABLE = 422;

export interface CompileCheck {
  readonly checking: boolean;
  /** Null where it would not train, or is not known yet. */
  readonly result: CompileResult | null;
  readonly issues: readonly Issue[];
  /** The check itself failed: the server is away, for example. */
  readonly error: unknown;
  readonly retry: () => void;
}

/** What the server says of the saved draft with this config. Waits until the draft is saved. */
export function useCompileCheck(modelId: string, config: RunConfig | null): CompileCheck {
  const [settled] = useDebouncedValue(config, TYPING_PAUSE_MS);
  const revision = useEditor((state) => state.revision);
  const saved = useEditor((state) => state.saveStatus === "saved" && state.modelId === modelId);
  const check = useQuery({
    queryKey: ["compile", modelId, revision, settled],
    queryFn:
      saved && settled !== null
        ? ({ signal }): Promise<Answer> => askServer(modelId, settled, signal)
        : skipToken,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: KEPT_MS,
  });
  return {
    checking: check.isFetching || settled !== config || !saved,
    result: check.data?.result ?? null,
    issues: check.data?.issues ?? [],
    error: check.error,
    retry: () => void check.refetch(),
  };
}

interface Answer {
  readonly result: CompileResult | null;
  readonly issues: readonly Issue[];
}

/** A refusal with issues is an answer, not a failure. */
async function askServer(modelId: string, config: RunConfig, signal: AbortSignal): Promise<Answer> {
  try {
    const result = await compileModel(modelId, config, signal);
    return { result, issues: result.issues };
  } catch (error) {
    if (!(error instanceof ProblemError) || error.status !== UNPROCESSABLE) throw error;
    return { result: null, issues: error.issues.length > 0 ? error.issues : [toIssue(error)] };
  }
}

function toIssue({ problem }: ProblemError): Issue {
  return { code: problem.type, message: problem.detail, severity: "error", within: [], fixes: [] };
}
