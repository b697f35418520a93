/** An image of a data set, as nested lists of numbers, turned into the bytes that a canvas draws. */

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and opacity of each pixel, 0 to 255. */
  readonly bytes: Uint8ClampedArray<ArrayBuffer>;
}

/** Null where it is no image. `minimum` becomes black and `maximum` white. */
export function readPixels(rows: unknown, minimum: number, maximum: number): Pixels | null {
  if (!Array.isArray(rows) || !Array.isArray(rows[0])) return null;
  const height = rows.length;
  const width = rows[0].length;
  const bytes = new Uint8ClampedArray(width * height * 4);
  const scale = 255 / (maximum - minimum || 1);
  rows.flat(1).forEach((pixel: unknown, i) => {
    const channels = Array.isArray(pixel) ? pixel : [pixel];
    for (let channel = 0; channel < 3; channel++) {
      // One channel is grey: it stands for all three.
      const value: unknown = channels[channel] ?? channels[0];
      bytes[i * 4 + channel] = typeof value === "number" ? (value - minimum) * scale : 0;
    }
    bytes[i * 4 + 3] = 255;
  });
  return { width, height, bytes };
}
