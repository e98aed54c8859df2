/* What a count of hits says about a rate: intervals and exact tests. */
import { InputError } from "../base/errors.ts";
import { logSumExp } from "../numeric/logspace.ts";
import { lgamma, logBetaInc } from "../numeric/gamma.ts";
import { normalQuantile } from "../numeric/normal.ts";

export interface Interval {
  readonly low: number;
  readonly high: number;
}

function checkCount(hits: number, n: number): void {
  if (!(Number.isInteger(hits) && Number.isInteger(n) && hits >= 0 && hits <= n && n > 0)) throw new InputError(`not a count: ${hits} of ${n} — whole numbers with 0 ≤ hits ≤ n, n > 0`, { value: [hits, n] });
}

/** Wilson's score interval of a rate (1927): close to its level on average. */
export function wilsonInterval(hits: number, n: number, level = 0.95): Interval {
  checkCount(hits, n);
  const z2 = normalQuantile((1 + level) / 2) ** 2;
  const centre = (hits + z2 / 2) / (n + z2);
  const half = Math.sqrt(z2 * ((hits * (n - hits)) / n + z2 / 4)) / (n + z2);
  return { low: hits === 0 ? 0 : centre - half, high: hits === n ? 1 : centre + half };
}

/** The exact interval of Clopper & Pearson (1934): never below its level. */
export function clopperPearsonInterval(hits: number, n: number, level = 0.95): Interval {
  checkCount(hits, n);
  const tail = Math.log((1 - level) / 2);
  return {
    low: hits === 0 ? 0 : rateWhere((p) => logUpperTail(hits, n, p) < tail),
    high: hits === n ? 1 : rateWhere((p) => logLowerTail(hits, n, p) > tail),
  };
}

/** log P(X ≥ hits) for a binomial of n trials at rate p. */
export const logUpperTail = (hits: number, n: number, p: number): number => (hits <= 0 ? 0 : logBetaInc(hits, n - hits + 1, p));
/** log P(X ≤ hits). */
export const logLowerTail = (hits: number, n: number, p: number): number => (hits >= n ? 0 : logBetaInc(n - hits, hits + 1, 1 - p, p));

/** The largest rate for which `below` holds; it holds from 0 up to somewhere. */
function rateWhere(below: (p: number) => boolean): number {
  let low = 0;
  let high = 1;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (below(middle)) low = middle;
    else high = middle;
  }
}

/** Two-sided exact p-value that the rate is p: outcomes no likelier than the one found are summed. */
export function binomialTest(hits: number, n: number, p: number): number {
  checkCount(hits, n);
  const logMass = (k: number) => logChoose(n, k) + (k === 0 ? 0 : k * Math.log(p)) + (k === n ? 0 : (n - k) * Math.log1p(-p));
  const found = logMass(hits);
  const terms = Array.from({ length: n + 1 }, (_, k) => logMass(k)).filter((l) => l <= found + TIE);
  return Math.min(1, Math.exp(logSumExp(terms)));
}

/** Two outcomes of equal probability may differ by rounding; as in R's binom.test. */
const TIE = 1e-7;

const logChoose = (n: number, k: number) => lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
