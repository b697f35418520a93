/** The shape of one sample of an array, as people read it. */

interface Described {
  readonly shape: readonly (number | null)[];
  readonly dtype: string;
}

/** `28 × 28`; `one text` or `one number` where there is a single value. */
export function formatSampleShape({ shape, dtype }: Described): string {
  if (shape.length > 0) return shape.map((size) => size ?? "?").join(" × ");
  return dtype === "string" ? "one text" : "one number";
}

const MOST_LISTED = 3;

/** All inputs in a few words: `28 × 28`, `1, one text and one text`, `14 arrays`. */
export function formatInputs(inputs: readonly Described[]): string {
  if (inputs.length > MOST_LISTED) return `${inputs.length} inputs`;
  const shapes = inputs.map(formatSampleShape);
  return `input ${[shapes.slice(0, -1).join(", "), shapes.at(-1)].filter(Boolean).join(" and ")}`;
}
