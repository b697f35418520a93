/** Which layers a search finds, best first. */
import type { Entry } from "@/api/types";
import { qualifiedName } from "@/graph/entryKey";

/** Class names before other names before summaries; beginnings before the rest. Spaces and case do not matter. */
export function searchLayers(entries: readonly Entry[], query: string): readonly Entry[] {
  const wanted = normalize(query);
  if (wanted === "") return entries;
  return entries
    .map((entry) => ({ entry, rank: rankEntry(entry, wanted) }))
    .filter(({ rank }) => rank < Number.POSITIVE_INFINITY)
    .toSorted(
      (one, other) => one.rank - other.rank || one.entry.class_name.length - other.entry.class_name.length,
    )
    .map(({ entry }) => entry);
}

function rankEntry(entry: Entry, wanted: string): number {
  const name = normalize(entry.class_name);
  const qualified = entry.package ? normalize(qualifiedName(entry)) : name;
  if (name === wanted || qualified === wanted) return 0;
  if (name.startsWith(wanted) || qualified.startsWith(wanted)) return 1;
  if (name.includes(wanted)) return 2;
  if (entry.aliases.some((alias) => normalize(alias).includes(wanted))) return 3;
  if (normalize(entry.category).includes(wanted)) return 4;
  return normalize(entry.summary).includes(wanted) ? 5 : Number.POSITIVE_INFINITY;
}

function normalize(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, "");
}
