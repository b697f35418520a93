import { describe, expect, it } from "vitest";
import type { CopyExample, DuplicateReport } from "@/api/ownTypes";
import { describePlaces, describeReport } from "@/data/duplicates/words";

const REPORT: DuplicateReport = {
  dataset: "signs",
  arguments: {},
  split: null,
  looked_at: "2026-11-21T00:00:00Z",
  parts: [
    { part: "training", samples: 1080, copies: 37, contradictions: 1, examples: [] },
    { part: "test", samples: 120, copies: 0, contradictions: 0, examples: [] },
  ],
  leaks: [{ part: "test", source: "training", samples: 120, leaked: 14, contradictions: 2, examples: [] }],
};

describe("what was found of copies", () => {
  it("is said with numbers, leaks first", () => {
    expect(describeReport(REPORT).map(({ text }) => text)).toEqual([
      "14 of 120 test samples are also in the training part; 2 have another target there.",
      "37 of 1,080 training samples are copies of earlier ones; one has another target there.",
      "None of the 120 test samples is a copy of another.",
    ]);
  });

  it("is said to be clean where nothing was found", () => {
    const clean = { ...REPORT, leaks: REPORT.leaks.map((leak) => ({ ...leak, leaked: 0 })) };
    expect(describeReport(clean)[0]).toMatchObject({
      text: "No test sample is also in the training part.",
      isClean: true,
    });
  });

  it("is said once of all folds that are clean, and fold by fold of the others", () => {
    const leak = (fold: number, leaked: number) => ({
      part: `validation of fold ${fold}`,
      source: `training of fold ${fold}`,
      samples: 38,
      leaked,
      contradictions: 0,
      examples: [],
    });
    const folds = { ...REPORT, parts: [], leaks: [leak(1, 0), leak(2, 3), leak(3, 0)] };
    expect(describeReport(folds).map(({ text }) => text)).toEqual([
      "3 of 38 validation samples of fold 2 are also in the training part of it.",
      "In 2 folds no validation sample is also in the training part.",
    ]);
    expect(describeReport({ ...folds, leaks: [leak(1, 0)] })[0]?.text).toBe(
      "No validation sample of fold 1 is also in the training part of it.",
    );
  });

  it("names the samples of an example", () => {
    const example: CopyExample = {
      count: 7,
      places: [
        { part: "test", row: 3 },
        { part: "training", row: 1055 },
      ],
      inputs: {},
      targets: [],
      texts: {},
    };
    expect(describePlaces(example)).toBe("test 3 = training 1,055 and 5 more");
    expect(describePlaces({ ...example, count: 2 })).toBe("test 3 = training 1,055");
  });
});
