/** Opens a model's draft in the editor, and keeps it saved and checked while the page is open. */
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, readBody } from "@/api/client";
import { MODEL_LISTS } from "@/api/models";
import { queryClient } from "@/api/queryClient";
import { startAutosave } from "@/stores/editor/autosave";
import { startChecking } from "@/stores/editor/checking";
import { closeDraft, openDraft, useEditor } from "@/stores/editor/editorStore";

export function useEditorSession(modelId: string) {
  const draft = useQuery({
    queryKey: ["models", "draft", modelId],
    queryFn: ({ signal }) =>
      readBody(api.GET("/api/models/{model_id}/graph", { params: { path: { model_id: modelId } }, signal })),
    // From here on the editor's own document is the newest: it is read anew only when the page is opened again.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const { data } = draft;
  useEffect(() => {
    if (!data) return;
    openDraft(modelId, data);
    const stopSaving = startAutosave();
    const stopChecking = startChecking();
    return () => {
      stopSaving();
      stopChecking();
      closeDraft();
      void queryClient.invalidateQueries({ queryKey: MODEL_LISTS });
    };
  }, [modelId, data]);
  const isOpen = useEditor((state) => state.modelId === modelId);
  return { isOpen, error: draft.error, retry: draft.refetch };
}
