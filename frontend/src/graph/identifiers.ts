/** Ids and names that no other piece of the document has, made the way Keras makes its own. */
import type { Graph } from "@/api/types";

/** `MaxPooling2D` → `max_pooling2d`: the same three replacements as Keras's own `to_snake_case`. */
export function toSnakeCase(className: string): string {
  return className
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

/** Every id and every Keras name in use: a new layer's id serves as both, and notes stand where nodes do. */
export function takenNames(graph: Graph): Set<string> {
  const taken = new Set<string>();
  for (const layer of graph.layers) {
    taken.add(layer.id);
    if (layer.name) taken.add(layer.name);
  }
  for (const { id } of [...graph.nodes, ...graph.groups, ...graph.notes]) taken.add(id);
  return taken;
}

/** `wanted` or, where it is taken, `wanted_1`, `wanted_2`, …; a number that it ends with is counted on from. */
export function pickFreeName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  const [, stem = wanted, number = "0"] = /^(.*?)_(\d{1,9})$/.exec(wanted) ?? [];
  let next = Number(number) + 1;
  while (taken.has(`${stem}_${next}`)) next += 1;
  return `${stem}_${next}`;
}

/** An edge id that the graph does not have. */
export function pickEdgeId(taken: ReadonlySet<string> | ReadonlyMap<string, unknown>, start: number): string {
  let number = start;
  while (taken.has(`e${number}`)) number += 1;
  return `e${number}`;
}
