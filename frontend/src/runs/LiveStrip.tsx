/** The newest run of a model in one line: status, progress, small live curves, stop. For the editor. */
import { Anchor, Box, Group, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { isFinal } from "@/api/events";
import { runsQuery } from "@/api/runs";
import type { RunPublic } from "@/api/types";
import { PauseButton } from "@/runs/control/PauseButton";
import { useControl } from "@/runs/control/useControl";
import type { ChartOptions } from "@/runs/curves/chartData";
import { groupFamilies } from "@/runs/curves/families";
import { MetricChart } from "@/runs/curves/MetricChart";
import classes from "@/runs/LiveStrip.module.css";
import { StopButton } from "@/runs/StopButton";
import { useElapsed } from "@/runs/useElapsed";
import { listMetrics, listNewest } from "@/stores/runs/folds";
import { measureProgress } from "@/stores/runs/progress";
import type { LiveRun } from "@/stores/runs/state";
import { useCalmRun, useFollowRun } from "@/stores/runs/useLiveRun";
import { useRunUpdates } from "@/stores/runs/useRunUpdates";
import { formatInteger, formatMetric, formatSeconds } from "@/ui/format/amounts";
import { StatusBadge } from "@/ui/runs/StatusBadge";

const CHART_HEIGHT = 72;
const MOST_CHARTS = 2;
const OPTIONS: ChartOptions = { xAxis: "both", smoothing: 0, logScale: false };

/** Nothing where the model has no run yet. */
export function LiveStrip({ modelId }: { modelId: string }) {
  useRunUpdates();
  const runs = useInfiniteQuery(runsQuery({ model_id: modelId }, 1));
  const run = runs.data?.pages[0]?.items[0];
  return run === undefined ? null : <Strip key={run.id} run={run} />;
}

function Strip({ run }: { run: RunPublic }) {
  useFollowRun(run.id);
  const live = useCalmRun(run.id);
  const control = useControl(run.id);
  const status = live?.status ?? run.status;
  return (
    <section aria-label="Newest run" className={classes.strip}>
      <Box className={classes.facts}>
        <Group gap="xs" wrap="nowrap">
          <Anchor component={Link} to={`/runs/${run.id}`} fw={600} size="sm" truncate="end">
            {run.name}
          </Anchor>
          <StatusBadge status={status} size="sm" />
        </Group>
        {status === "failed" ? (
          <FailureReason reason={live?.reason ?? run.reason} />
        ) : (
          <StripProgress run={run} live={live} />
        )}
        {control.problem !== null && (
          <Text size="xs" c="var(--mantine-color-error)" role="alert">
            {control.problem}
          </Text>
        )}
        <Group gap="xs">
          {!isFinal(status) && (
            <>
              <PauseButton
                runId={run.id}
                situation={{ status, canResume: run.can_resume }}
                control={control}
                size="compact-xs"
              />
              <StopButton runId={run.id} size="compact-xs" />
            </>
          )}
          <Anchor component={Link} to={`/runs/${run.id}`} size="xs">
            Open the run
          </Anchor>
        </Group>
      </Box>
      <StripCharts runId={run.id} live={live} />
    </section>
  );
}

/** At most two lines; the run's own page has the rest. */
function FailureReason({ reason }: { reason: string | null }) {
  return (
    <Text size="xs" c="red" lineClamp={2} title={reason ?? undefined} role="alert">
      {reason ?? "Its worker gave no reason."}
    </Text>
  );
}

function StripProgress({ run, live }: { run: RunPublic; live: LiveRun | undefined }) {
  const elapsed = useElapsed(run);
  const progress = live && measureProgress(live, elapsed);
  const epoch = live?.epoch ?? run.epoch;
  const fold = live?.fold ?? run.fold;
  const folds = live?.folds ?? run.folds;
  const parts = [
    fold !== null && folds !== null && `fold ${formatInteger(fold)} of ${formatInteger(folds)}`,
    epoch === null
      ? null
      : `epoch ${formatInteger(epoch + 1)} of ${formatInteger(live?.epochs ?? run.epochs)}`,
    live && live.step > 0 && `step ${formatInteger(live.step)}`,
    progress?.remainingSeconds != null && `about ${formatSeconds(progress.remainingSeconds)} left`,
  ];
  return (
    <Text size="xs" c="dimmed" className={classes.numbers}>
      {parts.filter(Boolean).join(" · ") || describeWait(run)}
    </Text>
  );
}

function describeWait(run: RunPublic): string {
  if (isFinal(run.status)) return run.reason ?? "ended before the first step";
  return run.status === "queued" ? "waiting for a worker" : "building the model";
}

function StripCharts({ runId, live }: { runId: string; live: LiveRun | undefined }) {
  const names = live === undefined ? [] : [...Object.keys(live.stepCurves), ...Object.keys(live.epochCurves)];
  const families = groupFamilies(["loss", ...listMetrics(names)]).slice(0, MOST_CHARTS);
  const newest = live === undefined ? {} : listNewest(live);
  return families.map((family) => {
    const validation = newest[family.validation];
    const training = newest[family.name];
    return (
      <Box key={family.name} className={classes.chart}>
        <Text size="xs" className={classes.numbers} truncate="end">
          {family.name} <b>{training === undefined ? "" : formatMetric(training)}</b>
          {validation !== undefined && (
            <Text span inherit c="dimmed">
              {` · ${family.validation} ${formatMetric(validation)}`}
            </Text>
          )}
        </Text>
        <MetricChart runId={runId} family={family} options={OPTIONS} height={CHART_HEIGHT} bare />
      </Box>
    );
  });
}
