/** How far a run is: bar, epoch, step, speed, times and the newest values. */
import { Card, Group, Progress, Text } from "@mantine/core";
import { isFinal } from "@/api/events";
import type { RunPublic, RunStatus } from "@/api/types";
import { useElapsed } from "@/runs/useElapsed";
import { countEnded, listNewest, summarizeNewest } from "@/stores/runs/folds";
import { measureProgress } from "@/stores/runs/progress";
import type { LiveRun } from "@/stores/runs/state";
import { useCalmRun } from "@/stores/runs/useLiveRun";
import {
  formatCount,
  formatInteger,
  formatMetric,
  formatPercent,
  formatRate,
  formatSeconds,
  formatWithSpread,
} from "@/ui/format/amounts";
import { Measure } from "@/ui/Measure";

/** More would not fit beside the rest; the charts have them all. */
const MAX_METRICS = 4;
const MAX_MEANS = 2;

const BAR_COLORS: Partial<Record<RunStatus, string>> = {
  paused: "yellow",
  finished: "teal",
  failed: "red",
  stopped: "orange",
};

export function ProgressCard({ run }: { run: RunPublic }) {
  const live = useCalmRun(run.id);
  const elapsed = useElapsed(run);
  const progress = live && measureProgress(live, elapsed);
  const status = live?.status ?? run.status;
  const done = progress?.fraction ?? 0;
  return (
    <Card withBorder padding="md" component="section" aria-label="Progress">
      <Group gap="sm" wrap="nowrap" mb="sm">
        <Progress.Root size="lg" flex={1}>
          <Progress.Section
            value={done * 100}
            color={BAR_COLORS[status] ?? "blue"}
            aria-label="Training progress"
            aria-valuetext={formatPercent(done)}
          />
        </Progress.Root>
        <Text
          size="sm"
          w={48}
          ta="right"
          style={{ fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" }}
        >
          {formatPercent(done)}
        </Text>
      </Group>
      <Group gap="xl" mih={44} style={{ rowGap: 8 }}>
        {run.folds !== null && <Measure label="Fold" value={live && describeFold(live)} />}
        <Measure label="Epoch" value={live && describeEpoch(live)} />
        <Measure label="Step" value={progress && describeStep(live.step, progress.totalSteps)} />
        <Measure
          label={isFinal(status) ? "Mean speed" : "Speed"}
          value={
            progress &&
            (progress.stepsPerSecond === null ? null : formatRate(progress.stepsPerSecond, "step"))
          }
        />
        <Measure label="Elapsed" value={elapsed === null ? null : formatSeconds(elapsed)} />
        {!isFinal(status) && (
          <Measure label="Remaining, about" value={describeRemaining(progress?.remainingSeconds ?? null)} />
        )}
        {live && listValues(live).map(([name, value]) => <Measure key={name} label={name} value={value} />)}
      </Group>
    </Card>
  );
}

/** The newest values; of several folds their means, once all are over. */
function listValues(live: LiveRun): [string, string][] {
  if (live.folds !== null && isFinal(live.status)) {
    const means = Object.entries(summarizeNewest(live.latest, countEnded(live)));
    const told = means.map(([name, { mean, spread, folds }]): [string, string] => [
      `${name}, mean of ${formatCount(folds, "fold")}`,
      formatWithSpread(mean, spread),
    ]);
    if (told.length > 0) return validationFirst(told).slice(0, MAX_MEANS);
  }
  return Object.entries(listNewest(live))
    .slice(0, MAX_METRICS)
    .map(([name, value]) => [name, formatMetric(value)]);
}

/** What the folds are trained for is how they do on what they have not seen. */
function validationFirst(values: [string, string][]): [string, string][] {
  return [...values].sort(([a], [b]) => Number(b.startsWith("val_")) - Number(a.startsWith("val_")));
}

function describeFold({ fold, folds }: LiveRun): string | null {
  return fold === null || folds === null ? null : `${formatInteger(fold)} of ${formatInteger(folds)}`;
}

function describeEpoch({ epoch, epochs }: LiveRun): string | null {
  return epoch === null ? null : `${formatInteger(epoch + 1)} of ${formatInteger(epochs)}`;
}

function describeStep(step: number, total: number | null): string | null {
  if (total === null) return step === 0 ? null : formatInteger(step);
  return `${formatInteger(step)} of ${formatInteger(total)}`;
}

function describeRemaining(seconds: number | null): string | null {
  return seconds === null ? null : formatSeconds(seconds);
}
