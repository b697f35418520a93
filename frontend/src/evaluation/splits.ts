/** The parts of a run's data that a model can be evaluated on. */
import type { RunConfig, RunEvaluation, Split } from "@/api/types";
import { formatInteger } from "@/ui/format/amounts";

export type Splits = RunEvaluation["splits"];

interface SplitChoice {
  readonly value: Split;
  readonly label: string;
}

const LABELS: Record<Split, string> = { training: "Training", validation: "Validation", test: "Test" };
const ORDER: readonly Split[] = ["validation", "test", "training"];

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
  const guessed = ORDER.filter(
    (one) => one === "training" || (one === "validation" && isValidated) || (one === "test" && isTested),
  );
  return guessed.map((value) => ({ value, label: LABELS[value] }));
}
