/** Numbers as the API sends them: JSON has no NaN and no infinities, so those travel as strings. */

export type ApiNumber = number | string;

/** `"NaN"`, `"Infinity"` and `"-Infinity"` as the numbers that they mean. */
export function toNumber(value: ApiNumber): number {
  return typeof value === "number" ? value : Number(value);
}
