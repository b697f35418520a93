/** The editor of one model: palette, canvas, inspector and training side by side, the status below. */
import { Container } from "@mantine/core";
import { useDisclosure, useDocumentTitle } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { ReactFlowProvider } from "@xyflow/react";
import { lazy, Suspense, useState } from "react";
import { useLocation, useParams } from "react-router";
import { useCatalogue } from "@/api/catalogue";
import { modelQuery } from "@/api/models";
import type { Catalogue, ModelPublic } from "@/api/types";
import { ConflictDialog } from "@/app/editor/ConflictDialog";
import classes from "@/app/editor/Editor.module.css";
import { EditorHeader } from "@/app/editor/EditorHeader";
import { EmptyCanvasHint } from "@/app/editor/EmptyCanvasHint";
import { LeaveGuard } from "@/app/editor/LeaveGuard";
import { SidePanel, type SideTab } from "@/app/editor/SidePanel";
import { StatusBar } from "@/app/editor/StatusBar";
import { useAddLayer } from "@/app/editor/useAddLayer";
import { useOpenGraphInAddress } from "@/app/editor/useOpenGraphInAddress";
import { useShortcuts } from "@/app/editor/useShortcuts";
import { ImageAugmentation } from "@/app/ImageAugmentation";
import { ModelEvaluation } from "@/app/ModelEvaluation";
import { Canvas } from "@/canvas/Canvas";
import { Palette } from "@/palette/Palette";
import { useEditorSession } from "@/stores/editor/useEditorSession";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageLoader } from "@/ui/PageLoader";

const LiveStrip = lazy(async () => ({ default: (await import("@/runs/LiveStrip")).LiveStrip }));
const SummaryPanel = lazy(async () => ({ default: (await import("@/summary/SummaryPanel")).SummaryPanel }));

export function EditorPage() {
  const { modelId = "" } = useParams();
  const session = useEditorSession(modelId);
  const model = useQuery(modelQuery(modelId));
  const catalogue = useCatalogue();
  const error = session.error ?? model.error ?? catalogue.error;
  if (error) {
    const retry = () => {
      void session.retry();
      void model.refetch();
      void catalogue.refetch();
    };
    return (
      <Container py="xl" size="sm">
        <ErrorNote error={error} onRetry={retry} />
      </Container>
    );
  }
  if (!session.isOpen || !model.data || !catalogue.data) return <PageLoader label="Opening the model" />;
  return (
    <ReactFlowProvider>
      <Editor key={modelId} model={model.data} catalogue={catalogue.data} />
    </ReactFlowProvider>
  );
}

function Editor({ model, catalogue }: { model: ModelPublic; catalogue: Catalogue }) {
  const [tab, setTab] = useState<SideTab>(useLocation().state?.tab === "train" ? "train" : "layer");
  const [showsSummary, summary] = useDisclosure(false);
  const addLayer = useAddLayer();
  useShortcuts();
  useOpenGraphInAddress();
  useDocumentTitle(`${model.name} · Layerloom`);
  return (
    <div className={classes.page}>
      <EditorHeader model={model} onTrain={() => setTab("train")} />
      <aside className={classes.left}>
        <Palette catalogue={catalogue} onAdd={addLayer} />
      </aside>
      <div className={classes.canvas}>
        <Canvas modelName={model.name}>
          <EmptyCanvasHint />
        </Canvas>
        <Suspense>
          <LiveStrip modelId={model.id} />
        </Suspense>
        {showsSummary && (
          <Suspense fallback={<PageLoader label="Loading the summary" />}>
            <SummaryPanel modelId={model.id} onClose={summary.close} />
          </Suspense>
        )}
      </div>
      <SidePanel modelId={model.id} tab={tab} onTab={setTab} />
      <StatusBar showsSummary={showsSummary} onSummary={summary.toggle} />
      <ConflictDialog />
      <LeaveGuard />
      <ModelEvaluation />
      <ImageAugmentation />
    </div>
  );
}
