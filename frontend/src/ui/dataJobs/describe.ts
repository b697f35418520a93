/** Work on data, in words. */
import type { DataJob } from "@/api/ownTypes";
import { formatBytes, formatPercent } from "@/ui/format/amounts";

const DOING: Record<NonNullable<DataJob["kind"]>, string> = {
  make: "Prepare",
  download: "Download",
  duplicates: "Look for duplicates",
};

/** `Download MNIST digits`. */
export function describeJob({ kind = "make", title }: DataJob): string {
  return kind === "duplicates" ? `Look for duplicates in ${title}` : `${DOING[kind]} ${title}`;
}

/** `waiting for its turn`, `42 % done`, `4.2 MB of 11 MB`. */
export function describeProgress({ state, progress = 0, received_bytes, total_bytes }: DataJob): string {
  if (state === "waiting") return "waiting for its turn";
  if (received_bytes == null) return `${formatPercent(progress)} done`;
  if (total_bytes == null) return formatBytes(received_bytes);
  // All of it is there, and is now compared with its hash and read.
  if (received_bytes >= total_bytes) return `${formatBytes(total_bytes)} are here; checking them`;
  return `${formatBytes(received_bytes)} of ${formatBytes(total_bytes)}`;
}
