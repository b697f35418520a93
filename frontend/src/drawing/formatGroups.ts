/** Formats in the groups in which the menu shows them. */
import type { ExportChoice, Issue } from "@/api/types";

type Group = ExportChoice["group"];

const TITLES: Readonly<Record<Group, string>> = {
  keras: "Keras",
  code: "Code",
  interchange: "Without Keras",
  drawing: "Drawing",
};

export interface FormatGroup {
  readonly title: string;
  readonly choices: readonly ExportChoice[];
}

/** The groups in the order of their first formats. */
export function groupFormats(choices: readonly ExportChoice[]): readonly FormatGroup[] {
  const groups = new Map<Group, ExportChoice[]>();
  for (const choice of choices) groups.set(choice.group, [...(groups.get(choice.group) ?? []), choice]);
  return [...groups].map(([group, members]) => ({ title: TITLES[group], choices: members }));
}

/** One line on what is in a format's way, or is to be known of it: the first of each kind, and how many more. */
export function summarizeIssues(issues: readonly Issue[]): string | null {
  const messages = [...new Set(issues.map(({ message }) => message))];
  const first = messages[0];
  if (first === undefined) return null;
  return messages.length > 1 ? `${first} (and ${messages.length - 1} more)` : first;
}
