/** The rows of the summary: one for each node of a graph, with what the check and the costs say of it. */
import type { CheckResult, CostResult, Graph, TensorSpec } from "@/api/types";
import { indexGraph, nameOf } from "@/graph/document";
import { formatShape } from "@/graph/shapes";

export interface SummaryRow {
  readonly node: string;
  readonly name: string;
  readonly type: string;
  readonly outputs: readonly TensorSpec[];
  /** Undefined where Keras could not say. A shared layer's stand at each of its calls. */
  readonly parameters: number | undefined;
  readonly parameterShare: number;
  /** Null where the size of a tensor is not known, undefined before the answer has come. */
  readonly flops: number | null | undefined;
  readonly flopsShare: number;
  readonly memory: number | null | undefined;
  readonly memoryShare: number;
  readonly calls: number;
  readonly unknown: string | null;
  readonly uncounted: readonly string[];
}

export type Column = "name" | "type" | "shape" | "parameters" | "flops" | "memory";

export interface Sorting {
  readonly column: Column;
  readonly isReversed: boolean;
}

/** In the document's order. */
export function makeRows(
  graph: Graph,
  check: CheckResult | null,
  costs: CostResult | undefined,
): SummaryRow[] {
  const { layers, calls } = indexGraph(graph);
  return graph.nodes.map((node) => {
    const layer = layers.get(node.layer);
    const cost = costs?.nodes[node.id];
    const parameters = check?.layers[node.layer]?.parameters;
    return {
      node: node.id,
      name: layer ? nameOf(layer) : node.id,
      type: layer?.class_name ?? "unknown layer",
      outputs: cost?.outputs ?? check?.nodes[node.id]?.outputs ?? [],
      parameters,
      parameterShare: parameters && check?.parameters ? parameters / check.parameters : 0,
      flops: cost?.flops,
      flopsShare: cost?.flops_share ?? 0,
      memory: cost?.activation_bytes,
      memoryShare: cost?.activation_share ?? 0,
      calls: calls.get(node.layer)?.length ?? 1,
      unknown: cost?.unknown ?? null,
      uncounted: Object.keys(cost?.uncounted ?? {}),
    };
  });
}

/** Sorted rows; equal ones keep the document's order, and what is not known comes last either way. */
export function sortRows(rows: readonly SummaryRow[], sorting: Sorting | null): readonly SummaryRow[] {
  if (!sorting) return rows;
  const direction = sorting.isReversed ? -1 : 1;
  return rows.toSorted((one, other) => {
    const [left, right] = [readValue(one, sorting.column), readValue(other, sorting.column)];
    if (left == null || right == null) return Number(left == null) - Number(right == null);
    if (typeof left === "string" || typeof right === "string") {
      return direction * String(left).localeCompare(String(right), "en", { numeric: true });
    }
    return direction * (left - right);
  });
}

function readValue(row: SummaryRow, column: Column): string | number | null | undefined {
  return column === "shape" ? row.outputs.map(({ shape }) => formatShape(shape)).join() : row[column];
}

/** The sorting after a click on a column: numbers begin with the largest; the third click takes the sorting away. */
export function nextSorting(before: Sorting | null, column: Column): Sorting | null {
  const startsReversed = column === "parameters" || column === "flops" || column === "memory";
  if (before?.column !== column) return { column, isReversed: startsReversed };
  return before.isReversed === startsReversed ? { column, isReversed: !startsReversed } : null;
}

export interface OpenInput {
  readonly node: string;
  readonly name: string;
  /** The shape without the batch, null where it is open. */
  readonly shape: readonly (number | null)[];
}

/** The inputs that leave more than the batch open. */
export function findOpenInputs(graph: Graph, check: CheckResult | null): OpenInput[] {
  const { layers } = indexGraph(graph);
  return graph.nodes.flatMap((node) => {
    const layer = layers.get(node.layer);
    const shape = check?.nodes[node.id]?.outputs[0]?.shape.slice(1);
    if (layer?.class_name !== "InputLayer" || !shape?.includes(null)) return [];
    return [{ node: node.id, name: nameOf(layer), shape }];
  });
}
