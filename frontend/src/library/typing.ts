/** Saying as what a field is to be read: each kind of data has an option of its own for it. */
import type { Definition, FieldSummary } from "@/api/ownTypes";
import type { Issue } from "@/api/types";

const TYPES: Partial<Record<Definition["kind"], readonly string[]>> = {
  table: ["number", "category", "skip"],
  arrays: ["number", "category"],
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

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function entry(value: unknown, key: string): unknown {
  return record(value)[key];
}

/** The option that an issue is about (`definition.options.delimiter` → `delimiter`); null where it is about none. */
export function optionOf({ argument }: Issue): string | null {
  const [, option = null] = /^(?:definition\.)?options\.([^.]+)/.exec(argument ?? "") ?? [];
  return option;
}
