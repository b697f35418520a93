/** The learning rate that a run trains with, as far as it is known, and the one that a person types. */

import { toNumber } from "@/api/number";
import type { RunConfig } from "@/api/types";
import { findOvertaken } from "@/runs/marks/overtaken";
import type { LiveRun } from "@/stores/runs/state";

/** Keras's name for it in logs and configs. */
const NAME = "learning_rate";

/** As a mark last told it, as the last epoch logged it, or as the config says; null where none of them does. */
export function findLearningRate(run: Pick<LiveRun, "marks" | "latest">, config: RunConfig): number | null {
  const overtaken = findOvertaken(run.marks);
  const told = run.marks.findLast(({ seq, values }) => NAME in values && !overtaken.has(seq))?.values[NAME];
  if (told !== undefined) return toNumber(told);
  return run.latest[NAME] ?? readConfigured(config);
}

function readConfigured({ compile: { optimizer } }: RunConfig): number | null {
  const configured = typeof optimizer === "string" ? undefined : optimizer.config[NAME];
  return typeof configured === "number" ? configured : null;
}

export type ReadRate = { readonly rate: number } | { readonly problem: string };

/** A learning rate as typed: `0.001`, `1e-4`. */
export function readRate(text: string): ReadRate {
  const typed = text.trim().replace(",", ".");
  const rate = Number(typed);
  if (typed === "" || Number.isNaN(rate)) return { problem: "Expected a number, such as 0.001 or 1e-4." };
  if (rate <= 0) return { problem: "Expected a number above 0." };
  return Number.isFinite(rate) ? { rate } : { problem: "Expected a finite number." };
}

/** Without noise of float32: `0.001`, `1e-7`. */
export function writeRate(rate: number): string {
  return String(Number(rate.toPrecision(6)));
}
