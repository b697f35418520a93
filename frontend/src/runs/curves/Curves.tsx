/** All charts of a run: one per metric family, their crosshairs moving together. */
import { Card, Group, SimpleGrid, Text, Title } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useMemo, useState } from "react";
import { CurveToolbar } from "@/runs/curves/CurveToolbar";
import type { ChartOptions } from "@/runs/curves/chartData";
import { FoldChoice } from "@/runs/curves/FoldChoice";
import { groupFamilies } from "@/runs/curves/families";
import { listFolds } from "@/runs/curves/foldCurves";
import { MetricChart } from "@/runs/curves/MetricChart";
import { listMetrics } from "@/stores/runs/folds";
import { useLiveRun } from "@/stores/runs/useLiveRun";

const CHART_HEIGHT = 260;
const FIRST_OPTIONS: ChartOptions = { xAxis: "both", smoothing: 0, logScale: false };
/** Shown from the start, so that nothing jumps when the first step comes. */
const EXPECTED = ["loss"];
const NO_FOLDS: readonly number[] = [];

export function Curves({ runId, expected = EXPECTED }: { runId: string; expected?: readonly string[] }) {
  const [options, setOptions] = useLocalStorage<ChartOptions>({ key: "curves", defaultValue: FIRST_OPTIONS });
  const names = useLiveRun(runId, (run) => [...Object.keys(run.stepCurves), ...Object.keys(run.epochCurves)]);
  const families = useMemo(
    () => groupFamilies([...expected, ...listMetrics(names ?? [])]),
    [expected, names],
  );
  const folds = useLiveRun(runId, listFolds) ?? NO_FOLDS;
  const [chosen, setChosen] = useState<number | null>(null);
  const fold = chosen !== null && folds.includes(chosen) ? chosen : null;
  return (
    <section aria-label="Curves">
      <Group justify="space-between" mb="sm" gap="sm">
        <Title order={2} size="h4">
          Curves
        </Title>
        <Group gap="lg">
          {folds.length > 0 && <FoldChoice folds={folds} value={fold} onChange={setChosen} />}
          <CurveToolbar options={options} onChange={setOptions} />
        </Group>
      </Group>
      <SimpleGrid cols={{ base: 1, md: families.length > 1 ? 2 : 1 }} spacing="md">
        {families.map((family) => (
          <Card key={family.name} withBorder padding="sm">
            <Text fw={600} size="sm" mb={2}>
              {family.name}
            </Text>
            <MetricChart runId={runId} family={family} options={options} fold={fold} height={CHART_HEIGHT} />
          </Card>
        ))}
      </SimpleGrid>
    </section>
  );
}
