/** The model as a table below the canvas: what each node gives out and costs, the sums, and the canvas's colours. */
import { Button, CloseButton, Loader, Text } from "@mantine/core";
import { IconTable } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { costsAt, useCosts } from "@/stores/editor/costs";
import { useEditor } from "@/stores/editor/editorStore";
import { CostConditions } from "@/summary/CostConditions";
import { HeatChoice } from "@/summary/HeatChoice";
import { KerasTable } from "@/summary/KerasTable";
import classes from "@/summary/Summary.module.css";
import { SummaryTable } from "@/summary/SummaryTable";
import { makeRows } from "@/summary/summaryRows";
import { Totals } from "@/summary/Totals";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";

interface SummaryPanelProps {
  modelId: string;
  onClose: () => void;
}

export function SummaryPanel({ modelId, onClose }: SummaryPanelProps) {
  const { graph } = useEditor((state) => state.open.document);
  const path = useEditor((state) => state.open.path);
  const check = useEditor((state) => state.open.check);
  const { data, error, isFetching, refetch } = useCosts();
  const costs = costsAt(data, path);
  const rows = useMemo(() => makeRows(graph, check, costs), [graph, check, costs]);
  const [showsTable, setShowsTable] = useState(false);
  return (
    <section className={classes.panel} aria-label="Summary">
      <div className={classes.head}>
        <Totals costs={costs} isInside={path.length > 0} />
        <div className={classes.controls}>
          {isFetching && <Loader size={14} aria-label="Counting costs" />}
          <CostConditions modelId={modelId} />
          <HeatChoice costs={costs} />
          <Button size="compact-xs" variant="default" onClick={() => setShowsTable(true)}>
            Keras's table
          </Button>
          <CloseButton size="sm" aria-label="Close the summary" onClick={onClose} />
        </div>
      </div>
      <div className={classes.scroll}>
        {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
        {rows.length === 0 ? (
          <EmptyState icon={<IconTable />} title="Nothing to sum up yet">
            Draw a layer, and its shapes, parameters and costs stand here.
          </EmptyState>
        ) : (
          <SummaryTable rows={rows} />
        )}
        {costs?.unknown && costs.unknown.length > 0 && (
          <Text size="xs" c="dimmed" px={12} py={6}>
            The sums lack {costs.unknown.length} {costs.unknown.length === 1 ? "node" : "nodes"} with tensors
            of unknown size: give the open sizes of the inputs above.
          </Text>
        )}
      </div>
      <KerasTable modelId={modelId} opened={showsTable} onClose={() => setShowsTable(false)} />
    </section>
  );
}
