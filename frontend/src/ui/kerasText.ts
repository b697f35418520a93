/** Keras objects of a config as one line of text, written as one would in Python. */
import type { KerasObject, RunConfig } from "@/api/types";

type Reference = string | KerasObject;

/** `adam`, or `Adam(learning_rate=0.01)`. */
export function writeReference(reference: Reference): string {
  if (typeof reference === "string") return reference;
  const settings = Object.entries(reference.config).map(([name, value]) => `${name}=${writeValue(value)}`);
  return `${reference.class_name}(${settings.join(", ")})`;
}

/** A loss or metrics setting: one, a list, or one per output by name. */
export function writeReferences(
  value:
    | RunConfig["compile"]["loss"]
    | RunConfig["compile"]["metrics"]
    | readonly number[]
    | Record<string, number>,
): string {
  if (typeof value === "string" || isReference(value)) return writeReference(value);
  if (Array.isArray(value)) return value.map(writeMember).join(", ");
  return Object.entries(value)
    .map(([output, member]) => `${output}: ${writeMember(member)}`)
    .join(", ");
}

function writeMember(member: unknown): string {
  if (member === null) return "none";
  if (Array.isArray(member)) return `[${member.map(writeMember).join(", ")}]`;
  return isReference(member) ? writeReference(member) : String(member);
}

function isReference(value: unknown): value is KerasObject {
  return typeof value === "object" && value !== null && "class_name" in value && "config" in value;
}

function writeValue(value: unknown): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return isReference(value) ? writeReference(value) : JSON.stringify(value);
}
