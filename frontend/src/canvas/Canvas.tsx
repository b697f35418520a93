/** The drawing itself: nodes, edges, zoom and pan, dropping layers from the palette. */
import { useComputedColorScheme } from "@mantine/core";
import { IconMap2 } from "@tabler/icons-react";
import {
  Background,
  BackgroundVariant,
  ControlButton,
  Controls,
  MiniMap,
  ReactFlow,
  SelectionMode,
  useReactFlow,
} from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { type DragEvent, type ReactNode, useCallback, useState } from "react";
import classes from "@/canvas/Canvas.module.css";
import { LayerNode } from "@/canvas/LayerNode";
import { TensorEdge } from "@/canvas/TensorEdge";
import { useConnecting } from "@/canvas/useConnecting";
import { useFlowPieces } from "@/canvas/useFlowPieces";
import { MIN_ZOOM, useView } from "@/canvas/useView";
import { useZoomedOut } from "@/canvas/useZoomedOut";
import { NODE_SIZE } from "@/graph/arrange";
import { addFromPalette } from "@/stores/editor/actions";
import { findEntry } from "@/stores/editor/entries";
import { carriesLayer, readDraggedClass } from "@/ui/layerDrag";

const NODE_TYPES = { layer: LayerNode };
const EDGE_TYPES = { tensor: TensorEdge };
const SNAP: [number, number] = [8, 8];

/** Below this many nodes everything is drawn at once; above, only what can be seen. */
const MANY_NODES = 150;

export function Canvas({ children }: { children?: ReactNode }) {
  const { nodes, edges, onNodesChange, onEdgesChange } = useFlowPieces();
  const connecting = useConnecting();
  const dropping = useDropping();
  const colorMode = useComputedColorScheme("light");
  const [hasMap, setHasMap] = useState(false);
  const [isMoving, setMoving] = useState(false);
  const showAll = useView();
  return (
    <section className={classes.canvas} aria-label="Canvas" data-moving={isMoving || undefined} {...dropping}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        {...connecting}
        onMoveStart={() => setMoving(true)}
        onMoveEnd={() => setMoving(false)}
        colorMode={colorMode}
        onInit={() => showAll(0)}
        minZoom={MIN_ZOOM}
        maxZoom={2}
        snapToGrid
        snapGrid={SNAP}
        connectionRadius={28}
        selectionMode={SelectionMode.Partial}
        deleteKeyCode={null}
        onlyRenderVisibleElements={nodes.length > MANY_NODES}
        elevateNodesOnSelect={false}
      >
        <Paper />
        <Controls onFitView={() => showAll()} showInteractive={false} aria-label="Canvas controls">
          <ControlButton
            onClick={() => setHasMap((shown) => !shown)}
            aria-pressed={hasMap}
            aria-label="Overview map"
            title="Overview map"
          >
            <IconMap2 aria-hidden />
          </ControlButton>
        </Controls>
        {hasMap && <MiniMap pannable zoomable ariaLabel="Overview map" className={classes.map} />}
        {children}
      </ReactFlow>
    </section>
  );
}

/** Dots to see the movement by; from afar they would be a grey that takes long to paint. */
function Paper() {
  return useZoomedOut() ? null : <Background variant={BackgroundVariant.Dots} gap={24} size={1.4} />;
}

/** Dropping a layer from the palette adds it where the pointer is. */
function useDropping() {
  const { screenToFlowPosition } = useReactFlow();
  const onDragOver = useCallback((event: DragEvent) => {
    if (!carriesLayer(event.dataTransfer)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  }, []);
  const onDrop = useCallback(
    (event: DragEvent) => {
      const entry = findEntry(readDraggedClass(event.dataTransfer) ?? undefined);
      if (!entry) return;
      event.preventDefault();
      const { x, y } = screenToFlowPosition({ x: event.clientX, y: event.clientY });
      addFromPalette(entry, { x: x - NODE_SIZE.width / 2, y: y - NODE_SIZE.height / 2 });
    },
    [screenToFlowPosition],
  );
  return { onDragOver, onDrop };
}
