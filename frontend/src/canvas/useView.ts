/** Brings the whole drawing, or one node of it, into view. */
import { useReducedMotion } from "@mantine/hooks";
import { getViewportForBounds, type Rect, useReactFlow, useStoreApi } from "@xyflow/react";
import { useCallback, useLayoutEffect, useRef } from "react";
import { boundNodes, NODE_SIZE } from "@/graph/arrange";
import { type Document, positionOf } from "@/graph/document";
import { frameOf } from "@/graph/groups";
import { openDocument, useEditor } from "@/stores/editor/editorStore";

export const MIN_ZOOM = 0.01;
const FITTED_ZOOM = 1;
const DURATION_MS = 300;

/**
 * The places and sizes of the document are enough: React Flow's own fitting waits until every node has been drawn
 * and measured, which draws a large model once in vain.
 */
export function useView() {
  const { setViewport } = useReactFlow();
  const flow = useStoreApi();
  const isStill = useReducedMotion();
  const showNodes = useCallback(
    (nodeIds: readonly string[], padding: number, duration: number) => {
      const { width, height } = flow.getState();
      const bounds = boundsOf(openDocument(), nodeIds);
      if (!bounds || width === 0) return;
      const viewport = getViewportForBounds(bounds, width, height, MIN_ZOOM, FITTED_ZOOM, padding);
      void setViewport(viewport, isStill || duration === 0 ? undefined : { duration });
    },
    [flow, setViewport, isStill],
  );
  const showAll = useCallback(
    (duration = DURATION_MS) => {
      const { nodes, notes } = openDocument().graph;
      const all = [...nodes, ...notes].map(({ id }) => id);
      showNodes(all, 0.08, duration);
    },
    [showNodes],
  );
  const focus = useEditor((state) => state.focus);
  const shownPath = useRef(useEditor.getState().open.path);
  useLayoutEffect(() => {
    // Another graph is shown where it belongs from its first frame on: there is no way to it from the one before.
    const { path } = useEditor.getState().open;
    const duration = shownPath.current === path ? DURATION_MS : 0;
    shownPath.current = path;
    if (!focus) return;
    if (focus.nodeId === null) showAll(duration);
    else showNodes([focus.nodeId], 0.4, duration);
  }, [focus, showAll, showNodes]);
  return showAll;
}

/** The rectangle around nodes and notes, and around the frames that lie wholly among them. */
function boundsOf(document: Document, nodeIds: readonly string[]): Rect | null {
  const bounds = boundNodes(document, nodeIds);
  if (!bounds || nodeIds.length === 1) return bounds;
  const shown = new Set(nodeIds);
  return document.graph.groups
    .filter(({ nodes }) => nodes.every((id) => shown.has(id)))
    .map(({ nodes }) =>
      frameOf(
        nodes.map((id) => positionOf(document.layout, id)),
        NODE_SIZE,
      ),
    )
    .reduce<Rect>((around, frame) => (frame ? joinRects(around, frame) : around), bounds);
}

function joinRects(one: Rect, other: Rect): Rect {
  const [x, y] = [Math.min(one.x, other.x), Math.min(one.y, other.y)];
  const right = Math.max(one.x + one.width, other.x + other.width);
  const bottom = Math.max(one.y + one.height, other.y + other.height);
  return { x, y, width: right - x, height: bottom - y };
}
