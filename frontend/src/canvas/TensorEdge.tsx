/** A tensor on its way between two calls, labelled with its shape. */
import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getBezierPath } from "@xyflow/react";
import { memo } from "react";
import type { TensorFlowEdge } from "@/canvas/flowPieces";
import classes from "@/canvas/TensorEdge.module.css";
import { useZoomedOut } from "@/canvas/useZoomedOut";
import { formatShape } from "@/graph/shapes";
import { useEditor } from "@/stores/editor/editorStore";

export const TensorEdge = memo(function TensorEdge(edge: EdgeProps<TensorFlowEdge>) {
  const { id, source, data, selected } = edge;
  const tensor = useEditor((state) => state.check?.nodes[source]?.outputs[data?.output ?? 0]);
  const isFaulty = useEditor((state) => state.issues.byEdge.has(id));
  const isSmall = useZoomedOut();
  const [path, labelX, labelY] = getBezierPath(edge);
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        className={classes.edge}
        interactionWidth={isSmall ? 0 : 18}
        style={isFaulty && !selected ? { stroke: "var(--mantine-color-red-6)" } : undefined}
      />
      {tensor && !isSmall && (
        <EdgeLabelRenderer>
          <div
            className={classes.label}
            data-edge={id}
            style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}
          >
            {formatShape(tensor.shape)}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
});
