/** What an empty canvas says: how to begin. */
import { IconStack2 } from "@tabler/icons-react";
import classes from "@/app/editor/Editor.module.css";
import { useEditor } from "@/stores/editor/editorStore";
import { EmptyState } from "@/ui/EmptyState";

export function EmptyCanvasHint() {
  const isEmpty = useEditor((state) => state.open.document.graph.nodes.length === 0);
  if (!isEmpty) return null;
  return (
    <div className={classes.hint}>
      <EmptyState icon={<IconStack2 />} title="Draw your model here">
        Begin with an InputLayer from the list on the left: drag it here, or click it. Then add layers below
        it and connect them by dragging from the dot under one node to the dot above the next.
      </EmptyState>
    </div>
  );
}
