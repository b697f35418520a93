/** How a run's steps are run, in words. */
import type { PlanEvent } from "@/api/events";
import type { RunConfig } from "@/api/types";
import { formatCount, formatInteger, formatRate } from "@/ui/format/amounts";

type Plan = Pick<PlanEvent, "mode" | "steps_per_chunk" | "data"> &
  Partial<Pick<PlanEvent, "steps_per_second" | "fit_steps_per_second" | "wait_share">>;
type Wish = RunConfig["plan"];

export const MODES: Record<PlanEvent["mode"], string> = {
  graph: "Graph",
  xla: "XLA",
  step: "Step by step",
  fit: "Keras's fit",
};

export const DATA: Record<PlanEvent["data"], string> = {
  device: "data on device",
  stream: "data streamed",
};

const WHOLE = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0 });
const TIMES = new Intl.NumberFormat("en", { maximumSignificantDigits: 2 });

/** `XLA · 64 steps a chunk · data on device · 24,300 steps/s · 21 × fit`, without what is not known. */
export function describePlan(plan: Plan): string {
  return [
    MODES[plan.mode],
    isChunked(plan) && `${formatCount(plan.steps_per_chunk, "step")} a chunk`,
    plan.mode !== "fit" && DATA[plan.data],
    plan.steps_per_second != null && formatSpeed(plan.steps_per_second),
    plan.mode !== "fit" && describeGain(plan.steps_per_second, plan.fit_steps_per_second),
    plan.data === "stream" && plan.wait_share != null && `waiting for data ${describeWait(plan)}`,
  ]
    .filter(Boolean)
    .join(" · ");
}

/** `3 % of the time`: for how much of it the steps waited for their samples; null where that was not measured. */
export function describeWait(plan: Pick<Plan, "wait_share" | "data">): string | null {
  if (plan.wait_share == null) return null;
  if (plan.data === "device") return "never: the samples lie on the device";
  if (plan.wait_share < 0.01) return "less than 1 % of the time";
  return `${WHOLE.format(plan.wait_share).replace("%", " %")} of the time`;
}

/** From a hundred a second on, whole steps. */
export function formatSpeed(stepsPerSecond: number): string {
  const rounded = stepsPerSecond >= 100 ? Number(stepsPerSecond.toPrecision(3)) : stepsPerSecond;
  return rounded >= 100 ? `${formatInteger(rounded)} steps/s` : formatRate(stepsPerSecond, "step");
}

/** `21 × fit`; null where either was not measured. */
export function describeGain(own: number | null | undefined, fit: number | null | undefined): string | null {
  if (own == null || fit == null || fit <= 0) return null;
  const times = own / fit;
  return `${times >= 10 ? formatInteger(Math.round(times)) : TIMES.format(times)} × fit`;
}

/** What a config asks for: `measured`, `Keras's fit`, or a pinned plan. */
export function describeWish(wish: Wish): string {
  if (wish === "auto") return "the fastest, measured";
  if (wish === "fit") return MODES.fit;
  return [
    MODES[wish.mode],
    wish.steps_per_chunk != null && `${formatCount(wish.steps_per_chunk, "step")} a chunk`,
    wish.data != null && DATA[wish.data],
  ]
    .filter(Boolean)
    .join(" · ");
}

function isChunked({ mode }: Plan): boolean {
  return mode === "graph" || mode === "xla";
}
