/** The messages of the WebSocket `/api/stream`, the counterpart of server/schemas/stream.py. */
import type { RunEvent, RunPublic } from "@/api/events";

export type Command =
  | { type: "subscribe"; run_id: string; after: number }
  | { type: "unsubscribe"; run_id: string }
  | { type: "subscribe_runs" };

export interface EventsNotification {
  type: "events";
  run_id: string;
  events: readonly RunEvent[];
}

export interface RunNotification {
  type: "run";
  run: RunPublic;
}

export interface RunDeletedNotification {
  type: "run_deleted";
  run_id: string;
}

export interface ErrorNotification {
  type: "error";
  detail: string;
  run_id?: string | null;
}

export type Notification = EventsNotification | RunNotification | RunDeletedNotification | ErrorNotification;

const TYPES: ReadonlySet<unknown> = new Set<Notification["type"]>(["events", "run", "run_deleted", "error"]);

/** The notification in a message, or null for what this page does not know (a newer server may say more). */
export function parseNotification(text: string): Notification | null {
  const value: unknown = JSON.parse(text);
  return isNotification(value) ? value : null;
}

function isNotification(value: unknown): value is Notification {
  return typeof value === "object" && value !== null && "type" in value && TYPES.has(value.type);
}
