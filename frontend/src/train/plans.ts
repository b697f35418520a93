/** The plan of a config: left open, Keras's own loop, or pinned. */
import type { RunConfig } from "@/api/types";

export type Plan = RunConfig["plan"];
export type Pinned = Exclude<Plan, string>;
export type PlanChoice = Pinned["mode"] | "auto" | "fit";

export function modeOf(plan: Plan): PlanChoice {
  return typeof plan === "string" ? plan : plan.mode;
}

/** A plan of another mode keeps what was pinned besides; a chunk is more than one step, so `step` has none. */
export function choosePlan(mode: PlanChoice, before: Pinned | null): Plan {
  if (mode === "auto" || mode === "fit") return mode;
  const steps_per_chunk = mode === "step" ? null : (before?.steps_per_chunk ?? null);
  return { mode, steps_per_chunk, data: before?.data ?? null };
}
