/** Asks Keras about the drawing after each change of the graph: the newest question wins, older ones are called off. */
import { CancelledError } from "@tanstack/react-query";
import { debounce } from "es-toolkit";
import { api, readBody } from "@/api/client";
import { ProblemError } from "@/api/problem";
import { queryClient } from "@/api/queryClient";
import type { Graph } from "@/api/types";
import { currentDocument, noteCheck, useEditor } from "@/stores/editor/editorStore";

export const CHECK_DELAY_MS = 80;

// One key for all questions: the cache then keeps what two answers have in common, and nodes that did not change
// are not drawn anew.
export const CHECK_KEY = ["check"];

async function checkGraph(graph: Graph): Promise<void> {
  await queryClient.cancelQueries({ queryKey: CHECK_KEY });
  if (currentDocument().graph !== graph) return;
  try {
    const check = await queryClient.fetchQuery({
      queryKey: CHECK_KEY,
      queryFn: ({ signal }) => readBody(api.POST("/api/check", { body: graph, signal })),
      staleTime: 0,
      retry: (failures, error) => error instanceof ProblemError && error.isWorthRetrying(failures),
    });
    if (currentDocument().graph !== graph) return;
    noteCheck(check);
  } catch (error) {
    if (error instanceof CancelledError || currentDocument().graph !== graph) return;
    useEditor.setState({ checkError: error });
  }
}

/** Checks now and after every change of the graph, until the returned function is called. */
export function startChecking(): () => void {
  const check = debounce(() => void checkGraph(currentDocument().graph), CHECK_DELAY_MS);
  const stop = useEditor.subscribe((state, before) => {
    if (state.history.present.graph !== before.history.present.graph) check();
  });
  void checkGraph(currentDocument().graph);
  return () => {
    stop();
    check.cancel();
    void queryClient.cancelQueries({ queryKey: CHECK_KEY });
  };
}

/** Asks again, after the server could not answer. */
export function checkAgain(): void {
  void checkGraph(currentDocument().graph);
}
