/** One click that mends an issue: one step for undo where the drawing changes. */
import type { Fix, RunConfig } from "@/api/types";
import { applyFix } from "@/graph/fixes";
import { currentDocument, editDocument } from "@/stores/editor/editorStore";
import { notifyRefusal } from "@/ui/notifications";

/** Carries a fix out. Returns the training settings after it; null where it does not apply any more. */
export function carryOut(fix: Fix, training: RunConfig): RunConfig | null {
  const { graph } = currentDocument();
  const changed = applyFix({ graph, training }, fix);
  if (changed === null) return refuse(fix);
  if (changed.graph !== graph) editDocument((document) => ({ ...document, graph: changed.graph }));
  return changed.training;
}

/** Carries out a fix that changes the drawing alone. */
export function mendGraph(fix: Fix): void {
  const { graph } = currentDocument();
  const changed = applyFix({ graph }, fix);
  if (changed === null) refuse(fix);
  else editDocument((document) => ({ ...document, graph: changed.graph }));
}

function refuse(fix: Fix): null {
  notifyRefusal(fix.label, "The drawing has changed since this was found. Wait for the next check.");
  return null;
}
