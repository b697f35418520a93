/** The ways of dividing a data set, across which leaks are looked for. */
import type { StoredSplitInfo } from "@/api/splits";
import { describeSplit, type Split } from "@/ui/runs/describeValidation";

export interface Sides {
  readonly value: string;
  readonly label: string;
  readonly split: Split | null;
}

/** The training form's way first, then those that are stored; always also only the parts that the data set has itself. */
export function listSides(training: Split | null, stored: readonly StoredSplitInfo[]): Sides[] {
  const named = stored.map(({ name }): Split => ({ kind: "stored", name }));
  const isStored = training?.kind === "stored" && stored.some(({ name }) => name === training.name);
  const first = training === null ? [] : [training];
  const others = named.filter((one) => !isStored || !("name" in one) || one.name !== training.name);
  const whole: Sides = { value: "", label: "its own parts only", split: null };
  const divided = [...first, ...others].map((split) => ({
    value: JSON.stringify(split),
    label: split === training ? `this training: ${describeSplit(split)}` : describeSplit(split),
    split,
  }));
  return training === null ? [whole, ...divided] : [...divided, whole];
}
