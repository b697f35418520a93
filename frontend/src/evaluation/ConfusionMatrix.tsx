/** How often each class was taken for which: counts, and their share of the true class. */
import { ScrollArea, Text } from "@mantine/core";
import { useLayoutEffect, useRef, useState } from "react";
import classes from "@/evaluation/Evaluation.module.css";
import { formatInteger } from "@/ui/format/amounts";

const MOST_CELLS = 24;
const STRONG = 0.5;
const CANVAS = 460;

interface ConfusionMatrixProps {
  /** Rows are the true classes, columns the predicted ones. */
  counts: readonly (readonly number[])[];
  names: readonly string[];
}

export function ConfusionMatrix({ counts, names }: ConfusionMatrixProps) {
  return (
    <section aria-label="Confusion matrix">
      <Text size="sm" fw={600}>
        Confusion matrix
      </Text>
      <Text size="xs" c="dimmed" mb={6}>
        Rows are the true classes, columns what the model says; percentages are of the row.
      </Text>
      {names.length <= MOST_CELLS ? (
        <Cells counts={counts} names={names} />
      ) : (
        <Heat counts={counts} names={names} />
      )}
    </section>
  );
}

function Cells({ counts, names }: ConfusionMatrixProps) {
  return (
    <ScrollArea type="auto" offsetScrollbars="x">
      <table className={classes.matrix}>
        <thead>
          <tr>
            <td />
            {names.map((name) => (
              <th key={name} scope="col" title={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {counts.map((row, i) => (
            <tr key={names[i]}>
              <th scope="row" title={names[i]}>
                {names[i]}
              </th>
              {row.map((count, j) => (
                <Cell
                  key={names[j]}
                  count={count}
                  share={shareOf(count, row)}
                  right={i === j}
                  label={`${names[i]}, taken for ${names[j]}: ${formatInteger(count)}`}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

interface CellProps {
  count: number;
  share: number;
  right: boolean;
  label: string;
}

function Cell({ count, share, right, label }: CellProps) {
  const look = [classes.cell, right ? classes.right : classes.wrong];
  if ((right ? share : Math.sqrt(share)) > STRONG) look.push(classes.strong);
  if (count === 0) look.push(classes.none);
  return (
    <td className={look.join(" ")} style={{ "--share": right ? share : Math.sqrt(share) }} title={label}>
      {formatInteger(count)}
      {count > 0 && <span className={classes.percent}>{writeShare(share)}</span>}
    </td>
  );
}

/** So many classes that each is a few pixels wide: where the pointer is, it is said in words. */
function Heat({ counts, names }: ConfusionMatrixProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [place, setPlace] = useState<readonly [number, number] | null>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const style = getComputedStyle(context.canvas);
    const colors = { right: style.getPropertyValue("--right"), wrong: style.getPropertyValue("--wrong") };
    context.clearRect(0, 0, names.length, names.length);
    counts.forEach((row, i) => {
      row.forEach((count, j) => {
        if (count === 0) return;
        context.globalAlpha = Math.max(0.15, Math.sqrt(shareOf(count, row)));
        context.fillStyle = i === j ? colors.right : colors.wrong;
        context.fillRect(j, i, 1, 1);
      });
    });
  }, [counts, names]);
  const [i, j] = place ?? [0, 0];
  const row = counts[i] ?? [];
  return (
    <>
      <canvas
        ref={canvas}
        width={names.length}
        height={names.length}
        role="img"
        aria-label={`Confusion matrix of ${names.length} classes`}
        style={{
          "--right": "#5c64e2",
          "--wrong": "#fd7e14",
          width: "100%",
          maxWidth: CANVAS,
          aspectRatio: 1,
          imageRendering: "pixelated",
          border: "1px solid var(--mantine-color-default-border)",
          borderRadius: 4,
        }}
        onPointerMove={({ nativeEvent, currentTarget }) =>
          setPlace([
            Math.min(
              names.length - 1,
              Math.floor((nativeEvent.offsetY / currentTarget.clientHeight) * names.length),
            ),
            Math.min(
              names.length - 1,
              Math.floor((nativeEvent.offsetX / currentTarget.clientWidth) * names.length),
            ),
          ])
        }
        onPointerLeave={() => setPlace(null)}
      />
      <Text size="xs" mih={20}>
        {place === null
          ? "Point at a place to read it."
          : `${names[i]}, taken for ${names[j]}: ${formatInteger(row[j] ?? 0)} (${writeShare(shareOf(row[j] ?? 0, row))})`}
      </Text>
    </>
  );
}

function shareOf(count: number, row: readonly number[]): number {
  const total = row.reduce((sum, one) => sum + one, 0);
  return total === 0 ? 0 : count / total;
}

function writeShare(share: number): string {
  return `${share < 0.1 ? (share * 100).toFixed(1) : Math.round(share * 100)} %`;
}
