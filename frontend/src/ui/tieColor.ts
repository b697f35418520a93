/** The colours that tie the calls of one shared layer together, the same on the canvas and in the inspector. */

// None of them is red, which is left to what is wrong, nor the primary colour, which marks what is chosen.
const COLORS = ["teal", "orange", "grape", "cyan", "lime", "pink", "yellow", "blue"];

export function colorOfTie(index: number): string {
  return `var(--mantine-color-${COLORS[index % COLORS.length] ?? "teal"}-6)`;
}
