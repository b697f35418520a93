/** A sample's target as a person reads it: the class's name where there is one. */
import type { DatasetPreview } from "@/api/types";

export function writeTarget(preview: DatasetPreview, value: unknown): string {
  const label = typeof value === "number" ? preview.class_names[value] : undefined;
  return label ?? writeValue(value);
}

/** Numbers to four digits; lists shortened. */
export function writeValue(value: unknown): string {
  if (typeof value === "number") return String(Number(value.toPrecision(4)));
  if (!Array.isArray(value)) return String(value);
  const shown = value.slice(0, 8).map(writeValue).join(", ");
  return value.length > 8 ? `${shown}, … (${value.length})` : shown;
}
