/** What was found of copies, in sentences. */
import type { CopyExample, DuplicateReport, Leak, PartCopies } from "@/api/ownTypes";
import { formatCount, formatInteger } from "@/ui/format/amounts";

export interface Finding {
  text: string;
  isClean: boolean;
  examples: readonly CopyExample[];
}

/** Leaks first: they make a model look better than it is. */
export function describeReport({ parts, leaks }: DuplicateReport): Finding[] {
  const clean = leaks.filter((leak) => leak.leaked === 0 && OF_FOLD.test(leak.part));
  const others = leaks.filter((leak) => !clean.includes(leak));
  return [...others.map(describeLeak), ...describeCleanFolds(clean), ...parts.map(describeCopies)];
}

/** `validation of fold 3`: the part of one model of several. */
const OF_FOLD = / of fold ([0-9]+)$/;

/** There may be very many, and nothing is to be said of each. */
function describeCleanFolds(clean: readonly Leak[]): Finding[] {
  const [first] = clean;
  if (first === undefined) return [];
  const text =
    clean.length === 1
      ? describeLeak(first).text
      : `In ${formatInteger(clean.length)} folds no validation sample is also in the training part.`;
  return [{ text, isClean: true, examples: [] }];
}

function describeLeak({ part, source, samples, leaked, contradictions, examples }: Leak): Finding {
  const [ofFold = ""] = OF_FOLD.exec(part) ?? [];
  const [side, trained] = [part.replace(OF_FOLD, ""), source.replace(OF_FOLD, "")];
  if (leaked === 0)
    return {
      text: `No ${side} sample${ofFold} is also in the ${trained} part${ofFold && " of it"}.`,
      isClean: true,
      examples,
    };
  const verb = leaked === 1 ? "is" : "are";
  const where = `${ofFold} ${verb} also in the ${trained} part${ofFold && " of it"}`;
  const text = `${formatInteger(leaked)} of ${formatCount(samples, `${side} sample`)}${where}`;
  return { text: `${text}${describeContradictions(contradictions, "there")}.`, isClean: false, examples };
}

function describeCopies({ part, samples, copies, contradictions, examples }: PartCopies): Finding {
  if (copies === 0)
    return {
      text: `None of the ${formatCount(samples, `${part} sample`)} is a copy of another.`,
      isClean: true,
      examples,
    };
  const verb = copies === 1 ? "is a copy" : "are copies";
  const text = `${formatInteger(copies)} of ${formatCount(samples, `${part} sample`)} ${verb} of earlier ones`;
  return { text: `${text}${describeContradictions(contradictions, "there")}.`, isClean: false, examples };
}

function describeContradictions(count: number, where: string): string {
  if (count === 0) return "";
  return count === 1
    ? `; one has another target ${where}`
    : `; ${formatInteger(count)} have another target ${where}`;
}

/** `test 3 = training 55`, and how many more there are. */
export function describePlaces({ places, count }: CopyExample): string {
  const shown = places.map(({ part, row }) => `${part} ${formatInteger(row)}`).join(" = ");
  return count > places.length ? `${shown} and ${formatInteger(count - places.length)} more` : shown;
}
