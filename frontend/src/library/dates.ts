/** Columns of dates: which numbers are made of them, and how they are written. */
import type { Definition, FieldSummary } from "@/api/ownTypes";

const SECONDS_PER_DAY = 86_400;

export interface DateChoice {
  readonly parts: readonly string[];
  /** How the dates are written, in the words of `strptime`; empty where nobody knows. */
  readonly format: string;
}

/** What is said anew of a column of dates; what is undefined the server finds out. */
export type DateChange = { readonly [Name in keyof DateChoice]?: DateChoice[Name] | undefined };

/** What a column of dates becomes now; null for other fields. */
export function dateChoiceOf({ kind, options = {} }: Definition, { name }: FieldSummary): DateChoice | null {
  const said = record(record(options.columns)[name]);
  if (kind !== "table" || said.type !== "date") return null;
  return {
    parts: Array.isArray(said.parts) ? said.parts.map(String) : [],
    format: typeof said.format === "string" ? said.format : "",
  };
}

/** The options with another choice for a column of dates. */
export function withDate(
  options: Readonly<Record<string, unknown>>,
  { name }: FieldSummary,
  changed: DateChange,
): Record<string, unknown> {
  const columns = record(options.columns);
  const choice = { ...record(columns[name]), type: "date", ...changed };
  const known = Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== undefined));
  return { ...options, columns: { ...columns, [name]: known } };
}

/** The parts of a date that the server can make numbers of, from the JSON schema of the options. */
export function readParts(choices: Readonly<Record<string, unknown>>): string[] {
  const column = record(record(choices.$defs).ColumnChoice);
  const parts = record(record(column.properties).parts);
  const alternatives: unknown[] = Array.isArray(parts.anyOf) ? parts.anyOf : [parts];
  return alternatives.flatMap((one) => {
    const names = record(record(one).items).enum;
    return Array.isArray(names) ? names.map(String) : [];
  });
}

/** A point in time (UTC) from seconds since 1970: `2024-01-31`, or `2024-01-31 23:59` within a day. */
export function formatMoment(seconds: number): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return "–";
  const [day = "", time = ""] = date.toISOString().split("T");
  return seconds % SECONDS_PER_DAY === 0 ? day : `${day} ${time.slice(0, 5)}`;
}

/** How far dates are spread: `12 days`, `5 hours`. */
export function formatSpan(seconds: number): string {
  const [size, unit] = seconds >= 2 * SECONDS_PER_DAY ? [SECONDS_PER_DAY, "days"] : [3600, "hours"];
  return `${Math.round(seconds / size)} ${unit}`;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
