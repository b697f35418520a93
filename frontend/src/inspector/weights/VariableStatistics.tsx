/** One variable of a layer: its name, shape, statistics and histogram. */
import { Group, Text, Tooltip } from "@mantine/core";
import type { WeightVariable } from "@/api/types";
import { formatBytes, formatShape } from "@/graph/shapes";
import { Histogram } from "@/inspector/weights/Histogram";
import classes from "@/inspector/weights/Weights.module.css";
import { formatInteger, formatMetric } from "@/ui/format/amounts";

type Statistics = NonNullable<WeightVariable["statistics"]>;

export function VariableStatistics({ variable }: { variable: WeightVariable }) {
  const { name, path, shape, dtype, trainable, statistics, count, bytes } = variable;
  return (
    <div className={classes.variable}>
      <Group justify="space-between" gap={6} wrap="nowrap">
        <Tooltip label={path} openDelay={400}>
          <Text fz="xs" fw={600} truncate="end">
            {name}
          </Text>
        </Tooltip>
        <Text fz={11} ff="monospace" style={{ flex: "none" }}>
          {`${formatShape(shape)} ${dtype}`}
        </Text>
      </Group>
      <Text fz={11} c="dimmed" mb={4}>
        {`${formatInteger(count)} ${count === 1 ? "number" : "numbers"} · ${formatBytes(bytes)}`}
        {trainable ? "" : " · not trained"}
      </Text>
      {statistics?.histogram && <Histogram {...statistics.histogram} label={path} />}
      {statistics && <Facts statistics={statistics} />}
    </div>
  );
}

function Facts({ statistics }: { statistics: Statistics }) {
  const { mean, std, min, max, zeros, nan, infinite } = statistics;
  const facts = [
    ["min", show(min)],
    ["max", show(max)],
    ["mean", show(mean)],
    ["std", show(std)],
    ["zeros", `${(zeros * 100).toFixed(zeros > 0 && zeros < 0.1 ? 1 : 0)} %`],
    ...(nan > 0 ? [["NaN", formatInteger(nan)]] : []),
    ...(infinite > 0 ? [["infinite", formatInteger(infinite)]] : []),
  ];
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => [<dt key={`${name} name`}>{name}</dt>, <dd key={name}>{value}</dd>])}
    </dl>
  );
}

function show(value: number | null | undefined): string {
  return value == null ? "–" : formatMetric(value);
}
