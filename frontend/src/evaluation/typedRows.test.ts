import { describe, expect, it } from "vitest";
import { readPlaces, readTypedRows } from "@/evaluation/typedRows";

function content(text: string): unknown {
  const read = readTypedRows(text);
  return "body" in read && typeof read.body.content === "string" ? read.body.content : read;
}

describe("readTypedRows", () => {
  it("takes what begins with a bracket for JSON, and all else for CSV", () => {
    expect(content("5.1, 3.5\n6.7, 3.0")).toBe("5.1, 3.5\n6.7, 3.0");
    expect(content("[[5.1, 3.5], [6.7, 3.0]]")).toBe('{"rows":[[5.1,3.5],[6.7,3]]}');
  });

  it("makes one row alone a list of one", () => {
    expect(content("[5.1, 3.5]")).toBe('{"rows":[[5.1,3.5]]}');
    expect(content('{"width": 5.1}')).toBe('{"rows":[{"width":5.1}]}');
  });

  it("leaves a whole request as it is", () => {
    expect(content('{"inputs": {"features": [[1]]}}')).toBe('{"inputs":{"features":[[1]]}}');
  });

  it("says what is wrong with it", () => {
    expect(readTypedRows(" ")).toEqual({ problem: "Paste at least one row." });
    expect(readTypedRows("[1, 2")).toHaveProperty("problem", expect.stringContaining("This is no JSON"));
  });
});

describe("readPlaces", () => {
  it("reads numbers and ranges", () => {
    expect(readPlaces("0-3, 7 9")).toEqual([0, 1, 2, 3, 7, 9]);
  });

  it.each(["", "a", "3-1", "-1", "0-5000", "1.5"])("refuses %j", (text) => {
    expect(readPlaces(text)).toBeNull();
  });
});
