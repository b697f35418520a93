/** The folds of a run that trains several models: their metrics' names, their mean and their spread. */
import type { Curves, LiveRun } from "@/stores/runs/state";

const OF_FOLD = /^fold_([1-9]\d*)\/(.+)$/s;
const SUMMARY = /^(?:mean|std)\//;

export interface FoldName {
  /** Counted from 1; null where the name is of no fold. */
  readonly fold: number | null;
  readonly metric: string;
}

/** A number with its spread over so many folds. */
export interface Summary {
  readonly mean: number;
  readonly spread: number;
  readonly folds: number;
}

export function splitName(name: string): FoldName {
  const found = OF_FOLD.exec(name);
  return found === null ? { fold: null, metric: name } : { fold: Number(found[1]), metric: found[2] ?? name };
}

export function nameInFold(metric: string, fold: number | null): string {
  return fold === null ? metric : `fold_${fold}/${metric}`;
}

/** Whether it is a mean or a spread that the server has made of the folds; the page makes its own, which are live. */
export function isSummary(name: string): boolean {
  return SUMMARY.test(name);
}

/** The names of the metrics themselves, of whichever fold. */
export function listMetrics(names: Iterable<string>): string[] {
  return [...new Set([...names].map((name) => splitName(name).metric))];
}

/** Mean and standard deviation, as numpy has it: of these values, not an estimate for others. */
export function summarize(values: readonly number[]): Summary {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, spread: Math.sqrt(variance), folds: values.length };
}

/** The newest values of the first `ended` folds, each metric's mean and spread. */
export function summarizeNewest(
  latest: Readonly<Record<string, number>>,
  ended: number,
): Record<string, Summary> {
  const values = new Map<string, number[]>();
  for (const [name, value] of Object.entries(latest)) {
    const { fold, metric } = splitName(name);
    if (fold !== null && fold <= ended) values.set(metric, [...(values.get(metric) ?? []), value]);
  }
  return Object.fromEntries([...values].map(([metric, found]) => [metric, summarize(found)]));
}

/** How many folds are over: those before the one that is trained, and that one too once the run is finished. */
export function countEnded({ fold, status }: Pick<LiveRun, "fold" | "status">): number {
  return fold === null ? 0 : fold - (status === "finished" ? 0 : 1);
}

/** The newest values under the metrics' own names: of the fold that is trained, where there are several. */
export function listNewest({ latest, fold }: Pick<LiveRun, "latest" | "fold">): Record<string, number> {
  if (fold === null) return { ...latest };
  const own = Object.entries(latest).filter(([name]) => splitName(name).fold === fold);
  return Object.fromEntries(own.map(([name, value]) => [splitName(name).metric, value]));
}

/** How many updates had been done before a fold began; null where it has no steps yet. */
export function findFoldStart(stepCurves: Curves, fold: number): number | null {
  const firsts = Object.entries(stepCurves)
    .filter(([name]) => splitName(name).fold === fold)
    .map(([, { x }]) => x.view()[0] ?? Number.POSITIVE_INFINITY);
  const first = Math.min(...firsts);
  return Number.isFinite(first) ? first - 1 : null;
}
