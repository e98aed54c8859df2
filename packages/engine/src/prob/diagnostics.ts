/* Do replicate runs of a sampler agree? */
import { InputError } from "../base/errors.ts";
import { permutation, split } from "../base/key.ts";
import { gammaQ } from "../numeric/gamma.ts";
import type { Key } from "../base/key.ts";

/**
 * Split R-hat of equally long replicate chains of one scalar: each is halved, then between- and within-variance
 * are compared (Gelman & Rubin 1992; Vehtari et al., Bayesian Anal. 16, 667, 2021, without rank normalisation).
 * Near 1 when they agree; 1 when all values are equal; +∞ when the chains are different constants.
 */
export function splitRHat(chains: readonly Float64Array[]): number {
  const length = Math.floor((chains[0]?.length ?? 0) / 2);
  if (length < 2 || chains.some((chain) => chain.length !== chains[0]!.length)) throw new InputError(`chains of lengths ${chains.map((c) => c.length).join(", ")} — they are equally long, of at least 4 values`);
  return rHat(chains.flatMap((chain) => [chain.subarray(0, length), chain.subarray(chain.length - length)]));
}

/** R-hat of groups of equal size, taken as they are: for replicate particle populations. */
export function rHat(groups: readonly Float64Array[]): number {
  const n = groups[0]?.length ?? 0;
  if (groups.length < 2 || n < 2 || groups.some((g) => g.length !== n)) throw new InputError(`groups of sizes ${groups.map((g) => g.length).join(", ")} — at least two, equally large, of at least 2 values`);
  const means = groups.map(average);
  const within = average(groups.map((g, i) => sumSquares(g, means[i]!) / (n - 1)));
  const between = sumSquares(means, average(means)) / (groups.length - 1);
  if (within === 0) return between === 0 ? 1 : Number.POSITIVE_INFINITY;
  return Math.sqrt((n - 1) / n + between / within);
}

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);
const average = (values: ArrayLike<number>): number => sum(values) / values.length;
const sumSquares = (values: ArrayLike<number>, centre: number): number => Array.from(values).reduce((sum, v) => sum + (v - centre) ** 2, 0);

export interface TwoSample {
  /** Energy distance, in the unit of the values: 0 when the samples have the same distribution. */
  readonly distance: number;
  /** Share of random relabellings with at least this distance. */
  readonly pValue: number;
}

/** Energy-distance permutation test of two samples of one scalar: Székely & Rizzo, J. Stat. Plan. Inference 143, 1249 (2013). */
export function twoSampleTest(key: Key, a: Float64Array, b: Float64Array, permutations = 499): TwoSample {
  if (a.length === 0 || b.length === 0) throw new InputError(`samples of ${a.length} and ${b.length} values — neither is empty`);
  const pooled = Float64Array.from([...a, ...b]);
  const order = Array.from(pooled.keys());
  const sorted = order.toSorted((i, j) => pooled[i]! - pooled[j]! || i - j);
  const first = (labels: Int32Array) => energyDistance(sorted.map((i) => pooled[i]!), sorted.map((i) => labels[i]! < a.length), a.length, b.length);
  const distance = first(Int32Array.from(order));
  const beyond = split(key, permutations).filter((k) => first(permutation(k, order.length)) >= distance * (1 - 1e-12)).length;
  return { distance, pValue: (beyond + 1) / (permutations + 1) };
}

/** 2 ∫ (F_a − F_b)² over the sorted pool, which equals the energy distance of scalars. */
function energyDistance(sorted: readonly number[], inFirst: readonly boolean[], na: number, nb: number): number {
  let gap = 0;
  let area = 0;
  for (let i = 0; i + 1 < sorted.length; i++) {
    gap += inFirst[i] ? 1 / na : -1 / nb;
    area += gap * gap * (sorted[i + 1]! - sorted[i]!);
  }
  return 2 * area;
}

/** χ² goodness of fit of counts against expected counts (scaled to the same total): the p-value. */
export function chiSquareTest(counts: ArrayLike<number>, expected: ArrayLike<number>): number {
  const scale = sum(counts) / sum(expected);
  if (counts.length !== expected.length || counts.length < 2 || !(scale > 0)) throw new InputError(`counts: ${counts.length} against ${expected.length} — equally many, at least two, with a positive sum`);
  const statistic = sum(Array.from(counts, (c, i) => (c - scale * expected[i]!) ** 2 / (scale * expected[i]!)));
  return gammaQ((counts.length - 1) / 2, statistic / 2);
}
