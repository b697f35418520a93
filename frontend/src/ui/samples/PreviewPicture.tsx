/** What comes out of a layer for one example: an image as it is, everything else in words and numbers. */
import type { PreviewArray } from "@/api/preview";
import classes from "@/ui/samples/PreviewPicture.module.css";
import { ShownValue } from "@/ui/samples/ShownValue";

interface PreviewPictureProps {
  array: PreviewArray;
  label: string;
  /** Of the longer side, in CSS pixels; all the width that there is where it is left out. */
  size?: number;
}

/** From this many pixels on an enlarged picture is smoothed: those of smaller ones are to be seen. */
const SMOOTH_FROM = 48;

export function PreviewPicture({ array, label, size }: PreviewPictureProps) {
  if (array.picture == null)
    return array.shown ? <ShownValue array={array.shown} label={label} size={size} /> : null;
  const [height = 1, width = 1] = array.shape;
  return (
    <img
      className={classes.picture}
      src={array.picture}
      alt={label}
      data-coarse={Math.max(height, width) < SMOOTH_FROM || undefined}
      style={{
        aspectRatio: `${width} / ${height}`,
        width: size === undefined ? "100%" : widthFor(size, width, height),
      }}
    />
  );
}

function widthFor(size: number, width: number, height: number): number {
  return (size * width) / Math.max(width, height);
}
