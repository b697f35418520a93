/** The parts of a run's data that a model can be evaluated on. */
import type { RunConfig, RunEvaluation, Split } from "@/api/types";
import { formatInteger } from "@/ui/format/amounts";

export type Splits = RunEvaluation["splits"];

interface SplitChoice {
  readonly value: Split;
  readonly label: string;
}

const LABELS: Record<Split, string> = {
  training: "Training",
  validation: "Validation",
  test: "Test",
  out_of_fold: "Out of fold",
};
const ORDER: readonly Split[] = ["validation", "out_of_fold", "test", "training"];

/**
 * What says most comes first. `known` are the sizes, once an evaluation has told them; until then a run's parts follow
 * from its config, and from whether its data set keeps samples apart for the test.
 */
export function listSplits(
  config: RunConfig | null,
  known: Splits | undefined,
  hasTestPart: boolean,
): SplitChoice[] {
  if (known !== undefined)
    return ORDER.flatMap((value) => {
      const found = known.find(({ split }) => split === value);
      return found ? [{ value, label: `${LABELS[value]} (${formatInteger(found.samples)})` }] : [];
    });
  const split = config?.data.split;
  const isValidated =
    (config?.fit?.validation_split ?? 0) > 0 || config?.data.validation != null || split != null;
  const isTested = hasTestPart || (split != null && "test" in split && split.test > 0);
  const there: Record<Split, boolean> = {
    training: true,
    validation: isValidated,
    test: isTested,
    out_of_fold: split?.kind === "k_fold",
  };
  const guessed = ORDER.filter((one) => there[one]);
  return guessed.map((value) => ({ value, label: LABELS[value] }));
}

/** What can be evaluated: the models of `all` folds, of `one` only where its checkpoint is chosen, or a single model. */
export type FoldsAtHand = "all" | "one" | "none";

/** The parts that an evaluation can be of: all folds cannot be where only one of them is at hand. */
export function offerSplits(splits: readonly SplitChoice[], folds: FoldsAtHand) {
  return splits.flatMap((one) => {
    if (one.value !== "out_of_fold" || folds === "all") return [{ ...one, disabled: false }];
    if (folds === "none") return [];
    return [{ ...one, label: `${LABELS.out_of_fold}: takes the best or last`, disabled: true }];
  });
}

/** The split as the end of a sentence. */
export function nameSplit(split: Split): string {
  return split === "out_of_fold" ? "every fold's own samples" : `the ${split} data`;
}
