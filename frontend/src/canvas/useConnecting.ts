/** Drawing an edge: from an output to an argument's handle, or to anywhere on the node that should take it. */
import type { Connection, IsValidConnection, OnConnect, OnConnectEnd } from "@xyflow/react";
import { useCallback } from "react";
import type { TensorFlowEdge } from "@/canvas/flowPieces";
import { connectNodes } from "@/stores/editor/actions";

export function useConnecting() {
  const onConnect: OnConnect = useCallback((connection: Connection) => {
    connectNodes(
      { node: connection.source, output: Number(connection.sourceHandle ?? 0) },
      { node: connection.target, argument: connection.targetHandle ?? undefined },
    );
  }, []);

  const onConnectEnd: OnConnectEnd = useCallback((event, state) => {
    const { fromNode, fromHandle, toHandle } = state;
    if (toHandle || !fromNode || fromHandle?.type !== "source") return;
    const target = findNodeUnder(event);
    if (!target || target === fromNode.id) return;
    connectNodes({ node: fromNode.id, output: Number(fromHandle.id ?? 0) }, { node: target });
  }, []);

  return { onConnect, onConnectEnd, isValidConnection };
}

/** A node cannot feed itself; longer circles can be drawn, and the check then says which edge closes them. */
const isValidConnection: IsValidConnection<TensorFlowEdge> = ({ source, target }) => source !== target;

function findNodeUnder(event: MouseEvent | TouchEvent): string | null {
  const point = "changedTouches" in event ? event.changedTouches[0] : event;
  if (!point) return null;
  const element = document.elementFromPoint(point.clientX, point.clientY);
  return element?.closest(".react-flow__node")?.getAttribute("data-id") ?? null;
}
