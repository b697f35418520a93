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
