/** Round numbers for an axis. */

const STEPS = [1, 2, 5, 10];

/** About `count` round numbers from `low` to `high`, both of them within. */
export function pickTicks(low: number, high: number, count = 5): number[] {
  const span = high - low;
  if (!Number.isFinite(span) || span <= 0) return [low];
  const power = 10 ** Math.floor(Math.log10(span / count));
  const step = power * (STEPS.find((one) => span / (power * one) <= count) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}
