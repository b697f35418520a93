/** The heat map: from a number for each node to its colour, one hue from pale to strong. */
import { useCallback, useEffect, useMemo } from "react";
import type { CheckResult, Graph } from "@/api/types";
import { type Heat, setHeat, useEditor } from "@/stores/editor/editorStore";

const PARAMETERS = "Parameters";

/** What a node shows of the heat map. `share` is of the total, `strength` of the strongest node's; both from 0 to 1. */
export interface NodeHeat {
  readonly value: number;
  readonly share: number;
  readonly strength: number;
}

/** The sum that shares are of, and the largest value. Values below 0 and such that are no numbers count as 0. */
export function measureHeat({ values, total }: Heat): { total: number; largest: number } {
  let [sum, largest] = [0, 0];
  for (const value of Object.values(values)) {
    const counted = value > 0 && Number.isFinite(value) ? value : 0;
    sum += counted;
    largest = Math.max(largest, counted);
  }
  return { total: total ?? sum, largest };
}

const measures = new WeakMap<Heat, ReturnType<typeof measureHeat>>();

/** A node's part of the heat map; null where it has no number. */
export function heatOfNode(heat: Heat | null, nodeId: string): NodeHeat | null {
  const value = heat?.values[nodeId];
  if (!heat || value === undefined || !(value >= 0) || !Number.isFinite(value)) return null;
  const measure = measures.get(heat) ?? measureHeat(heat);
  measures.set(heat, measure);
  const { total, largest } = measure;
  return {
    value,
    share: total > 0 ? Math.min(1, value / total) : 0,
    // The square root keeps small nodes apart, beside one that has nearly everything.
    strength: largest > 0 ? Math.sqrt(value / largest) : 0,
  };
}

/** The CSS colour for a strength, between two colours. */
export function mixHeat(strength: number, pale: string, strong: string): string {
  return `color-mix(in oklab, ${strong} ${Math.round(strength * 100)}%, ${pale})`;
}

/** The parameters of each node's layer. A shared layer's stand at all of its calls, and count once in the total. */
export function parameterHeat(graph: Graph, check: CheckResult): Heat {
  const values = graph.nodes.flatMap(({ id, layer }) => {
    const parameters = check.layers[layer]?.parameters;
    return parameters === undefined ? [] : [[id, parameters] as const];
  });
  return {
    label: PARAMETERS,
    unit: "parameters",
    values: Object.fromEntries(values),
    total: check.parameters,
  };
}

/** Whether the canvas is coloured by parameters, and a switch for it. The colours follow the drawing. */
export function useParameterHeat(): [boolean, () => void] {
  const isOn = useEditor((state) => state.heat?.label === PARAMETERS);
  const graph = useEditor((state) => state.open.document.graph);
  const check = useEditor((state) => state.open.check);
  const heat = useMemo(() => (check ? parameterHeat(graph, check) : null), [graph, check]);
  useEffect(() => {
    if (isOn && heat) setHeat(heat);
  }, [isOn, heat]);
  const toggle = useCallback(() => setHeat(isOn ? null : heat), [isOn, heat]);
  return [isOn, toggle];
}
