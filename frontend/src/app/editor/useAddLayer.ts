/** Adding a layer without dragging: at the end of a Sequential, otherwise below the chosen node, or in the middle. */
import { useReactFlow, useStoreApi } from "@xyflow/react";
import { useCallback } from "react";
import type { Entry } from "@/api/types";
import { findPlaceBeside, NODE_SIZE } from "@/graph/arrange";
import { tensorArguments } from "@/graph/document";
import { addBelow, addFromPalette, findLastOfChain } from "@/stores/editor/actions";
import { focusNode, useEditor } from "@/stores/editor/editorStore";

export function useAddLayer(): (entry: Entry) => void {
  const { screenToFlowPosition } = useReactFlow();
  const flow = useStoreApi();
  return useCallback(
    (entry: Entry) => {
      const { selectedNodes } = useEditor.getState();
      const chosen = findLastOfChain() ?? (selectedNodes.size === 1 ? [...selectedNodes][0] : undefined);
      if (chosen !== undefined && tensorArguments(entry).length > 0) {
        focusNode(addBelow(entry, chosen));
        return;
      }
      const bounds = flow.getState().domNode?.getBoundingClientRect();
      if (!bounds) return;
      const middle = screenToFlowPosition({
        x: bounds.left + bounds.width / 2,
        y: bounds.top + bounds.height / 2,
      });
      const wanted = { x: middle.x - NODE_SIZE.width / 2, y: middle.y - NODE_SIZE.height / 2 };
      addFromPalette(entry, findPlaceBeside(useEditor.getState().open.document, wanted));
    },
    [flow, screenToFlowPosition],
  );
}
