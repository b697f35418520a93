/** How the samples of a data set are divided: what can be chosen, and in words. */
import type { StoredSplitInfo } from "@/api/splits";
import type { DatasetSummary } from "@/api/types";
import { formatInteger } from "@/ui/format/amounts";
import type { FoldVariant, Split, SplitKind, SplitOf } from "@/ui/runs/describeValidation";

export const KIND_HELP: Record<Exclude<SplitKind, "stored">, string> = {
  holdout: "Drawn with a seed of its own: the same samples in every run",
  stratified: "Each class has the same share on all sides",
  grouped: "No group is on two sides: the photos of one patient, say",
  time: "Trained on what was before, validated on what came after",
  k_fold: "One model for each part, which validates it while the others train it",
};

/** The arrays with one value per sample, by which it can be divided. What is named already stays in sight. */
export function listDividingArrays(dataset: DatasetSummary | undefined, present?: string | null): string[] {
  const arrays = dataset === undefined ? [] : [...dataset.inputs, ...dataset.targets];
  const names = arrays.filter(({ shape }) => shape.every((size) => size === 1)).map(({ name }) => name);
  return present == null || names.includes(present) ? names : [...names, present];
}

/** Inputs say to which group a sample belongs more often than targets. */
export function makeSplit(kind: Exclude<SplitKind, "stored">, share: number, groups: string): Split {
  const shares = { validation: share, test: 0 };
  switch (kind) {
    case "holdout":
      return { kind, ...shares, seed: 0, shuffle: true };
    case "stratified":
      return { kind, ...shares, by: null, seed: 0 };
    case "grouped":
      return { kind, ...shares, by: groups, seed: 0 };
    case "time":
      return { kind, ...shares, by: null, gap: 0 };
    case "k_fold":
      return { kind, variant: "plain", folds: 5, repeats: 1, shuffle: true, by: null, seed: 0, gap: 0 };
  }
}

/** The folds made in another way: what the way does not know is put back, so that the settings stay valid. */
export function changeVariant(
  split: SplitOf<"k_fold">,
  variant: FoldVariant,
  groups: string,
): SplitOf<"k_fold"> {
  const isGrouped = variant === "grouped" || variant === "stratified_grouped";
  const isTime = variant === "time";
  return {
    ...split,
    variant,
    by: isGrouped ? (split.by ?? groups) : null,
    gap: isTime ? split.gap : 0,
    repeats: isTime ? 1 : split.repeats,
  };
}

/** `105 train · 30 validate · 15 test`; of folds those of the first, and how many there are. */
export function writeSides({ sides }: Pick<StoredSplitInfo, "sides">): string {
  const [first] = sides;
  if (first === undefined) return "";
  const parts = [
    sides.length > 1 ? `${sides.length} models` : null,
    `${formatInteger(first.training)} train`,
    `${formatInteger(first.validation)} validate`,
    first.test > 0 ? `${formatInteger(first.test)} test` : null,
  ];
  return parts.filter(Boolean).join(" · ");
}
