/** A tensor on its way between two calls, labelled with its shape and, where the call takes a list, its place in it. */
import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getBezierPath } from "@xyflow/react";
import { memo } from "react";
import type { TensorFlowEdge } from "@/canvas/flowPieces";
import classes from "@/canvas/TensorEdge.module.css";
import { useZoomedOut } from "@/canvas/useZoomedOut";
import { NODE_SIZE } from "@/graph/arrange";
import { formatShape } from "@/graph/shapes";
import { useEditor } from "@/stores/editor/editorStore";

const STEP_BESIDE = 20;
const ABOVE_END = 13;

export const TensorEdge = memo(function TensorEdge(edge: EdgeProps<TensorFlowEdge>) {
  const { id, source, data, selected } = edge;
  const tensor = useEditor((state) => state.open.check?.nodes[source]?.outputs[data?.output ?? 0]);
  const isFaulty = useEditor((state) => state.open.issues.byEdge.has(id));
  const isSmall = useZoomedOut();
  const targetX = edge.targetX + stepAside(data);
  const [path, labelX, labelY] = getBezierPath({ ...edge, targetX });
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        className={classes.edge}
        interactionWidth={isSmall ? 0 : 18}
        style={isFaulty && !selected ? { stroke: "var(--mantine-color-red-6)" } : undefined}
      />
      {!isSmall && (tensor || data?.place != null) && (
        <EdgeLabelRenderer>
          {tensor && (
            <div className={classes.label} data-edge={id} style={placeAt(labelX, labelY)}>
              {formatShape(tensor.shape)}
            </div>
          )}
          {data?.place != null && (
            <div
              className={classes.place}
              title={`number ${data.place} of the list`}
              style={placeAt(targetX, edge.targetY - ABOVE_END)}
            >
              {data.place}
            </div>
          )}
        </EdgeLabelRenderer>
      )}
    </>
  );
});

function placeAt(x: number, y: number) {
  return { transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` };
}

/** Members of one list end side by side, in their order, so that their numbers can be read. */
function stepAside(data: TensorFlowEdge["data"]): number {
  if (data?.place == null) return 0;
  const step = Math.min(STEP_BESIDE, (NODE_SIZE.width - STEP_BESIDE) / data.count);
  return (data.place - (data.count - 1) / 2) * step;
}
