/** One image of a data set, enlarged without smoothing so that its pixels can be seen. */
import { useLayoutEffect, useRef } from "react";
import { readPixels } from "@/ui/samples/pixels";

interface SampleImageProps {
  pixels: unknown;
  minimum: number;
  maximum: number;
  label: string;
  /** Of the longer side, in CSS pixels. */
  size?: number;
}

export function SampleImage({ pixels, minimum, maximum, label, size = 64 }: SampleImageProps) {
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
      style={{ ...measure(pixels, size), imageRendering: "pixelated", borderRadius: 4 }}
    />
  );
}

/** The image's own proportions. */
function measure(pixels: unknown, size: number): { width: number; height: number } {
  const image = readPixels(pixels, 0, 1);
  if (image === null) return { width: size, height: size };
  const scale = size / Math.max(image.width, image.height);
  return { width: image.width * scale, height: image.height * scale };
}
