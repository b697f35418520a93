/** Saying as what a field is to be read: each kind of data has an option of its own for it. */
import type { Definition, FieldSummary } from "@/api/ownTypes";
import type { Issue } from "@/api/types";

const TYPES: Partial<Record<Definition["kind"], readonly string[]>> = {
  table: ["number", "category", "date", "text", "skip"],
  arrays: ["number", "category"],
};

const RAW = "raw";

/** What becomes of a column of this type, by the server's names: `raw` ones are arrays of their own. */
const ENCODINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  number: { one_hot: "beside others", [RAW]: "own array" },
  date: { one_hot: "beside others", [RAW]: "own array" },
  category: { one_hot: "one-hot", index: "number of its label", [RAW]: "own array, as text" },
};

/** The types that a field may be read as; none where there is nothing to choose. */
export function typesOf(kind: Definition["kind"], field: FieldSummary): readonly string[] {
  const isScalar = (field.shape ?? []).every((size) => size === 1);
  return isScalar ? (TYPES[kind] ?? []) : [];
}

/** What a field is read as now. */
export function typeOf({ kind, options = {} }: Definition, field: FieldSummary): string {
  const said =
    kind === "table" ? entry(entry(options.columns, field.name), "type") : entry(options.read_as, field.name);
  return typeof said === "string" ? said : field.kind;
}

/** The options with another type for a field. */
export function withType(
  kind: Definition["kind"],
  options: Readonly<Record<string, unknown>>,
  field: FieldSummary,
  type: string,
): Record<string, unknown> {
  if (kind === "table")
    return { ...options, columns: { ...record(options.columns), [field.name]: { type } } };
  return { ...options, read_as: { ...record(options.read_as), [field.name]: type } };
}

export interface Encoding {
  readonly value: string;
  readonly label: string;
}

/** What may become of a field in the arrays; none where there is nothing to choose. */
export function encodingsOf(definition: Definition, field: FieldSummary): readonly Encoding[] {
  if (definition.kind !== "table") return [];
  const known = ENCODINGS[typeOf(definition, field)] ?? {};
  return Object.entries(known).map(([value, label]) => ({ value, label }));
}

/** What becomes of a field in the arrays now. */
export function encodingOf({ options = {} }: Definition, field: FieldSummary): string {
  const said = entry(entry(options.columns, field.name), "encode");
  return typeof said === "string" ? said : "one_hot";
}

/** The options with another encoding for a field of a table. */
export function withEncoding(
  definition: Definition,
  options: Readonly<Record<string, unknown>>,
  field: FieldSummary,
  encode: string,
): Record<string, unknown> {
  // A date keeps its parts and its format.
  const choice = { ...record(entry(options.columns, field.name)), type: typeOf(definition, field), encode };
  return { ...options, columns: { ...record(options.columns), [field.name]: choice } };
}

/** Whether a field of a table is an array of its own: texts always are. */
export function isRaw({ kind, options = {} }: Definition, name: string): boolean {
  const said = entry(options.columns, name);
  return kind === "table" && (entry(said, "type") === "text" || entry(said, "encode") === RAW);
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function entry(value: unknown, key: string): unknown {
  return record(value)[key];
}

/** The option that an issue is about (`options.delimiter` → `delimiter`); null where it is about none. */
export function optionOf({ argument }: Issue): string | null {
  const [, option = null] = /^options\.([^.]+)/.exec(argument ?? "") ?? [];
  return option;
}
