/*
 * Rectangle probabilities of the multivariate standard normal in three and more dimensions: separation of
 * variables (Genz, J. Comput. Graph. Stat. 1, 141, 1992) over a fixed Richtmyer lattice with the baker's
 * transformation. Every factor is kept in logarithms and every conditional draw is made in the nearer tail, so
 * the estimate is finite wherever the marginals are. Relative error is about 1e-3 in the centre; it is no
 * random number: equal arguments give equal answers.
 */
import { logNormalMass, truncatedNormalQuantile } from "./normal.ts";
import { logSumExp } from "./logspace.ts";
import { logBivariateMass } from "./bivariate.ts";

const POINTS = 251;
const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71];
/** Added to a pivot that rounding made zero: a property then follows the others with this sd. */
const LEAST_SD = 1e-4;

/** log P(low ≤ X ≤ high) of m standard normals with correlation `r`, row-major m × m. */
export function logMultivariateMass(low: Float64Array, high: Float64Array, r: Float64Array): number {
  const m = low.length;
  if (m === 0) return 0;
  if (m === 1) return logNormalMass(low[0]!, high[0]!);
  if (m === 2) return logBivariateMass([low[0]!, low[1]!], [high[0]!, high[1]!], r[1]!);
  const masses = low.map((a, i) => logNormalMass(a, high[i]!));
  const least = Math.min(...masses);
  if (!(least > Number.NEGATIVE_INFINITY)) return least;
  // The least likely first: Genz's ordering, which flattens the integrand.
  const order = Array.from(masses.keys()).toSorted((i, j) => masses[i]! - masses[j]! || i - j);
  const factor = cholesky(r, order);
  const terms = new Float64Array(POINTS);
  const a = Float64Array.from(order, (i) => low[i]!);
  const b = Float64Array.from(order, (i) => high[i]!);
  for (let k = 0; k < POINTS; k++) terms[k] = logProduct(a, b, factor, k + 1);
  return Math.min(least, logSumExp(terms) - Math.log(POINTS));
}

/** One lattice point: the product of conditional probabilities along the factor's rows. */
function logProduct(low: Float64Array, high: Float64Array, factor: Float64Array, index: number): number {
  const m = low.length;
  const y = new Float64Array(m);
  let sum = 0;
  for (let i = 0; i < m; i++) {
    let shift = 0;
    for (let j = 0; j < i; j++) shift += factor[i * m + j]! * y[j]!;
    const pivot = factor[i * m + i]!;
    const a = (low[i]! - shift) / pivot;
    const b = (high[i]! - shift) / pivot;
    sum += logNormalMass(a, b);
    if (i < m - 1) y[i] = truncatedNormalQuantile(lattice(index, i), a, b);
  }
  return sum;
}

/** The i-th coordinate of a Richtmyer lattice point, folded by the baker's transformation and kept off 0 and 1. */
function lattice(index: number, i: number): number {
  const root = Math.sqrt(PRIMES[i % PRIMES.length]!) * (1 + Math.floor(i / PRIMES.length));
  const u = Math.abs(2 * ((index * root) % 1) - 1);
  return Math.min(Math.max(u, 1e-12), 1 - 1e-12);
}

/** Lower Cholesky factor of the reordered correlation, with pivots kept positive. */
function cholesky(r: Float64Array, order: readonly number[]): Float64Array {
  const m = order.length;
  const f = new Float64Array(m * m);
  for (let i = 0; i < m; i++)
    for (let j = 0; j <= i; j++) {
      let sum = r[order[i]! * m + order[j]!]!;
      for (let k = 0; k < j; k++) sum -= f[i * m + k]! * f[j * m + k]!;
      f[i * m + j] = i === j ? Math.sqrt(Math.max(sum, LEAST_SD * LEAST_SD)) : sum / f[j * m + j]!;
    }
  return f;
}
