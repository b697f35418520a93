/** What a person pastes: JSON or CSV, told apart by how it begins. */
import type { PredictBody } from "@/api/evaluation";

export type TypedRows = { readonly body: PredictBody } | { readonly problem: string };

export function readTypedRows(text: string): TypedRows {
  const trimmed = text.trim();
  if (trimmed === "") return { problem: "Paste at least one row." };
  if (!/^[[{]/.test(trimmed)) return { body: { kind: "text/csv", content: trimmed } };
  try {
    const value: unknown = JSON.parse(trimmed);
    return { body: { kind: "application/json", content: JSON.stringify(wrapRows(value)) } };
  } catch (error) {
    return { problem: `This is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** One row alone is a list of one row; an object by input name is one row, too. */
function wrapRows(value: unknown): unknown {
  if (Array.isArray(value)) {
    const isOneRow = value.length > 0 && value.every((item) => typeof item === "number");
    return { rows: isOneRow ? [value] : value };
  }
  const known = ["rows", "inputs", "indices"];
  const isRequest = typeof value === "object" && value !== null && known.some((name) => name in value);
  return isRequest ? value : { rows: [value] };
}

/** `0-3, 7` as places of samples. Null where it says something else, or none, or more than a page can show. */
export function readPlaces(text: string, most = 200): number[] | null {
  const places: number[] = [];
  for (const part of text.split(/[\s,;]+/).filter((piece) => piece !== "")) {
    const range = /^(\d{1,9})(?:[-–](\d{1,9}))?$/.exec(part);
    if (range === null) return null;
    const first = Number(range[1]);
    const last = Number(range[2] ?? range[1]);
    if (last < first || last - first >= most) return null;
    for (let place = first; place <= last; place++) places.push(place);
  }
  return places.length > 0 && places.length <= most ? places : null;
}
