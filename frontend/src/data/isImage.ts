/** Two dimensions, or three where the last one holds one grey or three colour channels. */
export function isImage({ shape }: { shape: readonly (number | null)[] }): boolean {
  const [height, width, channels = 1, ...more] = shape;
  return more.length === 0 && height != null && width != null && (channels === 1 || channels === 3);
}
