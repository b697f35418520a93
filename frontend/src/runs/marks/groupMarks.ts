/** Thins marks out: those that would cover one another share one sign. */
import type { MarkEvent } from "@/api/events";
import { RANKS } from "@/runs/marks/kinds";

export interface PlacedMark {
  /** On the axis: updates done, or epochs. */
  readonly x: number;
  readonly mark: MarkEvent;
}

export interface MarkGroup {
  /** In pixels: the place of the most important one. */
  readonly left: number;
  readonly lead: MarkEvent;
  /** In the order of the axis. */
  readonly marks: readonly MarkEvent[];
}

/** Groups marks that are closer than `gap` pixels; `place` says where a value of the axis is drawn. */
export function groupMarks(
  placed: readonly PlacedMark[],
  place: (x: number) => number,
  gap: number,
): MarkGroup[] {
  const byPlace = placed
    .map(({ x, mark }) => ({ left: place(x), mark }))
    .sort((a, b) => a.left - b.left || a.mark.seq - b.mark.seq);
  const groups: (typeof byPlace)[] = [];
  for (const one of byPlace) {
    const open = groups.at(-1);
    const first = open?.[0];
    if (open !== undefined && first !== undefined && one.left - first.left < gap) open.push(one);
    else groups.push([one]);
  }
  return groups.map(toGroup);
}

function toGroup(members: readonly { left: number; mark: MarkEvent }[]): MarkGroup {
  const lead = members.reduce((best, one) => (RANKS[one.mark.kind] < RANKS[best.mark.kind] ? one : best));
  return { left: lead.left, lead: lead.mark, marks: members.map(({ mark }) => mark) };
}

/** Where marks stand on a chart whose x counts updates, or epochs. Never before the first point of a curve. */
export function placeMarks(
  marks: readonly MarkEvent[],
  axis: "step" | "epoch",
  { stepsPerEpoch, initialEpoch }: { stepsPerEpoch: number | null; initialEpoch: number },
): PlacedMark[] {
  const place = ({ step, epoch }: MarkEvent): number => {
    if (axis === "step") return Math.max(1, step);
    const reached = stepsPerEpoch === null ? epoch + 1 : initialEpoch + step / stepsPerEpoch;
    return Math.max(initialEpoch + 1, reached);
  };
  return marks.map((mark) => ({ x: place(mark), mark }));
}
