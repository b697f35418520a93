/** Keras's drawing of the model (`model_to_dot`), to look at closely and to save as SVG. */
import { ActionIcon, Button, Group, Loader, Modal, Skeleton, Stack, Text } from "@mantine/core";
import { IconDownload, IconFocusCentered, IconZoomIn, IconZoomOut } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { TransformComponent, TransformWrapper, useControls } from "react-zoom-pan-pinch";
import { type DrawingOptions as Chosen, exportModel, fetchExports } from "@/api/exports";
import classes from "@/drawing/Drawing.module.css";
import { DrawingOptions } from "@/drawing/DrawingOptions";
import { renderDot } from "@/drawing/renderDot";
import { ErrorNote } from "@/ui/ErrorNote";
import { saveFile } from "@/ui/saveFile";
import { useBlobAddress } from "@/ui/useBlobAddress";

interface ModelDrawingProps {
  modelId: string;
  opened: boolean;
  onClose: () => void;
}

export function ModelDrawing({ modelId, opened, onClose }: ModelDrawingProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Drawing of the model" size="80%" centered>
      {opened && <DrawingLoader modelId={modelId} />}
    </Modal>
  );
}

interface Drawing {
  readonly svg: Blob;
  readonly filename: string;
}

async function drawModel(modelId: string, options: Chosen, signal: AbortSignal): Promise<Drawing> {
  const { blob, filename } = await exportModel(modelId, "dot", { options, signal });
  const svg = await renderDot(await blob.text());
  return {
    svg: new Blob([svg], { type: "image/svg+xml" }),
    filename: filename.replace(/\.[^.]*$/, ".svg"),
  };
}

function DrawingLoader({ modelId }: { modelId: string }) {
  const [chosen, setChosen] = useState<Chosen>({});
  const choices = useQuery({
    queryKey: ["exports", modelId],
    queryFn: ({ signal }) => fetchExports(modelId, signal),
  });
  const drawing = useQuery({
    queryKey: ["drawing", modelId, chosen],
    queryFn: ({ signal }) => drawModel(modelId, chosen, signal),
    // The drawing from before stays until the new one is there.
    placeholderData: keepPreviousData,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (drawing.data)
    return (
      <DrawingView drawing={drawing.data} isDrawing={drawing.isPlaceholderData}>
        {choices.data && (
          <DrawingOptions options={choices.data.drawing_options} chosen={chosen} onChange={setChosen} />
        )}
      </DrawingView>
    );
  if (drawing.error) return <ErrorNote error={drawing.error} onRetry={() => void drawing.refetch()} />;
  return (
    <Stack role="status" aria-label="Drawing the model">
      <Text size="sm" c="dimmed">
        Keras draws the model and Graphviz lays it out…
      </Text>
      <Skeleton className={classes.stage} />
    </Stack>
  );
}

interface DrawingViewProps {
  drawing: Drawing;
  /** Whether another one is on its way. */
  isDrawing: boolean;
  /** What stands beside the zoom buttons. */
  children: ReactNode;
}

function DrawingView({ drawing, isDrawing, children }: DrawingViewProps) {
  const address = useBlobAddress(drawing.svg);
  return (
    <TransformWrapper minScale={0.2} maxScale={8} centerOnInit limitToBounds={false}>
      <Group justify="space-between" mb="sm">
        <Group gap="xs">
          <ZoomButtons />
          {children}
          {isDrawing && <Loader size="xs" role="status" aria-label="Drawing the model" />}
        </Group>
        <Button
          size="xs"
          leftSection={<IconDownload size={14} aria-hidden />}
          onClick={() => saveFile(drawing.svg, drawing.filename)}
        >
          Save as SVG
        </Button>
      </Group>
      <div className={classes.stage}>
        <TransformComponent wrapperClass={classes.wrapper} contentClass={classes.content}>
          {/* As an image, so that whatever is in the drawing cannot run. */}
          {address && (
            <img src={address} alt="Drawing of the model's layers and shapes" className={classes.image} />
          )}
        </TransformComponent>
      </div>
    </TransformWrapper>
  );
}

function ZoomButtons() {
  const { zoomIn, zoomOut, resetTransform } = useControls();
  return (
    <Group gap={4}>
      <ActionIcon variant="default" aria-label="Zoom in" onClick={() => zoomIn()}>
        <IconZoomIn size={16} aria-hidden />
      </ActionIcon>
      <ActionIcon variant="default" aria-label="Zoom out" onClick={() => zoomOut()}>
        <IconZoomOut size={16} aria-hidden />
      </ActionIcon>
      <ActionIcon variant="default" aria-label="Show all of it" onClick={() => resetTransform()}>
        <IconFocusCentered size={16} aria-hidden />
      </ActionIcon>
    </Group>
  );
}
