/** What a model is validated on, in words. */
import type { RunConfig } from "@/api/types";
import { formatPercent } from "@/ui/format/amounts";

export type Split = NonNullable<RunConfig["data"]["split"]>;
export type SplitKind = Split["kind"];
export type SplitOf<Kind extends SplitKind> = Extract<Split, { kind: Kind }>;
export type FoldVariant = SplitOf<"k_fold">["variant"];

export const KIND_LABELS: Record<Exclude<SplitKind, "stored">, string> = {
  holdout: "By chance",
  stratified: "By chance, class by class",
  grouped: "Whole groups by chance",
  time: "The latest samples",
  k_fold: "K folds, each in turn",
};

export const VARIANT_LABELS: Record<FoldVariant, string> = {
  plain: "Samples",
  stratified: "Samples, class by class",
  grouped: "Whole groups",
  stratified_grouped: "Whole groups, class by class",
  time: "One after the other in time",
};

/** What validates, in a few words for a list of facts. */
export function describeValidation({ fit, data }: Pick<RunConfig, "fit" | "data">): string {
  const { split, validation } = data;
  if (validation)
    return validation.part ? `${validation.dataset}, ${validation.part} part` : validation.dataset;
  if (!split)
    return fit.validation_split > 0
      ? `the last ${formatPercent(fit.validation_split)} of the samples`
      : "none";
  return describeSplit(split);
}

/** How the samples are divided, in a few words. */
export function describeSplit(split: Split): string {
  if (split.kind === "stored") return `stored split ${split.name}`;
  if (split.kind === "k_fold") {
    const repeated = split.repeats > 1 ? `, ${split.repeats} times` : "";
    return `${split.folds} folds${repeated} (${VARIANT_LABELS[split.variant].toLowerCase()})`;
  }
  if (split.kind === "holdout" && !split.shuffle)
    return `the last ${formatPercent(split.validation)} of the samples`;
  return `${formatPercent(split.validation)}: ${KIND_LABELS[split.kind].toLowerCase()}`;
}
