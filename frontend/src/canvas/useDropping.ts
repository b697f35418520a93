/** Dropping a layer from the palette adds it where the pointer is or, over an edge, between the nodes that it connects. */
import { useReactFlow } from "@xyflow/react";
import { type DragEvent, useCallback } from "react";
import { NODE_SIZE } from "@/graph/arrange";
import { addFromPalette, addOnEdge } from "@/stores/editor/actions";
import { findEntryByKey } from "@/stores/editor/entries";
import { carriesLayer, readDraggedLayer } from "@/ui/layerDrag";

export function useDropping() {
  const { screenToFlowPosition } = useReactFlow();
  const onDragOver = useCallback((event: DragEvent) => {
    if (!carriesLayer(event.dataTransfer)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    markEdge(findEdgeUnder(event));
  }, []);
  const onDragLeave = useCallback(() => markEdge(null), []);
  const onDrop = useCallback(
    (event: DragEvent) => {
      markEdge(null);
      const entry = findEntryByKey(readDraggedLayer(event.dataTransfer) ?? "");
      if (!entry) return;
      event.preventDefault();
      const { x, y } = screenToFlowPosition({ x: event.clientX, y: event.clientY });
      const place = { x: x - NODE_SIZE.width / 2, y: y - NODE_SIZE.height / 2 };
      const edgeId = findEdgeUnder(event)?.getAttribute("data-id");
      if (!edgeId || !addOnEdge(entry, edgeId, place)) addFromPalette(entry, place);
    },
    [screenToFlowPosition],
  );
  return { onDragOver, onDragLeave, onDrop };
}

function findEdgeUnder({ clientX, clientY }: DragEvent): Element | null {
  return document.elementFromPoint(clientX, clientY)?.closest(".react-flow__edge") ?? null;
}

const MARK = "data-drop";
let marked: Element | null = null;

/** Shows which edge would take the layer; straight on the element, because a drag reports its place all the time. */
function markEdge(edge: Element | null): void {
  if (edge === marked) return;
  marked?.removeAttribute(MARK);
  edge?.setAttribute(MARK, "");
  marked = edge;
}
