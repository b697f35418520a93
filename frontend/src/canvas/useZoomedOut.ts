/** Whether the drawing is shown so small that only names and colours can be told apart. */
import { type ReactFlowState, useStore } from "@xyflow/react";

const READABLE_ZOOM = 0.35;

function isZoomedOut({ transform }: ReactFlowState): boolean {
  return transform[2] < READABLE_ZOOM;
}

/** Large drawings are shown whole at first: leaving out what nobody can read then keeps them fast. */
export function useZoomedOut(): boolean {
  return useStore(isZoomedOut);
}
