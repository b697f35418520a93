/** Where edges end and begin on a node: one handle per tensor argument above, one per output tensor below. */
import { Handle, Position, useUpdateNodeInternals } from "@xyflow/react";
import { useEffect, useRef } from "react";
import classes from "@/canvas/LayerNode.module.css";
import type { Socket } from "@/canvas/sockets";

function placeAt(index: number, count: number): string {
  return `${((index + 0.5) / count) * 100}%`;
}

export function InputHandles({ nodeId, slots }: { nodeId: string; slots: readonly Socket[] }) {
  useMeasuredHandles(nodeId, slots.map(({ name }) => name).join());
  return slots.map(({ name, filled, required, many }, index) => (
    <Handle
      key={name}
      id={name}
      type="target"
      position={Position.Top}
      className={classes.handle}
      data-filled={filled || undefined}
      data-optional={!required || undefined}
      style={{ left: placeAt(index, slots.length) }}
      aria-label={`Argument ${name} of ${nodeId}`}
      title={many ? `${name}: a list of tensors` : name}
    >
      {slots.length > 1 && (required || filled) && <span className={classes.handleLabel}>{name}</span>}
    </Handle>
  ));
}

export function OutputHandles({ nodeId, count }: { nodeId: string; count: number }) {
  useMeasuredHandles(nodeId, String(count));
  return Array.from({ length: count }, (_, output) => (
    <Handle
      key={placeAt(output, count)}
      id={String(output)}
      type="source"
      position={Position.Bottom}
      className={classes.handle}
      style={{ left: placeAt(output, count) }}
      aria-label={count > 1 ? `Output ${output} of ${nodeId}` : `Output of ${nodeId}`}
      title={count > 1 ? `output ${output}` : "output"}
    >
      {count > 1 && <span className={classes.handleLabel}>{output}</span>}
    </Handle>
  ));
}

/** React Flow measures a new node by itself; later it has to be told when the handles become others. */
function useMeasuredHandles(nodeId: string, handles: string): void {
  const updateNodeInternals = useUpdateNodeInternals();
  const measured = useRef(handles);
  useEffect(() => {
    if (measured.current === handles) return;
    measured.current = handles;
    updateNodeInternals(nodeId);
  }, [nodeId, handles, updateNodeInternals]);
}
