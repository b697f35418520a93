/** A mark in words. */
import type { MarkEvent } from "@/api/events";

/** Who did it: a person, the run itself, or a callback by its class name. */
export function nameSource(source: string): string {
  if (source === "person") return "a person";
  if (source === "run") return "the run";
  return source;
}

/** The message without the name of its source in front, which stands beside it. */
export function readMessage({ source, message }: MarkEvent): string {
  const prefix = `${source}: `;
  const rest = message.startsWith(prefix) ? message.slice(prefix.length) : message;
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}
