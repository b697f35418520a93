import { describe, expect, it } from "vitest";
import { ProblemError } from "@/api/problem";
import type { Argument } from "@/api/types";
import { issuesOfArguments, withValue } from "@/augmentation/formEntry";

const ROTATION = { name: "rotation_range", default: 0 } as Argument;
const ISSUE = { code: "x", message: "too far", severity: "error" as const, within: [], fixes: [] };

describe("the form of augmentation", () => {
  it("keeps what differs from the default, and nothing else", () => {
    expect(withValue({ zoom_range: 0.2 }, ROTATION, 20)).toEqual({ zoom_range: 0.2, rotation_range: 20 });
    expect(withValue({ rotation_range: 20 }, ROTATION, 0)).toEqual({});
    expect(withValue({ rotation_range: 20 }, ROTATION, undefined)).toEqual({});
  });

  it("finds the field that a refusal is about", () => {
    const problem = {
      type: "/problems/invalid-config",
      title: "Refused",
      status: 422,
      detail: "too far",
      issues: [
        { ...ISSUE, argument: "arguments.rotation_range" },
        { ...ISSUE, argument: "data.dataset" },
      ],
    };
    expect(issuesOfArguments(new ProblemError(problem)).map(({ argument }) => argument)).toEqual([
      "rotation_range",
    ]);
    expect(issuesOfArguments(new Error("away"))).toEqual([]);
  });
});
