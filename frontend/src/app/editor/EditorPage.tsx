/** The editor of one model: palette, canvas, inspector. */
import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { api, readBody } from "@/api/client";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageLoader } from "@/ui/PageLoader";

export function EditorPage() {
  const { modelId = "" } = useParams();
  const draft = useQuery({
    queryKey: ["models", modelId, "graph"],
    queryFn: ({ signal }) =>
      readBody(api.GET("/api/models/{model_id}/graph", { params: { path: { model_id: modelId } }, signal })),
  });
  if (draft.error) return <ErrorNote error={draft.error} onRetry={() => void draft.refetch()} />;
  return <PageLoader label="Opening the model" />;
}
