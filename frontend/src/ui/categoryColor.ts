/** The accent colour of a layer category, the same in palette, canvas and inspector. */

// Ordered so that neighbours in the catalogue's list look different. Red is left to what is wrong.
const COLORS = [
  "indigo",
  "teal",
  "orange",
  "grape",
  "cyan",
  "pink",
  "lime",
  "violet",
  "yellow",
  "blue",
  "green",
  "gray",
];

/** A CSS colour for the category; grey for one that the catalogue does not list. */
export function colorOfCategory(categories: readonly string[], category: string | undefined): string {
  const index = category === undefined ? -1 : categories.indexOf(category);
  const color = index < 0 ? "gray" : (COLORS[index % COLORS.length] ?? "gray");
  return `var(--mantine-color-${color}-6)`;
}
