/** The drawing itself: nodes, edges, groups, notes, zoom and pan, dropping layers from the palette. */
import { useComputedColorScheme } from "@mantine/core";
import {
  Background,
  BackgroundVariant,
  MiniMap,
  type NodeMouseHandler,
  ReactFlow,
  SelectionMode,
  useReactFlow,
} from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { type MouseEvent, type ReactNode, useCallback, useMemo, useState } from "react";
import { Breadcrumbs } from "@/canvas/Breadcrumbs";
import classes from "@/canvas/Canvas.module.css";
import { CanvasControls } from "@/canvas/CanvasControls";
import { FarLayer } from "@/canvas/FarLayer";
import { nodeAt } from "@/canvas/farDrawing";
import { type CanvasFlowNode, MANY_NODES, type TensorFlowEdge } from "@/canvas/flowPieces";
import { GroupFrame } from "@/canvas/GroupFrame";
import { HeatLegend } from "@/canvas/HeatLegend";
import { LayerNode } from "@/canvas/LayerNode";
import { NoteCard } from "@/canvas/NoteCard";
import { TensorEdge } from "@/canvas/TensorEdge";
import { useConnecting } from "@/canvas/useConnecting";
import { useDropping } from "@/canvas/useDropping";
import { useFlowPieces } from "@/canvas/useFlowPieces";
import { MIN_ZOOM, useView } from "@/canvas/useView";
import { useZoomedOut } from "@/canvas/useZoomedOut";
import { indexGraph } from "@/graph/document";
import { focusNode, openDocument, openNode, pointAtLayer } from "@/stores/editor/editorStore";

const NODE_TYPES = { layer: LayerNode, note: NoteCard, frame: GroupFrame };
const EDGE_TYPES = { tensor: TensorEdge };
const SNAP: [number, number] = [8, 8];
const NO_NODES: CanvasFlowNode[] = [];
const NO_EDGES: TensorFlowEdge[] = [];

interface CanvasProps {
  /** What the outermost graph is called. */
  modelName: string;
  children?: ReactNode;
}

export function Canvas({ modelName, children }: CanvasProps) {
  const { nodes, frames, edges, onNodesChange, onEdgesChange } = useFlowPieces();
  const connecting = useConnecting();
  const dropping = useDropping();
  const colorMode = useComputedColorScheme("light");
  const [hasMap, setHasMap] = useState(false);
  const [isMoving, setMoving] = useState(false);
  const showAll = useView();
  const isMany = nodes.length > MANY_NODES;
  // Before the view is set, nobody knows which of many nodes will be seen.
  const [isPlaced, setPlaced] = useState(false);
  const isFar = useZoomedOut() && isMany;
  const isDrawn = !isFar && (isPlaced || !isMany);
  const drawn = useMemo((): CanvasFlowNode[] => [...frames, ...nodes], [frames, nodes]);
  const pick = usePicking();
  return (
    <section className={classes.canvas} aria-label="Canvas" data-moving={isMoving || undefined} {...dropping}>
      <ReactFlow<CanvasFlowNode, TensorFlowEdge>
        nodes={isDrawn ? drawn : NO_NODES}
        edges={isDrawn ? edges : NO_EDGES}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        {...connecting}
        onNodeDoubleClick={openClicked}
        onNodeMouseEnter={pointAtNode}
        onNodeMouseLeave={pointAtNothing}
        onPaneClick={isFar ? pick : undefined}
        onMoveStart={() => setMoving(true)}
        onMoveEnd={() => setMoving(false)}
        colorMode={colorMode}
        onInit={() => {
          showAll(0);
          setPlaced(true);
        }}
        minZoom={MIN_ZOOM}
        maxZoom={2}
        snapToGrid
        snapGrid={SNAP}
        connectionRadius={28}
        selectionMode={SelectionMode.Partial}
        deleteKeyCode={null}
        zoomOnDoubleClick={false}
        onlyRenderVisibleElements={isMany}
        elevateNodesOnSelect={false}
      >
        {isFar ? <FarLayer /> : <Paper />}
        <CanvasControls hasMap={hasMap} onMap={setHasMap} onFitView={showAll} />
        <Breadcrumbs modelName={modelName} />
        <HeatLegend />
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

const openClicked: NodeMouseHandler<CanvasFlowNode> = (_, { id, type }) => {
  if (type === "layer") openNode(id);
};

const pointAtNode: NodeMouseHandler<CanvasFlowNode> = (_, { id }) => {
  const { nodes, calls } = indexGraph(openDocument().graph);
  const layerId = nodes.get(id)?.layer;
  if (layerId !== undefined && (calls.get(layerId)?.length ?? 0) > 1) pointAtLayer(layerId);
};

function pointAtNothing(): void {
  pointAtLayer(null);
}

/** A click into the picture of a large graph leads to the node that is there. */
function usePicking() {
  const { screenToFlowPosition } = useReactFlow();
  return useCallback(
    ({ clientX, clientY }: MouseEvent) => {
      const place = screenToFlowPosition({ x: clientX, y: clientY }, { snapToGrid: false });
      const nodeId = nodeAt(openDocument(), place);
      if (nodeId !== undefined) focusNode(nodeId);
    },
    [screenToFlowPosition],
  );
}
