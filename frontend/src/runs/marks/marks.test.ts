import { describe, expect, it } from "vitest";
import type { MarkEvent } from "@/api/events";
import { nameSource, readMessage } from "@/runs/marks/describeMark";
import { groupMarks, placeMarks } from "@/runs/marks/groupMarks";
import { findOvertaken, foldBest, pickForChart } from "@/runs/marks/overtaken";

function mark(seq: number, kind: MarkEvent["kind"], step: number, source = "run"): MarkEvent {
  return {
    type: "mark",
    seq,
    time: "2026-01-01T00:00:00Z",
    kind,
    source,
    message: `${source}: something`,
    epoch: 0,
    step,
    values: {},
  };
}

const SAME = (x: number): number => x;

describe("findOvertaken", () => {
  it("finds what happened after the step from which the run went on", () => {
    const marks = [mark(1, "best", 10), mark(2, "best", 30), mark(3, "resumed", 20), mark(4, "best", 25)];
    expect([...findOvertaken(marks)]).toEqual([2]);
  });

  it("leaves a pause and its end alone: nothing was repeated", () => {
    expect(findOvertaken([mark(1, "paused", 10), mark(2, "resumed", 10)]).size).toBe(0);
  });

  it("knows of every attempt", () => {
    const marks = [mark(1, "saved", 50), mark(2, "resumed", 40), mark(3, "saved", 45), mark(4, "resumed", 5)];
    expect([...findOvertaken(marks)].sort()).toEqual([1, 2, 3]);
  });
});

describe("pickForChart", () => {
  it("shows only the last of a source's best values", () => {
    const marks = [
      mark(1, "best", 1, "EarlyStopping"),
      mark(2, "best", 2, "ModelCheckpoint"),
      mark(3, "best", 3, "EarlyStopping"),
      mark(4, "paused", 3),
    ];
    expect(pickForChart(marks).map(({ seq }) => seq)).toEqual([2, 3, 4]);
  });
});

describe("foldBest", () => {
  it("tells of one best value of a source until something else happens", () => {
    const marks = [
      mark(1, "best", 1, "EarlyStopping"),
      mark(2, "best", 2, "ModelCheckpoint"),
      mark(3, "best", 3, "EarlyStopping"),
      mark(4, "paused", 3),
      mark(5, "best", 4, "EarlyStopping"),
      mark(6, "saved", 5),
      mark(7, "saved", 6),
    ];
    expect(foldBest(marks).map(({ seq }) => seq)).toEqual([2, 3, 4, 5, 6, 7]);
  });
});

describe("groupMarks", () => {
  it("gives marks that would cover one another the sign of the most important", () => {
    const placed = [mark(1, "saved", 100), mark(2, "not_finite", 104), mark(3, "paused", 140)].map((one) => ({
      x: one.step,
      mark: one,
    }));
    const groups = groupMarks(placed, SAME, 16);
    expect(groups.map(({ left, lead, marks }) => [left, lead.kind, marks.length])).toEqual([
      [104, "not_finite", 2],
      [140, "paused", 1],
    ]);
  });

  it("draws no more signs than have room, however many there are", () => {
    const placed = Array.from({ length: 10_000 }, (_, i) => ({ x: i / 20, mark: mark(i + 1, "best", i) }));
    expect(groupMarks(placed, SAME, 16).length).toBeLessThanOrEqual(500 / 16 + 1);
  });
});

describe("placeMarks", () => {
  const run = { stepsPerEpoch: 4, initialEpoch: 0 };

  it("puts a mark at its step, or at the part of the epoch that was done", () => {
    expect(placeMarks([mark(1, "best", 6)], "step", run)[0]?.x).toBe(6);
    expect(placeMarks([mark(1, "best", 6)], "epoch", run)[0]?.x).toBe(1.5);
  });

  it("puts what happened before the first point of the curve beside it", () => {
    expect(placeMarks([mark(1, "restored", 0)], "step", run)[0]?.x).toBe(1);
    expect(placeMarks([mark(1, "restored", 0)], "epoch", { ...run, initialEpoch: 3 })[0]?.x).toBe(4);
  });
});

describe("describing a mark", () => {
  it("says who, and what without repeating who", () => {
    expect([nameSource("person"), nameSource("run"), nameSource("EarlyStopping")]).toEqual([
      "a person",
      "the run",
      "EarlyStopping",
    ]);
    expect(readMessage(mark(1, "best", 1, "EarlyStopping"))).toBe("Something");
    expect(readMessage({ ...mark(1, "paused", 1), message: "paused by a person" })).toBe(
      "Paused by a person",
    );
  });
});
