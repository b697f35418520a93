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
  return [...leaks.map(describeLeak), ...parts.map(describeCopies)];
}

function describeLeak({ part, source, samples, leaked, contradictions, examples }: Leak): Finding {
  if (leaked === 0)
    return { text: `No ${part} sample is also in the ${source} part.`, isClean: true, examples };
  const verb = leaked === 1 ? "is" : "are";
  const text = `${formatInteger(leaked)} of ${formatCount(samples, `${part} sample`)} ${verb} also in the ${source} part`;
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
