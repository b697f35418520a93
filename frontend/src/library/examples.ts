/** Fields and definitions in the server's own format, for the tests of this folder. */
import type { Definition, FieldSummary } from "@/api/ownTypes";

export function makeField(name: string, given: Partial<FieldSummary> = {}): FieldSummary {
  return {
    name,
    kind: "number",
    shape: [],
    dtype: "float32",
    missing: 0,
    classes: [],
    class_counts: [],
    ...given,
  };
}

export function makeDefinition(kind: Definition["kind"], given: Partial<Definition> = {}): Definition {
  return { kind, options: {}, inputs: [], targets: [], ...given };
}
