/** How all charts of a run are shown: which axis, how smooth, linear or logarithmic. */
import { Group, SegmentedControl, Slider, Switch, Text } from "@mantine/core";
import { useId } from "react";
import type { ChartOptions, XAxis } from "@/runs/curves/chartData";

const MAX_SMOOTHING = 0.99;

const AXES: { value: XAxis; label: string }[] = [
  { value: "both", label: "Both" },
  { value: "step", label: "Steps" },
  { value: "epoch", label: "Epochs" },
];

interface CurveToolbarProps {
  options: ChartOptions;
  onChange: (options: ChartOptions) => void;
}

export function CurveToolbar({ options, onChange }: CurveToolbarProps) {
  const smoothingLabel = useId();
  return (
    <Group gap="lg" wrap="wrap">
      <SegmentedControl
        size="xs"
        aria-label="Horizontal axis"
        data={AXES}
        value={options.xAxis}
        onChange={(xAxis) => onChange({ ...options, xAxis })}
      />
      <Group gap="xs" wrap="nowrap">
        <Text size="xs" id={smoothingLabel}>
          Smoothing
        </Text>
        <Slider
          w={120}
          size="sm"
          min={0}
          max={MAX_SMOOTHING}
          step={0.01}
          thumbProps={{ "aria-labelledby": smoothingLabel }}
          value={options.smoothing}
          onChange={(smoothing) => onChange({ ...options, smoothing })}
          disabled={options.xAxis === "epoch"}
        />
        <Text size="xs" c="dimmed" w={32} style={{ fontVariantNumeric: "tabular-nums" }}>
          {options.smoothing.toFixed(2)}
        </Text>
      </Group>
      <Switch
        size="sm"
        label="Logarithmic"
        checked={options.logScale}
        onChange={(event) => onChange({ ...options, logScale: event.currentTarget.checked })}
      />
    </Group>
  );
}
