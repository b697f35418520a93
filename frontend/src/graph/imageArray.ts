/** Which arrays hold pictures. */
import type { ArraySpec } from "@/api/types";

/** Whether an array of samples of this shape is images: height, width and one, three or four channels. */
export function isImageArray({ shape }: ArraySpec): boolean {
  return shape.length === 3 && [1, 3, 4].includes(shape[2] ?? 0);
}
