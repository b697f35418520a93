/** A tensor on its way between two calls, labelled with its shape. */
import { BaseEdge, type EdgeProps, getBezierPath } from "@xyflow/react";
import { memo } from "react";
import type { TensorFlowEdge } from "@/canvas/flowPieces";
import classes from "@/canvas/TensorEdge.module.css";
import { formatShape } from "@/graph/shapes";
import { useEditor } from "@/stores/editor/editorStore";

export const TensorEdge = memo(function TensorEdge(edge: EdgeProps<TensorFlowEdge>) {
  const { id, source, data, selected } = edge;
  const tensor = useEditor((state) => state.check?.nodes[source]?.outputs[data?.output ?? 0]);
  const isFaulty = useEditor((state) => state.issues.byEdge.has(id));
  const [path, labelX, labelY] = getBezierPath(edge);
  return (
    <BaseEdge
      id={id}
      path={path}
      className={classes.edge}
      interactionWidth={18}
      label={tensor && formatShape(tensor.shape)}
      labelX={labelX}
      labelY={labelY}
      labelBgPadding={[6, 3]}
      labelBgBorderRadius={5}
      labelBgStyle={{ fill: "var(--edge-label-background)" }}
      labelStyle={{
        fill: "var(--mantine-color-dimmed)",
        fontFamily: "var(--mantine-font-family-monospace)",
        fontSize: 10.5,
      }}
      style={isFaulty && !selected ? { stroke: "var(--mantine-color-red-6)" } : undefined}
    />
  );
});
