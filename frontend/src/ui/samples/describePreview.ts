/** What a layer makes of one example, in a few words: shape, type and range. */
import { toNumber } from "@/api/number";
import type { PreviewArray } from "@/api/preview";
import { formatMetric } from "@/ui/format/amounts";

export function describePreview({ shape, dtype, minimum, maximum }: PreviewArray): string {
  const size = `(${shape.join(", ")}${shape.length === 1 ? "," : ""}) ${dtype}`;
  if (minimum == null || maximum == null) return size;
  return `${size}, ${formatMetric(toNumber(minimum))} to ${formatMetric(toNumber(maximum))}`;
}
