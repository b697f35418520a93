/** A field's values at a glance: a histogram of numbers, or how often each class is there. */
import { Text } from "@mantine/core";
import type { FieldSummary } from "@/api/ownTypes";
import { formatMoment } from "@/library/dates";
import classes from "@/library/Library.module.css";
import { formatInteger, formatMetric } from "@/ui/format/amounts";

const HEIGHT = 28;
const MOST_BARS = 60;

interface Bar {
  readonly label: string;
  readonly count: number;
}

export function FieldBars({ field }: { field: FieldSummary }) {
  const bars = barsOf(field).slice(0, MOST_BARS);
  if (bars.length === 0) return <Text c="dimmed">–</Text>;
  const most = Math.max(...bars.map(({ count }) => count), 1);
  const kind = field.class_counts?.length ? "Classes" : "Histogram";
  return (
    <svg
      className={classes.bars}
      viewBox={`0 0 ${bars.length} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${kind} of ${field.name}: ${bars.length} bars`}
    >
      {bars.map(({ label, count }, place) => {
        const height = count === 0 ? 0 : Math.max(1, (count / most) * HEIGHT);
        return (
          <rect key={label} x={place + 0.06} y={HEIGHT - height} width={0.88} height={height}>
            <title>{`${label}: ${formatInteger(count)}`}</title>
          </rect>
        );
      })}
    </svg>
  );
}

function barsOf({ kind, histogram, classes: names = [], class_counts = [] }: FieldSummary): Bar[] {
  if (class_counts.length > 0) {
    return class_counts.map((count, label) => ({ label: names[label] ?? String(label), count }));
  }
  const format = kind === "date" ? formatMoment : formatMetric;
  return (histogram?.counts ?? []).map((count, bin) => {
    const [from = 0, to = 0] = [histogram?.edges[bin], histogram?.edges[bin + 1]];
    return { label: `${format(from)} to ${format(to)}`, count };
  });
}
