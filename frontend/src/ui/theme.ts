/** Colours, type and spacing of every page. */
import { createTheme, type MantineColorsTuple, Tooltip } from "@mantine/core";

const loom: MantineColorsTuple = [
  "#eef0ff",
  "#dcdffb",
  "#b8bdf3",
  "#9198ec",
  "#7178e6",
  "#5c64e2",
  "#4f57e0",
  "#4048c8",
  "#373fb3",
  "#2b349e",
];

export const theme = createTheme({
  primaryColor: "loom",
  primaryShade: { light: 6, dark: 5 },
  colors: { loom },
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace:
    "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace",
  headings: { fontWeight: "650" },
  defaultRadius: "md",
  cursorType: "pointer",
  components: {
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 400, multiline: true, maw: 360 } }),
  },
});
