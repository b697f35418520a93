/** What each line of a chart looks like, in light and in dark. */
import type { MantineTheme } from "@mantine/core";
import type { LineRole } from "@/runs/curves/chartData";
import type { Tone } from "@/runs/marks/kinds";

export interface ChartColors {
  readonly lines: Record<LineRole, string>;
  /** Of the band around a mean. */
  readonly bands: { readonly edge: string; readonly "edge-validation": string };
  readonly axis: string;
  readonly grid: string;
  readonly alarm: string;
  readonly tones: Record<Tone, string>;
}

export function pickColors(theme: MantineTheme, dark: boolean): ChartColors {
  const shade = (color: string, light: number, inDark: number): string =>
    theme.colors[color]?.[dark ? inDark : light] ?? "gray";
  return {
    lines: {
      raw: `${shade("loom", 3, 7)}99`,
      training: shade("loom", 5, 3),
      "training-epoch": shade("loom", 8, 1),
      validation: shade("orange", 6, 4),
      fold: `${shade("loom", 4, 5)}99`,
      mean: shade("loom", 8, 2),
      edge: "transparent",
      "fold-validation": `${shade("orange", 4, 6)}99`,
      "mean-validation": shade("orange", 8, 3),
      "edge-validation": "transparent",
    },
    bands: {
      edge: `${shade("loom", 5, 4)}26`,
      "edge-validation": `${shade("orange", 5, 5)}26`,
    },
    axis: shade("gray", 7, 5),
    grid: dark ? "rgba(255, 255, 255, 0.07)" : "rgba(0, 0, 0, 0.07)",
    alarm: shade("red", 6, 5),
    tones: {
      calm: shade("gray", 6, 5),
      change: shade("grape", 6, 4),
      good: shade("teal", 7, 4),
      halt: shade("orange", 7, 4),
      alarm: shade("red", 7, 4),
    },
  };
}
