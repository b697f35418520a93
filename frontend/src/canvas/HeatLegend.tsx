/** What the colours of the heat map mean. */
import { CloseButton } from "@mantine/core";
import { Panel } from "@xyflow/react";
import classes from "@/canvas/Heat.module.css";
import { measureHeat } from "@/canvas/heat";
import { formatShortCount } from "@/graph/shapes";
import { setHeat, useEditor } from "@/stores/editor/editorStore";

export function HeatLegend() {
  const heat = useEditor((state) => state.heat);
  if (!heat) return null;
  const { total, largest } = measureHeat(heat);
  return (
    <Panel position="top-right" className={classes.legend} aria-label="Heat map">
      <div className={classes.head}>
        <b>{heat.label}</b>
        <CloseButton size="xs" aria-label="Take the colours away" onClick={() => setHeat(null)} />
      </div>
      <div className={classes.scale} />
      <div className={classes.ends}>
        <span>0</span>
        <span>
          {formatShortCount(largest)} {heat.unit}
        </span>
      </div>
      <div className={classes.total}>
        {formatShortCount(total)} {heat.unit} in all
      </div>
    </Panel>
  );
}
