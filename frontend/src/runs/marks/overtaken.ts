/** Which marks still hold: going on from an earlier checkpoint overtakes what had happened since. */
import type { MarkEvent } from "@/api/events";

/** The numbers of the marks after whose step the run began again. */
export function findOvertaken(marks: readonly MarkEvent[]): ReadonlySet<number> {
  const overtaken = new Set<number>();
  let earliest = Number.POSITIVE_INFINITY;
  // From the newest back: a mark is overtaken where a later one tells of going on from an earlier step.
  for (const mark of [...marks].sort((a, b) => b.seq - a.seq)) {
    if (mark.step > earliest) overtaken.add(mark.seq);
    if (mark.kind === "resumed") earliest = Math.min(earliest, mark.step);
  }
  return overtaken;
}

/** What belongs on the curve: what holds, and of the best values of one source only the last. */
export function pickForChart(marks: readonly MarkEvent[]): MarkEvent[] {
  const overtaken = findOvertaken(marks);
  const holding = marks.filter(({ seq }) => !overtaken.has(seq));
  const lastBest = new Map(
    holding.filter(({ kind }) => kind === "best").map((mark) => [mark.source, mark.seq]),
  );
  return holding.filter(({ kind, source, seq }) => kind !== "best" || lastBest.get(source) === seq);
}

/** Of the best values that follow one another with nothing between, the last of each source: the others are no news. */
export function foldBest(marks: readonly MarkEvent[]): MarkEvent[] {
  const later = new Set<string>();
  return marks
    .toReversed()
    .filter(({ kind, source }) => {
      if (kind !== "best") later.clear();
      const known = later.has(source);
      if (kind === "best") later.add(source);
      return !known;
    })
    .reverse();
}
