/** A run's checkpoints as choices of a list. */
import { toNumber } from "@/api/number";
import type { CheckpointPublic } from "@/api/types";
import { formatInteger, formatMetric } from "@/ui/format/amounts";

interface Choice {
  readonly value: string;
  readonly label: string;
}

export function listCheckpoints(checkpoints: readonly CheckpointPublic[]): Choice[] {
  return [
    { value: "best", label: "Best" },
    { value: "last", label: "Last" },
    ...checkpoints.map((one) => ({ value: one.id, label: describeCheckpoint(one) })),
  ];
}

function describeCheckpoint({ epoch, step, logs }: CheckpointPublic): string {
  const watched = "val_loss" in logs ? "val_loss" : "loss";
  const value = logs[watched];
  const score = value === undefined ? "" : ` · ${watched} ${formatMetric(toNumber(value))}`;
  return `Epoch ${formatInteger(epoch + 1)} · step ${formatInteger(step)}${score}`;
}
