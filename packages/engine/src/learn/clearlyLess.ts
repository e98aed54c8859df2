/* Is one mean loss lower than another by more than chance? */

const average = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Whether a mean loss is lower by more than one standard error of the paired difference. */
export function clearlyLess(a: Float64Array, b: Float64Array): boolean {
  const difference = b.map((v, i) => v - a[i]);
  const gain = average(difference);
  const variance = average(difference.map((v) => (v - gain) ** 2));
  return gain > Math.sqrt(variance / difference.length);
}
