/** Adding a layer without dragging: below the chosen node and connected to it, otherwise in the middle of the canvas. */
import { useReactFlow, useStoreApi } from "@xyflow/react";
import { useCallback } from "react";
import type { Entry } from "@/api/types";
import { NODE_SIZE } from "@/graph/arrange";
import { tensorArguments } from "@/graph/document";
import { addBelow, addFromPalette } from "@/stores/editor/actions";
import { focusNode, useEditor } from "@/stores/editor/editorStore";

export function useAddLayer(): (entry: Entry) => void {
  const { screenToFlowPosition } = useReactFlow();
  const flow = useStoreApi();
  return useCallback(
    (entry: Entry) => {
      const { selectedNodes } = useEditor.getState();
      const [chosen] = selectedNodes;
      if (chosen !== undefined && selectedNodes.size === 1 && tensorArguments(entry).length > 0) {
        focusNode(addBelow(entry, chosen));
        return;
      }
      const bounds = flow.getState().domNode?.getBoundingClientRect();
      if (!bounds) return;
      const middle = screenToFlowPosition({
        x: bounds.left + bounds.width / 2,
        y: bounds.top + bounds.height / 2,
      });
      addFromPalette(entry, { x: middle.x - NODE_SIZE.width / 2, y: middle.y - NODE_SIZE.height / 2 });
    },
    [flow, screenToFlowPosition],
  );
}
