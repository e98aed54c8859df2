/* Order statistics. Inputs are not changed; NaN is the caller's to leave out. */

/** The p-quantile by linear interpolation between order statistics (Hyndman & Fan's type 7, as in R and NumPy); NaN of nothing. */
export const quantileOf = (values: Float64Array, p: number): number => sortedQuantile(values.toSorted(), p);

/** `quantileOf` of values that are sorted already. */
export function sortedQuantile(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = p * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low === high ? low : low + (position - below) * (high - low);
}

/** The middle value, or the mean of the two middle ones. */
export const medianOf = (values: Float64Array): number => quantileOf(values, 0.5);

/** The q-quantile of the finite values as one of them (nearest rank, Hyndman & Fan's type 1); NaN when there is none. */
export function nearestRank(values: ArrayLike<number>, q: number): number {
  const sorted = Float64Array.from(values).filter(Number.isFinite).sort();
  return sorted.length === 0 ? Number.NaN : sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))]!;
}
