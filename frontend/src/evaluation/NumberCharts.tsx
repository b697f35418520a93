/** How far predicted numbers are off: what they should be against what they are, and how the rest is spread. */
import { Group, SimpleGrid, Stack, Text } from "@mantine/core";
import type { NumberReport } from "@/api/types";
import { Chart } from "@/evaluation/Chart";
import classes from "@/evaluation/Evaluation.module.css";
import { Figure } from "@/evaluation/Figure";
import { formatCount, formatInteger, formatMetric } from "@/ui/format/amounts";

interface NumberChartsProps {
  report: NumberReport;
  /** What is predicted, as the data set calls it. */
  target: string;
}

export function NumberCharts({ report, target }: NumberChartsProps) {
  const { true: wanted, predicted } = report;
  const all = [...wanted, ...predicted];
  const range = [all.reduce((a, b) => Math.min(a, b)), all.reduce((a, b) => Math.max(a, b))] as const;
  return (
    <Stack gap="md">
      <Group gap="xl">
        <Figure name="Mean absolute error" value={formatMetric(report.mean_absolute_error)} />
        <Figure name="Root mean squared error" value={formatMetric(report.root_mean_squared_error)} />
        <Figure name="Median absolute error" value={formatMetric(report.median_absolute_error)} />
        <Figure name="Mean residual" value={formatMetric(report.mean_residual)} />
        <Figure name="R²" value={report.r2 === null ? "–" : formatMetric(report.r2)} />
      </Group>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
        <figure style={{ margin: 0 }}>
          <Text size="sm" fw={600} mb={4} component="figcaption">
            Predicted against true
            {report.values > wanted.length && (
              <Text span size="xs" c="dimmed" fw={400}>
                {` · ${formatInteger(wanted.length)} of ${formatCount(report.values, "value")}`}
              </Text>
            )}
          </Text>
          <Chart
            label="Predicted against true"
            xLabel={`True ${target}`}
            yLabel={`Predicted ${target}`}
            x={range}
            y={range}
          >
            {({ toX, toY }) => (
              <>
                <line
                  className={classes.chance}
                  x1={toX(range[0])}
                  y1={toY(range[0])}
                  x2={toX(range[1])}
                  y2={toY(range[1])}
                />
                <path className={classes.point} d={drawPoints(wanted, predicted, toX, toY)} />
              </>
            )}
          </Chart>
        </figure>
        <Residuals report={report} target={target} />
      </SimpleGrid>
    </Stack>
  );
}

function Residuals({ report, target }: NumberChartsProps) {
  const { edges, counts } = report.residuals;
  const most = Math.max(...counts, 1);
  return (
    <figure style={{ margin: 0 }}>
      <Text size="sm" fw={600} mb={4} component="figcaption">
        Residuals
      </Text>
      <Chart
        label="Histogram of the residuals"
        xLabel={`Predicted − true ${target}`}
        yLabel="Number of values"
        x={[edges[0] ?? 0, edges.at(-1) ?? 1]}
        y={[0, most]}
      >
        {({ toX, toY }) =>
          counts.map((count, i) => {
            const [from, to] = [edges[i] ?? 0, edges[i + 1] ?? 0];
            return (
              <rect
                key={from}
                className={classes.bar}
                x={toX(from) + 0.5}
                y={toY(count)}
                width={Math.max(0.5, toX(to) - toX(from) - 1)}
                height={toY(0) - toY(count)}
              >
                <title>{`${formatMetric(from)} to ${formatMetric(to)}: ${formatInteger(count)}`}</title>
              </rect>
            );
          })
        }
      </Chart>
    </figure>
  );
}

const RADIUS = 2.5;

/** All points as one path: a thousand elements would be slow. */
function drawPoints(
  x: readonly number[],
  y: readonly number[],
  toX: (value: number) => number,
  toY: (value: number) => number,
): string {
  const dot = `m${-RADIUS},0a${RADIUS},${RADIUS} 0 1,0 ${2 * RADIUS},0a${RADIUS},${RADIUS} 0 1,0 ${-2 * RADIUS},0`;
  return x.map((value, i) => `M${toX(value)},${toY(y[i] ?? 0)}${dot}`).join("");
}
