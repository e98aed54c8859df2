/*
 * A quantity with a heap at its least value and a continuous law above it: band gaps of which half are zero, yields,
 * dissolved amounts below detection. With probability p it is exactly `at`; else Y = at + back(L) with L > 0 of a law that
 * is truncated there, on a linear, square-root or logarithmic scale (hurdle model: Cragg 1971, doi 10.2307/1909582; Mullahy
 * 1986). The density is with respect to length above `at` and to counting at it: there, logDensity is log p.
 */
import { InputError } from "../base/errors.ts";
import { logSumExp } from "../numeric/logspace.ts";
import { logNormalDensity, logNormalMass, normalCdf, truncatedNormalQuantile } from "../numeric/normal.ts";
import { studentCdf, studentQuantile } from "../numeric/student.ts";
import { type Named, type RowLaw, checkScales, locationLaw, normalLaw, numericMarginal, sameLength } from "./marginal.ts";
import type { HurdleLaw, NumericMarginal } from "./types.ts";

/** Y − at from L and back, and log |dL / dY| at y − at. */
export const HURDLE_SCALES = {
  linear: { forward: (v: number) => v, back: (l: number) => l, logSlope: () => 0, least: 0 },
  sqrt: { forward: Math.sqrt, back: (l: number) => l * l, logSlope: (v: number) => -Math.log(2 * Math.sqrt(v)), least: 0 },
  log: { forward: Math.log, back: Math.exp, logSlope: (v: number) => -Math.log(v), least: Number.NEGATIVE_INFINITY },
} as const;

/**
 * `mean` of the marginal is the median of each row's law, `at` where p ≥ ½: of a law with a heap it is the value that errs
 * least. `sd` is that of both parts together, with the part above taken as normal and to first order.
 */
export function hurdleMarginal(named: Named, hurdle: HurdleLaw): NumericMarginal {
  const { scale, atom, mean, sd } = hurdle;
  for (const values of [mean, sd]) sameLength(named.name, values, atom.length);
  checkScales(named.name, sd);
  const bad = atom.find((p) => p < 0 || p > 1);
  if (bad !== undefined) throw new InputError(`probability of ${named.name} = ${hurdle.at}: ${bad} — it is in 0 .. 1`, { path: named.name, value: bad });
  const law = (i: number): RowLaw => rowLaw(hurdle, i);
  const median = Float64Array.from(atom, (_, i) => law(i).quantile(0.5));
  const spread = Float64Array.from(atom, (p, i) => spreadOf(scale, p, mean[i]!, sd[i]!));
  return { ...numericMarginal(named, median, spread, law), hurdle };
}

/** A part of a mixture: a law with a heap, or else a normal of its mean and sd. */
type Part = Pick<NumericMarginal, "mean" | "sd" | "hurdle">;

/**
 * The mixture of laws of which one at least has a heap, by weights that sum to one: the heap of the first of these, as likely as in
 * the mean of all, and above it one law with the mixture's first two moments. Other laws count as heap what they say of values at
 * most as large, and lie above it where their quantiles do.
 */
export function mixHurdles(parts: readonly Part[], weights: readonly number[]): HurdleLaw {
  const { at, scale } = parts.find(({ hurdle }) => hurdle)!.hurdle!;
  const rows = parts[0]!.mean.length;
  const mixed = { at, scale, atom: new Float64Array(rows), mean: new Float64Array(rows), sd: new Float64Array(rows) };
  for (let i = 0; i < rows; i++) {
    const each = parts.map((part) => partsOf(part, at, scale, i));
    const rest = each.map(({ atom }, k) => (1 - atom) * weights[k]!);
    const total = rest.reduce((a, b) => a + b, 0);
    // Where all is heap, what lies above counts for nothing, and is still a law.
    const share = each.map((_, k) => (total > 0 ? rest[k]! / total : weights[k]!));
    const mean = sumOf(each, (part, k) => (share[k] === 0 ? 0 : share[k]! * part.mean));
    mixed.atom[i] = Math.min(1, sumOf(each, (part, k) => weights[k]! * part.atom));
    mixed.mean[i] = mean;
    mixed.sd[i] = Math.sqrt(sumOf(each, (part, k) => (share[k] === 0 ? 0 : share[k]! * (part.sd ** 2 + (part.mean - mean) ** 2))));
  }
  return mixed;
}

const sumOf = <T>(items: readonly T[], value: (item: T, k: number) => number): number => items.reduce((sum, item, k) => sum + value(item, k), 0);

/** Above this nothing can be told of what lies above the heap. */
const ALL = 1 - 1e-9;
/** Where a normal is one standard deviation beside its mean. */
const [LOW, HIGH] = [normalCdf(-1), normalCdf(1)];

