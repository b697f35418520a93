/** Costs as numbers to colour the canvas by. */
import type { CostResult, Graph } from "@/api/types";
import type { Heat } from "@/stores/editor/editorStore";

export const HEAT_LABELS = ["FLOPs", "Activation memory", "Parameters"] as const;
export type HeatLabel = (typeof HEAT_LABELS)[number];

/** A number for each node of the graph whose costs are given; nodes of unknown cost have none. */
export function costHeat(label: HeatLabel, graph: Graph, costs: CostResult): Heat {
  const values: Record<string, number> = {};
  for (const { id, layer } of graph.nodes) {
    const cost = costs.nodes[id];
    const value = {
      FLOPs: cost?.flops,
      "Activation memory": cost?.activation_bytes,
      Parameters: costs.layers[layer]?.parameters,
    }[label];
    if (value != null) values[id] = value;
  }
  if (label === "Parameters") return { label, unit: "parameters", values, total: costs.parameters };
  return { label, unit: label === "FLOPs" ? "FLOPs" : "bytes", values };
}
