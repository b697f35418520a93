/** Keras objects in a config, by name or by class and config, and the catalogue's entries that they mean. */
import type { Entry, KerasObject, RunConfig } from "@/api/types";

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

/** The loss where it is one for all outputs; null where each output has its own (which the form cannot show). */
export function singleLoss(loss: RunConfig["compile"]["loss"]): Reference | null {
  return isReference(loss) ? loss : null;
}

/** The metrics where they are one plain list; null where outputs have their own. */
export function plainMetrics(metrics: RunConfig["compile"]["metrics"]): readonly Reference[] | null {
  if (!isList(metrics)) return null;
  const plain = metrics.filter(isReference);
  return plain.length === metrics.length ? plain : null;
}

function isList(
  metrics: RunConfig["compile"]["metrics"],
): metrics is Extract<typeof metrics, readonly unknown[]> {
  return Array.isArray(metrics);
}

function isReference(value: unknown): value is Reference {
  return (
    typeof value === "string" ||
    (typeof value === "object" && value !== null && "class_name" in value && "config" in value)
  );
}
