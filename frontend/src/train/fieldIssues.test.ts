import { describe, expect, it } from "vitest";
import type { Issue } from "@/api/types";
import { sortByField } from "@/train/fieldIssues";

function makeIssue(changes: Partial<Issue>): Issue {
  return { code: "c", message: "does not fit", severity: "error", ...changes };
}

describe("sortByField", () => {
  it("shows an issue with its hint at the field of its argument", () => {
    const issues = sortByField(
      [makeIssue({ argument: "compile.loss", hint: "Try another." })],
      ["compile.loss"],
    );
    expect(issues.at("compile.loss")).toBe("does not fit Try another.");
    expect(issues.at("compile.optimizer")).toBeUndefined();
    expect(issues.rest).toEqual([]);
  });

  it("shows what is deeper at the closest field", () => {
    const fields = ["callbacks", "callbacks.1", "compile.optimizer"];
    const deep = [
      makeIssue({ argument: "callbacks.1.config.patience", message: "a" }),
      makeIssue({ argument: "callbacks[2]", message: "b" }),
      makeIssue({ argument: "compile.optimizer.config", message: "c" }),
    ];
    const issues = sortByField(deep, fields);
    expect(fields.map(issues.at)).toEqual(["b", "a", "c"]);
  });

  it("keeps the issues of the graph and those of no field apart", () => {
    const graph = makeIssue({ node: "dense", argument: "compile.loss" });
    const unknown = makeIssue({ argument: "precision" });
    expect(sortByField([graph, unknown], ["compile.loss"]).rest).toEqual([graph, unknown]);
  });
});
