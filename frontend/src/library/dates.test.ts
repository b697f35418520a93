import { describe, expect, it } from "vitest";
import { dateChoiceOf, formatMoment, formatSpan, readParts, withDate } from "@/library/dates";
import { makeDefinition, makeField } from "@/library/examples";

const WHEN = makeField("when", { kind: "date" });

describe("a column of dates", () => {
  it("becomes the parts that are chosen, and is read by its format", () => {
    const columns = { when: { type: "date", encode: "one_hot", parts: ["year"], format: "%d.%m.%Y" } };
    expect(dateChoiceOf(makeDefinition("table", { options: { columns } }), WHEN)).toEqual({
      parts: ["year"],
      format: "%d.%m.%Y",
    });
  });

  it("is no other column", () => {
    const columns = { when: { type: "number" } };
    expect(dateChoiceOf(makeDefinition("table", { options: { columns } }), WHEN)).toBeNull();
    expect(dateChoiceOf(makeDefinition("arrays"), WHEN)).toBeNull();
  });

  it("keeps what was said before when something else is said, and forgets what is to be found out", () => {
    const options = withDate({ columns: { price: { type: "number" } } }, WHEN, { parts: ["hour"] });
    expect(options).toEqual({
      columns: { price: { type: "number" }, when: { type: "date", parts: ["hour"] } },
    });
    const both = withDate(options, WHEN, { format: "%d.%m.%Y" });
    expect(withDate(both, WHEN, { format: undefined })).toEqual(options);
  });
});

describe("the parts of dates", () => {
  it("are those of the schema that the server sends", () => {
    const parts = { anyOf: [{ type: "array", items: { enum: ["seconds", "year"] } }, { type: "null" }] };
    expect(readParts({ $defs: { ColumnChoice: { properties: { parts } } } })).toEqual(["seconds", "year"]);
    expect(readParts({})).toEqual([]);
  });
});

describe("a point in time", () => {
  it.each([
    [0, "1970-01-01"],
    [1_706_659_200, "2024-01-31"],
    [1_706_702_340.5, "2024-01-31 11:59"],
    [-86_400, "1969-12-31"],
    [1e20, "–"],
  ])("%d is %s", (seconds, text) => {
    expect(formatMoment(seconds)).toBe(text);
  });

  it("is spread over days or hours", () => {
    expect(formatSpan(12.2 * 86_400)).toBe("12 days");
    expect(formatSpan(5 * 3600)).toBe("5 hours");
  });
});
