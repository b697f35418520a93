/** A small histogram: one bar for each bin, with its range and count when the pointer is over it. */
import { Text } from "@mantine/core";
import classes from "@/inspector/weights/Weights.module.css";
import { formatInteger, formatMetric } from "@/ui/format/amounts";

interface HistogramProps {
  edges: readonly number[];
  counts: readonly number[];
  label: string;
}

const HEIGHT = 40;

export function Histogram({ edges, counts, label }: HistogramProps) {
  const most = Math.max(...counts, 1);
  return (
    <div>
      <svg
        className={classes.histogram}
        viewBox={`0 0 ${counts.length} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Histogram of ${label}: ${counts.length} bins from ${formatMetric(edges[0] ?? 0)} to ${formatMetric(edges.at(-1) ?? 0)}`}
      >
        {counts.map((count, bin) => {
          const height = count === 0 ? 0 : Math.max(1, (count / most) * HEIGHT);
          const from = edges[bin] ?? 0;
          return (
            <rect key={from} x={bin + 0.06} y={HEIGHT - height} width={0.88} height={height}>
              <title>
                {`${formatMetric(from)} to ${formatMetric(edges[bin + 1] ?? from)}: ${formatInteger(count)}`}
              </title>
            </rect>
          );
        })}
      </svg>
      <Text fz={10} c="dimmed" className={classes.ends}>
        <span>{formatMetric(edges[0] ?? 0)}</span>
        <span>{formatMetric(edges.at(-1) ?? 0)}</span>
      </Text>
    </div>
  );
}
