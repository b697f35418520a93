/** FLOPs as people read them. */

const UNITS = ["FLOPs", "kFLOPs", "MFLOPs", "GFLOPs", "TFLOPs", "PFLOPs", "EFLOPs"];

/** `7755299312` → `7.76 GFLOPs`: three digits, in steps of a thousand. */
export function formatFlops(flops: number): string {
  if (flops < 1000) return `${flops} FLOPs`;
  const power = Math.min(Math.floor(Math.log10(flops) / 3 + 1e-9), UNITS.length - 1);
  return `${Number((flops / 1000 ** power).toPrecision(3))} ${UNITS[power]}`;
}
