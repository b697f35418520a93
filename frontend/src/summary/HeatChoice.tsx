/** Which of the costs colours the canvas. */
import { Select } from "@mantine/core";
import { useEffect } from "react";
import type { CostResult } from "@/api/types";
import { setHeat, useEditor } from "@/stores/editor/editorStore";
import { costHeat, HEAT_LABELS, type HeatLabel } from "@/summary/costHeat";
import classes from "@/summary/Summary.module.css";

function findLabel(label: string | undefined): HeatLabel | null {
  return HEAT_LABELS.find((one) => one === label) ?? null;
}

export function HeatChoice({ costs }: { costs: CostResult | undefined }) {
  const graph = useEditor((state) => state.open.document.graph);
  const label = findLabel(useEditor((state) => state.heat?.label));
  useEffect(() => {
    if (label && costs) setHeat(costHeat(label, graph, costs));
  }, [label, costs, graph]);
  // Nobody would keep the colours true once the summary is closed.
  useEffect(
    () => () => {
      if (findLabel(useEditor.getState().heat?.label)) setHeat(null);
    },
    [],
  );
  return (
    <Select
      size="xs"
      className={classes.choice}
      aria-label="Colour the canvas by"
      placeholder="Colour by …"
      data={[...HEAT_LABELS]}
      value={label}
      disabled={!costs}
      clearable
      comboboxProps={{ position: "top-end", withinPortal: true }}
      onChange={(chosen) => {
        const next = findLabel(chosen ?? undefined);
        setHeat(next && costs ? costHeat(next, graph, costs) : null);
      }}
    />
  );
}
