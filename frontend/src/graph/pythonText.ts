/** Config values as a Python programmer reads them: `None`, `True`, `(3, 3)`, `'relu'`, `L2(l2=0.01)`. */

const LONGEST = 40;

interface ObjectConfig {
  class_name: string;
  config?: Record<string, unknown>;
}

/** Whether a value is a Keras object by class name and config. */
export function isObjectConfig(value: unknown): value is ObjectConfig {
  return (
    typeof value === "object" &&
    value !== null &&
    "class_name" in value &&
    typeof value.class_name === "string"
  );
}

/** The value as Python source, in full. */
export function toPython(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return `'${value}'`;
  if (Array.isArray(value)) return `(${value.map(toPython).join(", ")}${value.length === 1 ? "," : ""})`;
  if (isObjectConfig(value)) {
    const given = Object.entries(value.config ?? {}).map(([name, inner]) => `${name}=${toPython(inner)}`);
    return `${value.class_name}(${given.join(", ")})`;
  }
  if (typeof value === "object") {
    return `{${Object.entries(value)
      .map(([name, inner]) => `'${name}': ${toPython(inner)}`)
      .join(", ")}}`;
  }
  return String(value);
}

/** The value as Python source, cut where it is too long for one glance. */
export function toShortPython(value: unknown): string {
  const text = toPython(value);
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}