/** Heap, location and scale of one row's law on the scale of a heap at `at`. */
function partsOf({ mean, sd, hurdle }: Part, at: number, scale: HurdleLaw["scale"], i: number): { readonly atom: number; readonly mean: number; readonly sd: number } {
  if (hurdle?.at === at && hurdle.scale === scale) return { atom: hurdle.atom[i]!, mean: hurdle.mean[i]!, sd: hurdle.sd[i]! };
  const law = hurdle ? rowLaw(hurdle, i) : normalLaw(mean[i]!, sd[i]!);
  const atom = law.cdf(at);
  if (atom > ALL) return { atom: 1, mean: 0, sd: 0 };
  const above = (u: number) => HURDLE_SCALES[scale].forward(law.quantile(atom + u * (1 - atom)) - at);
  return { atom, mean: above(0.5), sd: (above(HIGH) - above(LOW)) / 2 };
}

/** Moments of the part above, and the law of total variance with the heap. */
function spreadOf(scale: HurdleLaw["scale"], p: number, location: number, width: number): number {
  const { mean, sd } = truncatedMoments(HURDLE_SCALES[scale].least, location, width);
  const middle = scale === "linear" ? mean : scale === "sqrt" ? mean * mean + sd * sd : Math.exp(mean);
  const own = scale === "linear" ? sd : scale === "sqrt" ? Math.sqrt(4 * mean * mean + 2 * sd * sd) * sd : Math.exp(mean) * sd;
  return Math.sqrt((1 - p) * (own * own + p * middle * middle));
}

/** Of a normal beyond `least`. */
function truncatedMoments(least: number, mean: number, sd: number): { readonly mean: number; readonly sd: number } {
  if (sd === 0 || least === Number.NEGATIVE_INFINITY) return { mean: Math.max(least, mean), sd };
  const z = (least - mean) / sd;
  const ratio = Math.exp(logNormalDensity(z) - logNormalMass(z, Number.POSITIVE_INFINITY));
  return { mean: Math.max(least, mean + sd * ratio), sd: sd * Math.sqrt(Math.max(0, 1 + z * ratio - ratio * ratio)) };
}

function rowLaw({ at, scale, atom, mean, sd, df }: HurdleLaw, i: number): RowLaw {
  const { forward, back, logSlope, least } = HURDLE_SCALES[scale];
  const freedom = df?.[i] ?? Number.POSITIVE_INFINITY;
  if (Number.isNaN(atom[i]! + mean[i]! + sd[i]!)) return UNKNOWN;
  const inner = locationLaw(mean[i]!, sd[i]!, freedom);
  const logBeyond = inner.logMass(least, Number.POSITIVE_INFINITY);
  // Where nothing is above, all is the heap.
  const p = logBeyond === Number.NEGATIVE_INFINITY ? 1 : atom[i]!;
  const [logAtom, logRest] = [Math.log(p), Math.log1p(-p)];
  const logMass = (low: number, high: number): number => {
    const heap = low <= at && at <= high ? logAtom : Number.NEGATIVE_INFINITY;
    const rest = high > at && p < 1 ? logRest + inner.logMass(low > at ? forward(low - at) : least, forward(high - at)) - logBeyond : Number.NEGATIVE_INFINITY;
    return Math.min(0, logSumExp([heap, rest]));
  };
  const quantile = (u: number): number => (u <= p ? at : at + back(beyond(least, mean[i]!, sd[i]!, freedom, (u - p) / (1 - p))));
  return {
    logMass,
    quantile,
    cdf: (y) => (Number.isNaN(y) ? y : y < at ? 0 : Math.exp(logMass(Number.NEGATIVE_INFINITY, y))),
    logDensity: (y) => (y === at ? logAtom : y < at || p === 1 ? Number.NEGATIVE_INFINITY : logRest + inner.logDensity(forward(y - at)) + logSlope(y - at) - logBeyond),
    sample: (rng) => quantile((rng.uniform() * 2 ** 53 + 0.5) / 2 ** 53),
  };
}

/** The u-quantile of L given L > least: from the smaller tail, as almost nothing of it may lie there. */
function beyond(least: number, mean: number, sd: number, df: number, u: number): number {
  if (sd === 0) return mean;
  const z = (least - mean) / sd;
  if (df === Number.POSITIVE_INFINITY) return mean + sd * truncatedNormalQuantile(u, z, Number.POSITIVE_INFINITY);
  const above = studentCdf(-z, df);
  const below = 1 - above + u * above;
  return Math.max(least, mean + sd * (below < 0.5 ? studentQuantile(below, df) : -studentQuantile((1 - u) * above, df)));
}

const UNKNOWN: RowLaw = { logMass: () => Number.NaN, quantile: () => Number.NaN, cdf: () => Number.NaN, logDensity: () => Number.NaN, sample: () => Number.NaN };
