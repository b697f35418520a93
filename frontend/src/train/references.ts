/** Keras objects in a config, by name or by class and config, and the catalogue's entries that they mean. */
import type { Entry, KerasObject } from "@/api/types";

export type Reference = string | KerasObject;

export function nameOf(reference: Reference): string {
  return typeof reference === "string" ? reference : reference.class_name;
}

export function configOf(reference: Reference): KerasObject["config"] {
  return typeof reference === "string" ? {} : reference.config;
}

/** The entry that a name means: Keras takes `categorical_hinge` for `CategoricalHinge`. */
export function findEntry(entries: readonly Entry[], name: string): Entry | undefined {
  const wanted = fold(name);
  return entries.find((entry) =>
    [entry.class_name, ...entry.aliases].some((known) => fold(known) === wanted),
  );
}

function fold(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

/** A new object of a class, with its required arguments filled. */
export function makeReference(entry: Entry): Reference {
  return Object.keys(entry.example).length === 0
    ? entry.class_name
    : { class_name: entry.class_name, config: entry.example };
}

export function isReference(value: unknown): value is Reference {
  return (
    typeof value === "string" ||
    (typeof value === "object" && value !== null && "class_name" in value && "config" in value)
  );
}
