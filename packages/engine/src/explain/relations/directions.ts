/*
 * Directions in which one cloud of samples is much narrower than another: the generalised eigenproblem
 *
 *   minimise  aᵀ S a / aᵀ P a,      S, P the covariances of posterior and prior,
 *
 * whole (the spectrum says how many there are), and over few coordinates at a time, because a direction of 200
 * features is no relation that anybody reads: all pairs, and from the best of them larger sets.
 */
import { pause, type Context } from "../../base/context.ts";
import { symmetricEigen } from "../../numeric/eigenvectors.ts";
import type { Matrix } from "../../numeric/types.ts";

/** A direction over few coordinates. */
export interface Direction {
  /** Ascending. */
  readonly support: readonly number[];
  /** One for each of the support, in the coordinates' own scales. */
  readonly coefficients: readonly number[];
  /** Standard deviation of the posterior over that of the prior along it. */
  readonly ratio: number;
  /** The least ratio of any smaller part of the support. */
  readonly partRatio: number;
}

export interface Covariances {
  readonly d: number;
  readonly posterior: Float64Array;
  readonly prior: Float64Array;
}

/** Population covariance, d × d; taken about the first row first, so that a constant column has none at all. */
export function covariance({ rows, cols, data }: Matrix): Float64Array {
  const mean = new Float64Array(cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) mean[j] += (data[i * cols + j] - data[j]) / rows;
  const out = new Float64Array(cols * cols);
  const centred = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) centred[j] = data[i * cols + j] - data[j] - mean[j];
    for (let j = 0; j < cols; j++) {
      const c = centred[j] / rows;
      if (c !== 0) for (let k = 0; k <= j; k++) out[j * cols + k] += c * centred[k];
    }
  }
  for (let j = 0; j < cols; j++) for (let k = 0; k < j; k++) out[k * cols + j] = out[j * cols + k];
  return out;
}

/** Of the prior's variance along a direction of correlation-scaled coordinates: below this the prior has the relation itself. */
const DEGENERATE = 1e-3;
/** Added to both covariances of scaled coordinates where all directions are asked for: those that neither has come out as 1. */
const RIDGE = 1e-6;

/** √ of all generalised eigenvalues, ascending: 0.1 is ten times narrower than the prior, 1 as wide. Coordinates that the prior does not vary are left out. */
export function spectrumOf({ d, posterior, prior }: Covariances): Float64Array {
  const kept = Array.from({ length: d }, (_, j) => j).filter((j) => prior[j * d + j] > 0);
  const m = kept.length;
  const scale = kept.map((j) => 1 / Math.sqrt(prior[j * d + j]));
  const pick = (from: Float64Array) => Float64Array.from({ length: m * m }, (_, at) => {
    const [a, b] = [Math.floor(at / m), at % m];
    return from[kept[a] * d + kept[b]] * scale[a] * scale[b] + (a === b ? RIDGE : 0);
  });
  const { values, vectors } = symmetricEigen(pick(prior), m);
  // P^(−1/2) S P^(−1/2), by the prior's eigenvectors.
  const s = pick(posterior);
  const half = vectors.map((v, at) => v / Math.sqrt(Math.max(values[Math.floor(at / m)], RIDGE / 2)));
  const between = new Float64Array(m * m);
  for (let a = 0; a < m; a++) for (let k = 0; k < m; k++) for (let b = 0; b < m; b++) between[a * m + b] += half[a * m + k] * s[k * m + b];
  const inner = new Float64Array(m * m);
  for (let a = 0; a < m; a++)
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let k = 0; k < m; k++) sum += between[a * m + k] * half[b * m + k];
      inner[a * m + b] = inner[b * m + a] = sum;
    }
  return symmetricEigen(inner, m).values.map((v) => Math.sqrt(Math.max(0, v)));
}

/** The narrowest direction over a support, or undefined where the prior has (nearly) no spread along some direction of it. */
export function narrowestOn({ d, posterior, prior }: Covariances, support: readonly number[]): { readonly coefficients: readonly number[]; readonly ratio: number } | undefined {
  const m = support.length;
  const scale = support.map((j) => 1 / Math.sqrt(prior[j * d + j]));
  const pick = (from: Float64Array) => Float64Array.from({ length: m * m }, (_, at) => from[support[Math.floor(at / m)] * d + support[at % m]] * scale[Math.floor(at / m)] * scale[at % m]);
  const { values, vectors } = symmetricEigen(pick(prior), m);
  if (!(values[0] > DEGENERATE)) return undefined;
  const s = pick(posterior);
  const half = vectors.map((v, at) => v / Math.sqrt(values[Math.floor(at / m)]));
  const inner = new Float64Array(m * m);
  for (let a = 0; a < m; a++) for (let b = 0; b < m; b++) for (let k = 0; k < m; k++) for (let l = 0; l < m; l++) inner[a * m + b] += half[a * m + k] * s[k * m + l] * half[b * m + l];
  const best = symmetricEigen(inner, m);
  const coefficients = support.map((_, j) => scale[j] * half.reduce((sum, h, at) => (at % m === j ? sum + best.vectors[Math.floor(at / m)] * h : sum), 0));
  return { coefficients, ratio: Math.sqrt(Math.max(0, best.values[0])) };
}

/** Supports of one size that go on to the next. */
const BEAM = 80;

/** Narrow directions over 1 … `most` coordinates, each with what its parts reach; the best `BEAM` of each size, narrowest first. */
export async function narrowDirections(c: Covariances, most: number, ctx: Context): Promise<readonly Direction[]> {
  const { d, posterior, prior } = c;
  const usable = Array.from({ length: d }, (_, j) => j).filter((j) => prior[j * d + j] > 0);
  const single = new Map(usable.map((j) => [j, Math.sqrt(posterior[j * d + j] / prior[j * d + j])]));
  const reached = new Map<string, number>(usable.map((j) => [String(j), single.get(j)!]));
  let level: readonly Direction[] = usable.map((j) => ({ support: [j], coefficients: [1], ratio: single.get(j)!, partRatio: Number.POSITIVE_INFINITY }));
  const all: Direction[] = level.toSorted((a, b) => a.ratio - b.ratio).slice(0, BEAM);
  // A constant is narrow enough alone, and would make every sum with it look so.
  const varying = usable.filter((j) => posterior[j * d + j] > 0);
  level = level.filter(({ ratio }) => ratio > 0);
  for (let size = 2; size <= most; size++) {
    const next = new Map<string, Direction>();
    for (const { support } of level) {
      await pause(ctx);
      for (const j of varying) {
        if (support.includes(j)) continue;
        const joined = [...support, j].toSorted((a, b) => a - b);
        const name = joined.join(" ");
        if (next.has(name)) continue;
        const found = narrowestOn(c, joined);
        if (found === undefined) continue;
        const parts = joined.map((_, k) => reached.get(joined.filter((__, at) => at !== k).join(" ")) ?? Number.POSITIVE_INFINITY);
        next.set(name, { support: joined, ...found, partRatio: Math.min(...parts, ...joined.map((one) => single.get(one)!)) });
      }
    }
    const ranked = [...next.values()].toSorted((a, b) => a.ratio - b.ratio || (a.support < b.support ? -1 : 1));
    for (const [name, { ratio }] of next) reached.set(name, ratio);
    // What only rides on a narrower part is no step towards anything.
    level = ranked.filter(({ ratio, partRatio }) => ratio < RISE * partRatio).slice(0, BEAM);
    all.push(...level);
  }
  return all;
}

/** A larger support must be narrower than its parts by at least this factor to go on. */
const RISE = 0.95;
