/** A run's events and the run itself, under the names that the pages use. Taken from the generated schema. */
import type { components } from "@/api/schema.gen";

type Schemas = components["schemas"];

export type MetricsPublic = Schemas["MetricsPublic"];
export type RunPublic = Schemas["RunPublic"];
export type RunEvent = Schemas["EventPage"]["items"][number];
export type SetupEvent = Extract<RunEvent, { type: "setup" }>;
export type StepsEvent = Extract<RunEvent, { type: "steps" }>;
export type EpochEvent = Extract<RunEvent, { type: "epoch" }>;
export type PlanEvent = Extract<RunEvent, { type: "plan" }>;
export type MarkEvent = Extract<RunEvent, { type: "mark" }>;
export type LogEvent = Extract<RunEvent, { type: "log" }>;
export type RunStatus = RunPublic["status"];

const FINAL: ReadonlySet<RunStatus> = new Set<RunStatus>(["finished", "failed", "stopped"]);

/** Nothing comes any more from a run of this status. */
export function isFinal(status: RunStatus): boolean {
  return FINAL.has(status);
}
