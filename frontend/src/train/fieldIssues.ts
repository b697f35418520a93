/** Which issue belongs to which field of the form. */
import type { Issue } from "@/api/types";

export interface FieldIssues {
  /** What is wrong with a field, as one text; undefined where nothing is. */
  readonly at: (path: string) => string | undefined;
  /** What no field shows, among them what is wrong with the graph. */
  readonly rest: readonly Issue[];
}

/** `paths` are the settings that have a field, such as `compile.loss`. An issue at `compile.loss.delta` is shown there too. */
export function sortByField(issues: readonly Issue[], paths: readonly string[]): FieldIssues {
  const placed = new Map<string, Issue[]>();
  const rest: Issue[] = [];
  for (const issue of issues) {
    const path = issue.node ? undefined : findField(issue.argument, paths);
    if (path === undefined) rest.push(issue);
    else placed.set(path, [...(placed.get(path) ?? []), issue]);
  }
  return { at: (path) => placed.get(path)?.map(writeIssue).join("\n"), rest };
}

function findField(argument: string | null | undefined, paths: readonly string[]): string | undefined {
  if (!argument) return undefined;
  return paths
    .filter((path) => argument === path || argument.startsWith(`${path}.`) || argument.startsWith(`${path}[`))
    .sort((a, b) => b.length - a.length)[0];
}

function writeIssue({ message, hint }: Issue): string {
  return hint ? `${message} ${hint}` : message;
}
