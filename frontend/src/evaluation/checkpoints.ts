/** A run's checkpoints as choices of a list. */
import { toNumber } from "@/api/number";
import type { CheckpointPublic } from "@/api/types";
import { formatInteger, formatMetric } from "@/ui/format/amounts";

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** `monitor` is the metric that the run watches, where it names one. */
export function listCheckpoints(checkpoints: readonly CheckpointPublic[], monitor?: string | null): Choice[] {
  const watched = monitor ?? (checkpoints.some(({ logs }) => "val_loss" in logs) ? "val_loss" : "loss");
  return [
    { value: "best", label: `Best ${watched}` },
    { value: "last", label: "Last" },
    ...checkpoints.map((one) => ({ value: one.id, label: describeCheckpoint(one) })),
  ];
}

function describeCheckpoint({ fold, epoch, step, logs }: CheckpointPublic): string {
  const watched = "val_loss" in logs ? "val_loss" : "loss";
  const value = logs[watched];
  const score = value === undefined ? "" : ` · ${watched} ${formatMetric(toNumber(value))}`;
  const ofFold = fold == null ? "" : `Fold ${formatInteger(fold)} · `;
  return `${ofFold}Epoch ${formatInteger(epoch + 1)} · step ${formatInteger(step)}${score}`;
}
