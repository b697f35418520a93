/** Which metrics belong on one chart: a metric and its `val_` counterpart. */

const VALIDATION = "val_";

export interface MetricFamily {
  /** The metric's own name, such as `loss`. */
  readonly name: string;
  /** The name of its validation counterpart. */
  readonly validation: string;
}

/** The families of these metric names: loss first, then in the order in which they first appear. */
export function groupFamilies(names: Iterable<string>): MetricFamily[] {
  const bases = new Set<string>();
  for (const name of names) bases.add(name.startsWith(VALIDATION) ? name.slice(VALIDATION.length) : name);
  const ordered = [...bases].sort((a, b) => Number(b === "loss") - Number(a === "loss"));
  return ordered.map((name) => ({ name, validation: VALIDATION + name }));
}
