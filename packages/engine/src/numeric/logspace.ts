/* Arithmetic on logarithms of probabilities. Tails are kept: nothing here adds a floor. */

/** log(1 − e^x) for x ≤ 0; −∞ at 0. Mächler (2012), "Accurately computing log(1 − exp(−|a|))". */
export const log1mexp = (x: number): number => (x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x)));

/** log(e^a + e^b). */
export function logAdd(a: number, b: number): number {
  const high = Math.max(a, b);
  return high === Number.NEGATIVE_INFINITY || high === Number.POSITIVE_INFINITY ? high : high + Math.log1p(Math.exp(Math.min(a, b) - high));
}

/** log Σ e^x; −∞ for no terms. */
export function logSumExp(values: ArrayLike<number>): number {
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) if (!(values[i]! <= high)) high = values[i]!;
  if (!Number.isFinite(high)) return high;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i]! - high);
  return high + Math.log(sum);
}
