import { describe, expect, it } from "vitest";
import { readProblem } from "@/api/problem";

const answer = (status: number) =>
  readProblem(Response.json({ type: "/problems/any", title: "Any", status, detail: "Any." }, { status }));

describe("a problem", () => {
  it("is asked about again while the server is away or busy", async () => {
    for (const status of [429, 503]) {
      expect((await answer(status)).isWorthRetrying(50)).toBe(true);
    }
  });

  it("is not asked about again where the question took too long, or ended the process twice", async () => {
    expect((await answer(504)).isWorthRetrying(0)).toBe(false);
    expect((await answer(502)).isWorthRetrying(1)).toBe(true);
    expect((await answer(502)).isWorthRetrying(2)).toBe(false);
    expect((await answer(422)).isWorthRetrying(0)).toBe(false);
  });
});
