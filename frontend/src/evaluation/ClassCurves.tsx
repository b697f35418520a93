/** ROC and precision-recall curves of the classes; one stands out while the pointer is on its name. */
import { SimpleGrid, Text } from "@mantine/core";
import { useState } from "react";
import type { ClassReport, Curve } from "@/api/types";
import { Chart } from "@/evaluation/Chart";
import classes from "@/evaluation/Evaluation.module.css";
import { formatMetric } from "@/ui/format/amounts";

const UNIT = [0, 1] as const;
const TURN = 137.508;

type Curves = ClassReport["curves"];

export function ClassCurves({ curves }: { curves: Curves }) {
  const [chosen, setChosen] = useState<number | null>(null);
  if (curves.length === 0)
    return (
      <Text size="sm" c="dimmed">
        There are no curves: all samples are of one class.
      </Text>
    );
  const shared = { curves, chosen, onChoose: setChosen };
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
      <CurveChart
        {...shared}
        title="ROC"
        area="area under the curve"
        xLabel="False positive rate"
        yLabel="True positive rate"
        pick={(one) => one.roc}
        chance
      />
      <CurveChart
        {...shared}
        title="Precision and recall"
        area="average precision"
        xLabel="Recall"
        yLabel="Precision"
        pick={(one) => one.precision_recall}
      />
    </SimpleGrid>
  );
}

interface CurveChartProps {
  curves: Curves;
  chosen: number | null;
  onChoose: (label: number | null) => void;
  title: string;
  /** What the number beside each name is. */
  area: string;
  xLabel: string;
  yLabel: string;
  pick: (curves: Curves[number]) => Curve;
  /** Whether the diagonal is what guessing would get. */
  chance?: boolean;
}

function CurveChart({
  curves,
  chosen,
  onChoose,
  title,
  area,
  xLabel,
  yLabel,
  pick,
  chance = false,
}: CurveChartProps) {
  return (
    <figure style={{ margin: 0 }}>
      <Text size="sm" fw={600} mb={4} component="figcaption">
        {title}
        <Text span size="xs" c="dimmed" fw={400}>
          {` · with the ${area} of each class`}
        </Text>
      </Text>
      <Chart label={`${title} of ${curves.length} classes`} xLabel={xLabel} yLabel={yLabel} x={UNIT} y={UNIT}>
        {({ toX, toY }) => (
          <>
            {chance && <line className={classes.chance} x1={toX(0)} y1={toY(0)} x2={toX(1)} y2={toY(1)} />}
            {curves.map((one) => {
              const { x, y } = pick(one);
              return (
                <polyline
                  key={one.label}
                  className={`${classes.line} ${chosen !== null && chosen !== one.label ? classes.faded : ""}`}
                  stroke={pickColor(one.label)}
                  points={x.map((value, i) => `${toX(value)},${toY(y[i] ?? 0)}`).join(" ")}
                />
              );
            })}
          </>
        )}
      </Chart>
      <div className={classes.legend}>
        {curves.map((one) => (
          <button
            type="button"
            key={one.label}
            className={classes.legendItem}
            onPointerEnter={() => onChoose(one.label)}
            onPointerLeave={() => onChoose(null)}
            onFocus={() => onChoose(one.label)}
            onBlur={() => onChoose(null)}
          >
            <span className={classes.swatch} style={{ background: pickColor(one.label) }} />
            {one.name}
            <b>{formatMetric(pick(one).area)}</b>
          </button>
        ))}
      </div>
    </figure>
  );
}

/** Hues that lie far apart, however many there are, equally bright in both themes. */
function pickColor(label: number): string {
  return `oklch(0.66 0.16 ${Math.round(label * TURN + 270) % 360})`;
}
