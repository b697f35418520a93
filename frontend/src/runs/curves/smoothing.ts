/** Smoothing of a noisy curve. */

/**
 * Exponential moving average with the start's bias taken out, as TensorBoard does it. `weight` is 0 (nothing) to below 1.
 * What is not finite stays as it is and does not enter the average.
 */
export function smoothCurve(values: ArrayLike<number>, weight: number): Float64Array {
  const smoothed = new Float64Array(values.length);
  let average = 0;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    if (!Number.isFinite(value)) {
      smoothed[i] = value;
      continue;
    }
    count += 1;
    average = average * weight + (1 - weight) * value;
    smoothed[i] = weight === 0 ? value : average / (1 - weight ** count);
  }
  return smoothed;
}
