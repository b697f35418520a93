import { describe, expect, it } from "vitest";
import { readFilename } from "@/api/exports";

describe("readFilename", () => {
  it("takes the name for all alphabets before the plain one", () => {
    expect(readFilename("attachment; filename=\"_.keras\"; filename*=UTF-8''%E5%B1%A4%20a.keras")).toBe(
      "層 a.keras",
    );
  });

  it("takes a plain name, with its quotes undone", () => {
    expect(readFilename('attachment; filename="a \\"b\\".json"')).toBe('a "b".json');
  });

  it("knows when there is none", () => {
    expect(readFilename(null)).toBeNull();
    expect(readFilename("inline")).toBeNull();
  });
});
