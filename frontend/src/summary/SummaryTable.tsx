/** One row for each node: sorted by a click on a heading, brought into view on the canvas by a click on the row. */
import { Button, Text, Tooltip, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconLink } from "@tabler/icons-react";
import { type ReactNode, useMemo, useState } from "react";
import { formatFlops } from "@/graph/amountsOfWork";
import { formatBytes, formatCount, formatShape } from "@/graph/shapes";
import { focusNode, useEditor } from "@/stores/editor/editorStore";
import classes from "@/summary/Summary.module.css";
import { type Column, nextSorting, type Sorting, type SummaryRow, sortRows } from "@/summary/summaryRows";

const FIRST_ROWS = 300;

const COLUMNS: readonly { column: Column; label: string; isNumber?: boolean }[] = [
  { column: "name", label: "Layer" },
  { column: "type", label: "Type" },
  { column: "shape", label: "Output shape" },
  { column: "parameters", label: "Parameters", isNumber: true },
  { column: "flops", label: "FLOPs", isNumber: true },
  { column: "memory", label: "Activations", isNumber: true },
];

export function SummaryTable({ rows }: { rows: readonly SummaryRow[] }) {
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const [showsAll, setShowsAll] = useState(false);
  const sorted = useMemo(() => sortRows(rows, sorting), [rows, sorting]);
  const shown = showsAll ? sorted : sorted.slice(0, FIRST_ROWS);
  return (
    <>
      <table className={classes.table}>
        <thead>
          <tr>
            {COLUMNS.map(({ column, label, isNumber }) => (
              <th
                key={column}
                className={isNumber ? classes.number : undefined}
                aria-sort={ariaSort(sorting, column)}
              >
                <UnstyledButton
                  className={classes.sort}
                  onClick={() => setSorting(nextSorting(sorting, column))}
                >
                  {label}
                  {sorting?.column === column &&
                    (sorting.isReversed ? (
                      <IconChevronDown size={13} aria-hidden />
                    ) : (
                      <IconChevronUp size={13} aria-hidden />
                    ))}
                </UnstyledButton>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <Row key={row.node} row={row} />
          ))}
        </tbody>
      </table>
      {shown.length < sorted.length && (
        <Button variant="subtle" size="xs" fullWidth onClick={() => setShowsAll(true)}>
          Show all {formatCount(sorted.length)} nodes
        </Button>
      )}
    </>
  );
}

function ariaSort(sorting: Sorting | null, column: Column) {
  if (sorting?.column !== column) return "none";
  return sorting.isReversed ? "descending" : "ascending";
}

function Row({ row }: { row: SummaryRow }) {
  const isChosen = useEditor((state) => state.selectedNodes.has(row.node));
  const shapes = row.outputs.map(({ shape, dtype }) => `${formatShape(shape)} ${dtype}`);
  const [first] = row.outputs;
  return (
    <tr data-chosen={isChosen || undefined} onClick={() => focusNode(row.node)}>
      <td className={classes.name}>
        <UnstyledButton fz="inherit" fw={600} title={row.name}>
          {row.name}
        </UnstyledButton>
        {row.calls > 1 && (
          <IconLink size={12} style={{ marginLeft: 4 }} aria-label={`Shared: called ${row.calls} times`} />
        )}
      </td>
      <td className={classes.type} title={row.type}>
        {row.type}
      </td>
      <td className={classes.shape} title={shapes.join("\n")}>
        {first ? formatShape(first.shape) : "–"}
        {shapes.length > 1 && ` +${shapes.length - 1}`}
      </td>
      <Amount share={row.parameterShare}>
        {row.parameters === undefined ? "–" : formatCount(row.parameters)}
      </Amount>
      <Amount share={row.flopsShare} note={explainFlops(row)}>
        {row.flops == null ? (row.flops === null ? "unknown" : "–") : formatFlops(row.flops)}
      </Amount>
      <Amount share={row.memoryShare} note={row.memory === null ? row.unknown : null}>
        {row.memory == null ? (row.memory === null ? "unknown" : "–") : formatBytes(row.memory)}
      </Amount>
    </tr>
  );
}

interface AmountProps {
  share: number;
  note?: string | null;
  children: ReactNode;
}

/** A number with the part of the sum that it is. */
function Amount({ share, note, children }: AmountProps) {
  const percent = share > 0 ? `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} % of the sum` : "";
  const label = [percent, note].filter(Boolean).join(". ");
  return (
    <td className={`${classes.number} ${classes.amount}`}>
      <Tooltip label={label} disabled={!label} multiline maw={320} openDelay={250} position="left">
        <Text span inherit>
          {children}
        </Text>
      </Tooltip>
      {share > 0 && <span className={classes.bar} style={{ width: `${share * 100}%` }} />}
    </td>
  );
}

function explainFlops(row: SummaryRow): string | null {
  if (row.unknown !== null) return row.unknown;
  return row.uncounted.length > 0 ? `TensorFlow has no count for ${row.uncounted.join(", ")}` : null;
}
