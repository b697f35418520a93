/** Numbers for graphs in the keys of queries. */
import type { Graph } from "@/api/types";

// A graph is never changed in place, so its identity stands for its content: nothing large is hashed into a key.
const numbers = new WeakMap<Graph, number>();
let lastNumber = 0;

export function numberOf(graph: Graph): number {
  const known = numbers.get(graph);
  if (known !== undefined) return known;
  lastNumber += 1;
  numbers.set(graph, lastNumber);
  return lastNumber;
}
