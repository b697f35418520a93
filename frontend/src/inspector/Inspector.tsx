/** What is chosen on the canvas, and everything about it that can be changed. */
import { findLayerOf } from "@/graph/document";
import { EdgePanel } from "@/inspector/EdgePanel";
import { LayerPanel } from "@/inspector/LayerPanel";
import { ModelPanel } from "@/inspector/ModelPanel";
import { SelectionPanel } from "@/inspector/SelectionPanel";
import { useEditor } from "@/stores/editor/editorStore";

export function Inspector() {
  const selectedNodes = useEditor((state) => state.selectedNodes);
  const selectedEdges = useEditor((state) => state.selectedEdges);
  const [nodeId] = selectedNodes;
  const [edgeId] = selectedEdges;
  const layer = useEditor((state) =>
    nodeId === undefined ? undefined : findLayerOf(state.history.present.graph, nodeId),
  );
  const count = selectedNodes.size + selectedEdges.size;
  if (nodeId !== undefined && layer && selectedNodes.size === 1) {
    return <LayerPanel key={nodeId} nodeId={nodeId} layer={layer} />;
  }
  if (edgeId !== undefined && count === 1) return <EdgePanel key={edgeId} edgeId={edgeId} />;
  return count === 0 ? <ModelPanel /> : <SelectionPanel />;
}
