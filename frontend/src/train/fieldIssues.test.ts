import { describe, expect, it } from "vitest";
import type { Issue } from "@/api/types";
import { sortByField, writeIssues } from "@/train/fieldIssues";

function makeIssue(changes: Partial<Issue>): Issue {
  return { code: "c", message: "does not fit", severity: "error", within: [], fixes: [], ...changes };
}

describe("sortByField", () => {
  it("shows an issue with its hint at the field of its argument", () => {
    const issues = sortByField(
      [makeIssue({ argument: "compile.loss", hint: "Try another." })],
      ["compile.loss"],
    );
    expect(writeIssues(issues.at("compile.loss"))).toBe("does not fit Try another.");
    expect(writeIssues(issues.at("compile.optimizer"))).toBeUndefined();
    expect(issues.rest).toEqual([]);
  });

  it("shows what is deeper at the closest field, as its argument", () => {
    const patience = makeIssue({ argument: "callbacks.1.patience" });
    const rate = makeIssue({ argument: "compile.optimizer.learning_rate" });
    const issues = sortByField([patience, rate], ["callbacks.1", "callbacks.10", "compile.optimizer"]);
    expect(issues.at("callbacks.1")).toEqual([{ ...patience, argument: "patience" }]);
    expect(issues.at("compile.optimizer")).toEqual([{ ...rate, argument: "learning_rate" }]);
    expect(issues.at("callbacks.10")).toEqual([]);
  });

  it("finds the field of a request that does not parse", () => {
    const issues = sortByField([makeIssue({ argument: "fit.epochs" })], ["fit.epochs"]);
    expect(writeIssues(issues.at("fit.epochs"))).toBe("does not fit");
  });

  it("keeps the issues of the graph and those of no field apart", () => {
    const graph = makeIssue({ node: "dense", argument: "units" });
    const unknown = makeIssue({ argument: "precision" });
    expect(sortByField([graph, unknown], ["compile.loss"]).rest).toEqual([graph, unknown]);
  });
});
