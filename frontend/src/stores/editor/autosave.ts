/** Saves the draft a moment after each change, again and again while the server is away, and never over other's work. */
import { MutationObserver } from "@tanstack/react-query";
import { debounce } from "es-toolkit";
import { api, readBody } from "@/api/client";
import { ProblemError } from "@/api/problem";
import { queryClient } from "@/api/queryClient";
import type { DraftPublic } from "@/api/types";
import { type EditorState, editDocument, type SaveStatus, useEditor } from "@/stores/editor/editorStore";

export const SAVE_DELAY_MS = 600;
const LONGEST_WAIT_MS = 8_000;
const STALE = 412;

let inFlight: Promise<void> | null = null;

export function hasUnsavedChanges({ modelId, history, saved }: EditorState = useEditor.getState()): boolean {
  return modelId !== null && history.present !== saved;
}

/** Saves everything that is not saved yet. Throws the `ProblemError` where the server does not take it. */
export async function saveNow(): Promise<void> {
  while (hasUnsavedChanges()) {
    inFlight ??= putDraft().finally(() => {
      inFlight = null;
    });
    await inFlight;
  }
}

async function putDraft(): Promise<void> {
  const { modelId, revision, history } = useEditor.getState();
  if (modelId === null) return;
  const document = history.present;
  useEditor.setState({ saveStatus: "saving" });
  try {
    const answer = await readBody(
      api.PUT("/api/models/{model_id}/graph", {
        params: { path: { model_id: modelId } },
        headers: { "If-Match": `"${revision}"` },
        body: document,
      }),
    );
    noteSaved(modelId, { saved: document, revision: answer.revision });
  } catch (error) {
    if (useEditor.getState().modelId === modelId) {
      useEditor.setState({ saveStatus: statusAfter(error), saveError: error });
    }
    throw error;
  }
}

function noteSaved(modelId: string, stored: Pick<EditorState, "saved" | "revision">): void {
  useEditor.setState((state) => {
    if (state.modelId !== modelId) return {};
    const saveStatus = state.history.present === stored.saved ? "saved" : "unsaved";
    return { ...stored, saveStatus, saveError: null };
  });
}

function statusAfter(error: unknown): SaveStatus {
  if (!(error instanceof ProblemError)) return "refused";
  if (error.status === STALE) return "conflict";
  return error.isTemporary ? "retrying" : "refused";
}

/** Saves on every change until the returned function is called. */
export function startAutosave(): () => void {
  const saver = new MutationObserver(queryClient, {
    mutationFn: saveNow,
    retry: (_, error) => error instanceof ProblemError && error.isTemporary,
    retryDelay: (failures) => Math.min(500 * 2 ** failures, LONGEST_WAIT_MS),
  });
  const save = debounce(() => {
    const { saveStatus } = useEditor.getState();
    if (saveStatus === "conflict" || saver.getCurrentResult().isPending) return;
    // A failure is kept in the store and shown in the header; there is nobody here to tell.
    saver.mutate().catch(() => undefined);
  }, SAVE_DELAY_MS);
  const stop = useEditor.subscribe((state, before) => {
    if (state.history.present !== before.history.present && hasUnsavedChanges(state)) save();
  });
  return () => {
    stop();
    save.cancel();
  };
}

function readDraft(modelId: string): Promise<DraftPublic> {
  return readBody(api.GET("/api/models/{model_id}/graph", { params: { path: { model_id: modelId } } }));
}

/** After a conflict: save this page's draft over the other one. */
export async function keepMine(): Promise<void> {
  const { modelId } = useEditor.getState();
  if (modelId === null) return;
  const { revision } = await readDraft(modelId);
  useEditor.setState({ revision, saveStatus: "unsaved" });
  await saveNow();
}

/** After a conflict: go on with the draft that the server has. Undo brings this page's own back. */
export async function takeTheirs(): Promise<void> {
  const { modelId } = useEditor.getState();
  if (modelId === null) return;
  const { graph, layout, revision } = await readDraft(modelId);
  const theirs = { graph, layout };
  useEditor.setState({ saved: theirs, revision, saveError: null });
  editDocument(() => theirs);
  useEditor.setState({ saveStatus: "saved" });
}
