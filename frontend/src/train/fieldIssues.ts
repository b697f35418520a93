/** Which issue belongs to which field of the form. */
import type { Entry, Issue } from "@/api/types";

export interface FieldIssues {
  /** The issues of a field and of what is below it, each with its argument as seen from there. */
  readonly at: (path: string) => readonly Issue[];
  /** What no field shows, among them what is wrong with the graph. */
  readonly rest: readonly Issue[];
}

/**
 * `paths` are the settings that have a field, such as `compile.loss`. An issue at `compile.loss.delta` belongs to that
 * field too, and is then about its argument `delta`.
 */
export function sortByField(issues: readonly Issue[], paths: readonly string[]): FieldIssues {
  const placed = new Map<string, Issue[]>();
  const rest: Issue[] = [];
  for (const issue of issues) {
    const { argument } = issue;
    const path = findField(argument, paths);
    if (path === undefined || argument == null) rest.push(issue);
    else
      placed.set(path, [
        ...(placed.get(path) ?? []),
        { ...issue, argument: argument.slice(path.length + 1) },
      ]);
  }
  return { at: (path) => placed.get(path) ?? [], rest };
}

function findField(argument: string | null | undefined, paths: readonly string[]): string | undefined {
  if (!argument) return undefined;
  return paths
    .filter((path) => argument === path || argument.startsWith(`${path}.`))
    .sort((a, b) => b.length - a.length)[0];
}

/** The issues that an argument's own field shows, and the others: those with fixes need room for buttons. */
export function splitByArgument(issues: readonly Issue[], entry: Entry | undefined) {
  const isInner = ({ argument, fixes }: Issue) =>
    !fixes?.length && Boolean(entry?.arguments.some(({ name }) => name === argument));
  return { own: issues.filter((issue) => !isInner(issue)), inner: issues.filter(isInner) };
}

/** Issues as the text below a field, with what to do; undefined where there are none. */
export function writeIssues(issues: readonly Issue[]): string | undefined {
  if (issues.length === 0) return undefined;
  return issues.map(({ message, hint }) => (hint ? `${message} ${hint}` : message)).join("\n");
}
