/** Shapes and counts as people read them, in Keras's notation. */
import type { TensorSpec } from "@/api/types";

/** `[null, 64]` → `(None, 64)`, `[null]` → `(None,)`, `[]` → `()`: a Python tuple, as Keras prints shapes. */
export function formatShape(shape: TensorSpec["shape"]): string {
  const sizes = shape.map((size) => (size === null ? "None" : String(size)));
  return sizes.length === 1 ? `(${sizes[0]},)` : `(${sizes.join(", ")})`;
}

/** `1234567` → `1,234,567`, in the same way for every reader. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

const SHORTENED_FROM = 100_000;
const SHORT = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

/** As `formatCount`, with large counts rounded where there is little room: `1234567` → `1.2M`. */
export function formatShortCount(count: number): string {
  return count < SHORTENED_FROM ? formatCount(count) : SHORT.format(count);
}

const BYTE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** `1536` → `1.5 KiB`. */
export function formatBytes(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), BYTE_UNITS.length - 1);
  const amount = bytes / 1024 ** power;
  return `${power === 0 ? amount : amount.toFixed(1)} ${BYTE_UNITS[power] ?? "B"}`;
}
