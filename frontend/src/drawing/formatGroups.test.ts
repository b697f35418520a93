import { describe, expect, it } from "vitest";
import type { ExportChoice, Issue } from "@/api/types";
import { groupFormats, summarizeIssues } from "@/drawing/formatGroups";

function makeChoice(name: string, group: ExportChoice["group"]): ExportChoice {
  return {
    name,
    group,
    title: name,
    media_type: "text/plain",
    extension: `.${name}`,
    holds_weights: false,
    max_bytes: null,
    obstacles: [],
    warnings: [],
  };
}

function makeIssue(message: string): Issue {
  return { code: "format_cannot_hold", message, severity: "error" } as Issue;
}

describe("groupFormats", () => {
  it("keeps the order of groups and of formats, also where a group comes twice", () => {
    const choices = [makeChoice("keras", "keras"), makeChoice("python", "code"), makeChoice("json", "keras")];

    const groups = groupFormats(choices).map(({ title, choices: members }) => [
      title,
      members.map(({ name }) => name),
    ]);

    expect(groups).toEqual([
      ["Keras", ["keras", "json"]],
      ["Code", ["python"]],
    ]);
  });
});

describe("summarizeIssues", () => {
  it("says the first and counts the others, each once however many nodes show it", () => {
    expect(summarizeIssues([])).toBeNull();
    expect(summarizeIssues([makeIssue("One."), makeIssue("One.")])).toBe("One.");
    expect(summarizeIssues([makeIssue("One."), makeIssue("Two."), makeIssue("Three.")])).toBe(
      "One. (and 2 more)",
    );
  });
});
