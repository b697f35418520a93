/** Two dimensions of more than one, or three where the last one holds one grey or three colour channels. */
export function isImage({ shape = [] }: { shape?: readonly (number | null)[] }): boolean {
  const [height, width, channels = 1, ...more] = shape;
  const isPlane = height != null && width != null && Math.min(height, width) > 1;
  return isPlane && more.length === 0 && (channels === 1 || channels === 3);
}
