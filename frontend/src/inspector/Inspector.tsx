/** What is chosen on the canvas, and everything about it that can be changed. */
import type { ReactNode } from "react";
import { findLayerOf } from "@/graph/document";
import { EdgePanel } from "@/inspector/EdgePanel";
import { GroupPanel } from "@/inspector/GroupPanel";
import { LayerPanel } from "@/inspector/LayerPanel";
import { ModelPanel } from "@/inspector/ModelPanel";
import { NotePanel } from "@/inspector/NotePanel";
import { SelectionPanel } from "@/inspector/SelectionPanel";
import { useEditor } from "@/stores/editor/editorStore";

interface InspectorProps {
  /** What is shown of a node beside its arguments: an example going through it. */
  renderExample?: (nodeId: string) => ReactNode;
}

export function Inspector({ renderExample }: InspectorProps) {
  const selectedNodes = useEditor((state) => state.selectedNodes);
  const selectedEdges = useEditor((state) => state.selectedEdges);
  const selectedGroups = useEditor((state) => state.selectedGroups);
  const selectedNotes = useEditor((state) => state.selectedNotes);
  const [nodeId] = selectedNodes;
  const [edgeId] = selectedEdges;
  const [groupId] = selectedGroups;
  const [noteId] = selectedNotes;
  const layer = useEditor((state) =>
    nodeId === undefined ? undefined : findLayerOf(state.open.document.graph, nodeId),
  );
  const marks = selectedGroups.size + selectedNotes.size;
  const count = selectedNodes.size + selectedEdges.size + marks;
  if (nodeId !== undefined && layer && selectedNodes.size === 1 && marks === 0) {
    return <LayerPanel key={nodeId} nodeId={nodeId} layer={layer} example={renderExample?.(nodeId)} />;
  }
  if (edgeId !== undefined && count === 1) return <EdgePanel key={edgeId} edgeId={edgeId} />;
  if (groupId !== undefined && count === 1) return <GroupPanel key={groupId} groupId={groupId} />;
  if (noteId !== undefined && count === 1) return <NotePanel key={noteId} noteId={noteId} />;
  return count === 0 ? <ModelPanel /> : <SelectionPanel />;
}
