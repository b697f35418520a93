/** One image of a data set, enlarged without smoothing so that its pixels can be seen. */
import { useLayoutEffect, useRef } from "react";
import { readPixels } from "@/data/pixels";

const SIZE = 64;

interface SampleImageProps {
  pixels: unknown;
  minimum: number;
  maximum: number;
  label: string;
}

export function SampleImage({ pixels, minimum, maximum, label }: SampleImageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    const image = readPixels(pixels, minimum, maximum);
    if (!context || image === null) return;
    context.canvas.width = image.width;
    context.canvas.height = image.height;
    context.putImageData(new ImageData(image.bytes, image.width, image.height), 0, 0);
  }, [pixels, minimum, maximum]);
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={label}
      style={{ width: SIZE, height: SIZE, imageRendering: "pixelated", borderRadius: 4 }}
    />
  );
}
