/** What each line of a chart looks like, in light and in dark. */
import type { MantineTheme } from "@mantine/core";
import type { LineRole } from "@/runs/curves/chartData";
import type { Tone } from "@/runs/marks/kinds";

export interface ChartColors {
  readonly lines: Record<LineRole, string>;
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
