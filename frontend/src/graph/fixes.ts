/** A fix of the server, carried out on the drawing and on the training settings. */
import { applyPatch, type Operation } from "rfc6902";
import type { Fix, Graph, RunConfig } from "@/api/types";

export interface Subject {
  readonly graph: Graph;
  readonly training: RunConfig;
}

const GRAPH = "/graph/";

/** Whether the fix changes the drawing alone, so that it needs no training settings. */
export function changesOnlyGraph(fix: Fix): boolean {
  return fix.changes.every(({ path }) => path.startsWith(GRAPH));
}

/** Both as the fix leaves them: what it does not touch stays the same object. Null where it does not apply any more. */
export function applyFix<Given extends Partial<Subject>>(given: Given, fix: Fix): Given | null {
  const touches = (part: string) => fix.changes.some(({ path }) => path.startsWith(`/${part}/`));
  const changed = {
    ...given,
    ...(given.graph && touches("graph") ? { graph: structuredClone(given.graph) } : {}),
    ...(given.training && touches("training") ? { training: structuredClone(given.training) } : {}),
  };
  const faults = applyPatch(changed, fix.changes.map(toOperation)).filter((fault) => fault !== null);
  return faults.length === 0 ? changed : null;
}

function toOperation({ op, path, value }: Fix["changes"][number]): Operation {
  return op === "remove" ? { op, path } : { op, path, value: value ?? null };
}
