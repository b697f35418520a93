/** Numbers as people read them: always with their unit, never more digits than they mean. */
import prettyBytes from "pretty-bytes";
import prettyMilliseconds from "pretty-ms";

const COUNT = new Intl.NumberFormat("en");
const METRIC = new Intl.NumberFormat("en", { maximumSignificantDigits: 4, useGrouping: false });
const TINY = new Intl.NumberFormat("en", { maximumSignificantDigits: 3, notation: "scientific" });
const MOST_DECIMALS = 6;
const RATE = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

/** A whole number with its noun: `1 epoch`, `1,437 samples`. */
export function formatCount(count: number, singular: string, plural = `${singular}s`): string {
  return `${COUNT.format(count)} ${count === 1 ? singular : plural}`;
}

export function formatInteger(count: number): string {
  return COUNT.format(count);
}

/** A metric's value to four digits; what is not finite by its name. */
export function formatMetric(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const tiny = value !== 0 && (size < 1e-4 || size >= 1e6);
  return (tiny ? TINY : METRIC).format(value);
}

/** A mean with its spread, to the digits that the spread leaves: `11.4 ± 2.6`. */
export function formatWithSpread(mean: number, spread: number): string {
  const decimals = 1 - Math.floor(Math.log10(spread));
  const plain = Number.isFinite(mean) && decimals >= 0 && decimals <= MOST_DECIMALS;
  const format = plain ? (value: number) => value.toFixed(decimals) : formatMetric;
  return `${format(mean)} ± ${format(spread)}`;
}

/** Bytes in the largest unit that fits: `1.2 MB`. */
export function formatBytes(bytes: number): string {
  return prettyBytes(bytes);
}

/** A duration: `0.4 s`, `12.3 s`, `1 m 20 s`, `2 h 5 m`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  return prettyMilliseconds(seconds * 1000, { unitCount: 2, secondsDecimalDigits: 0 }).replace(
    /(\d)([a-z])/g,
    "$1 $2",
  );
}

/** A speed: `812 steps/s`. Below one per second it is turned around: `2.5 s/step`. */
export function formatRate(perSecond: number, noun: string): string {
  if (perSecond > 0 && perSecond < 1) return `${RATE.format(1 / perSecond)} s/${noun}`;
  return `${RATE.format(perSecond)} ${noun}s/s`;
}

/** A part of the whole: `42 %`. */
export function formatPercent(fraction: number): string {
  return `${Math.floor(fraction * 100)} %`;
}
