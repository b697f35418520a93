/** The metrics that the form offers, the usual ones first. */
import type { Entry } from "@/api/types";
import { findEntry, makeReference, nameOf, type Reference } from "@/train/references";

/** `accuracy` is no class: Keras takes the accuracy that fits the output. */
const COMMON = ["accuracy", "mean_absolute_error", "mean_squared_error", "AUC", "Precision", "Recall"];

export interface MetricGroup {
  readonly group: string;
  readonly items: string[];
}

/** Every name once: one that is chosen under another spelling stands for its class. */
export function listMetrics(entries: readonly Entry[], chosen: readonly Reference[]): MetricGroup[] {
  const names = chosen.map(nameOf);
  const taken = new Set([...COMMON, ...names].map((name) => findEntry(entries, name)?.class_name));
  const isChosen = (name: string): boolean => {
    const entry = findEntry(entries, name);
    return (
      entry !== undefined && names.some((other) => other !== name && findEntry(entries, other) === entry)
    );
  };
  const common = [...new Set([...COMMON.filter((name) => !isChosen(name)), ...names])];
  const others = entries.filter((entry) => !entry.unavailable && !taken.has(entry.class_name));
  return [
    { group: "Usual", items: common },
    { group: "All", items: others.map(({ class_name }) => class_name) },
  ];
}

/** The metrics with these names: a chosen one keeps its config, a new one gets its required arguments filled. */
export function pickMetrics(
  entries: readonly Entry[],
  chosen: readonly Reference[],
  names: readonly string[],
): Reference[] {
  return names.map((name) => {
    const known = chosen.find((reference) => nameOf(reference) === name);
    const entry = entries.find(({ class_name }) => class_name === name);
    return known ?? (entry === undefined ? name : makeReference(entry));
  });
}
