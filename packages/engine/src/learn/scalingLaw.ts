/*
 * The law by which an error falls with the number of rows: e(n) = D n^(−a) + C, a > 0, C ≥ 0, fitted to the points of a
 * learning curve in the logarithm of the error. With n the size of a simulated data base and e the error on experiments it is
 * the scaling law of simulation-to-experiment transfer: Minami et al., npj Comput. Mater. 11, 146 (2025). C is what more rows
 * do not cure.
 *
 * At given a and C/D the best D is in closed form, so two numbers are searched, on a grid and then by L-BFGS. What is not known
 * is told by refits to curves drawn about the law (a parametric bootstrap): with few points C and a trade against one another,
 * and the answer to "how many more rows" is often "between so many and never".
 */
import { InputError } from "../base/errors.ts";
import { type Key, fold, stream } from "../base/key.ts";
import { lbfgs } from "../numeric/lbfgs.ts";
import { sortedQuantile } from "../numeric/quantile.ts";

export interface CurvePoint {
  /** Number of rows, ≥ 1. */
  readonly rows: number;
  /** Mean error, > 0. */
  readonly error: number;
  /** Its standard error, where it was measured several times. */
  readonly se?: number;
}

export interface Law {
  /** D, in the unit of the error. */
  readonly amplitude: number;
  /** a. */
  readonly exponent: number;
  /** C, in the unit of the error. */
  readonly floor: number;
}

export interface ScalingLaw extends Law {
  /** Standard deviation of log e about the law, where no standard errors were given. */
  readonly scatter: number;
  /** Refits to drawn curves. */
  readonly draws: readonly Law[];
}

/** Three numbers are fitted; a fourth point says how well. */
const FEWEST = 4;
/** Starts of the search: logarithms of a. */
const EXPONENTS = Array.from({ length: 21 }, (_, i) => Math.log(0.02 * 200 ** (i / 20)));
const LEAST_LOG = Math.log(1e-3);
const MOST_LOG = Math.log(20);
/** And of C relative to what D contributes at the largest n. */
const RATIOS = Array.from({ length: 13 }, (_, i) => Math.log(1e-3 * 1e6 ** (i / 12)));

interface Curve {
  readonly logRows: Float64Array;
  readonly logError: Float64Array;
  /** One over the variance of each logarithm. */
  readonly weights: Float64Array;
}

/** Throws InputError for fewer than four different sizes and for errors that are not positive. */
export function fitScalingLaw(points: readonly CurvePoint[], { draws = 200 }: { readonly draws?: number }, key: Key): ScalingLaw {
  for (const { rows, error, se } of points) if (!(rows >= 1 && error > 0 && Number.isFinite(error) && (se === undefined || se >= 0))) throw new InputError(`no point of a learning curve: error ${error} at ${rows} rows — errors are positive`, { path: "points", value: error });
  const sizes = new Set(points.map(({ rows }) => rows)).size;
  if (sizes < FEWEST) throw new InputError(`too few sizes for a scaling law: ${sizes} — at least ${FEWEST}`, { path: "points", value: sizes });
  const known = points.every(({ se }) => se !== undefined && se > 0);
  const curve: Curve = {
    logRows: Float64Array.from(points, ({ rows }) => Math.log(rows)),
    logError: Float64Array.from(points, ({ error }) => Math.log(error)),
    weights: Float64Array.from(points, ({ error, se }) => (known ? (error / se!) ** 2 : 1)),
  };
  const { law, loss } = bestLaw(curve);
  const scatter = Math.sqrt(loss / Math.max(1, points.length - 3)); // in units of the given errors, if they were
  const spread = curve.weights.map((w) => Math.max(known ? 1 : 0, scatter) / Math.sqrt(w));
  const fitted = curve.logRows.map((l) => Math.log(errorAt(law, Math.exp(l))));
  const redrawn = Array.from({ length: draws }, (_, d) => {
    const rng = stream(fold(key, d));
    return bestLaw({ ...curve, logError: fitted.map((f, i) => f + spread[i] * rng.normal()) }).law;
  });
  return { ...law, scatter, draws: redrawn };
}

/** The error at n rows. */
export const errorAt = ({ amplitude, exponent, floor }: Law, rows: number): number => amplitude * rows ** -exponent + floor;

/** Rows at which the error is `error`; ∞ where the floor is not below it. */
export const rowsAt = ({ amplitude, exponent, floor }: Law, error: number): number => (error > floor ? (amplitude / (error - floor)) ** (1 / exponent) : Number.POSITIVE_INFINITY);

export interface LawBand {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const bandOf = (value: number, drawn: readonly number[], level: number): LawBand => {
  const sorted = drawn.toSorted((a, b) => a - b);
  return { value, low: sortedQuantile(sorted, (1 - level) / 2), high: sortedQuantile(sorted, (1 + level) / 2) };
};

/** The law at n rows, with its band: where the curve itself lies, not where a further measurement of it would. */
export const scalingBand = (law: ScalingLaw, rows: number, level = 0.9): LawBand => bandOf(errorAt(law, rows), law.draws.map((draw) => errorAt(draw, rows)), level);

/** How many rows it takes until the error is `error`, with a band whose ends may be infinite. Throws InputError for an error that is not positive. */
export function rowsUntil(law: ScalingLaw, error: number, level = 0.9): LawBand {
  if (!(error > 0)) throw new InputError(`wanted error: ${error} — errors are positive`, { path: "error", value: error });
  return bandOf(rowsAt(law, error), law.draws.map((draw) => rowsAt(draw, error)), level);
}

interface Best {
  readonly law: Law;
  /** Weighted sum of squared residuals of the logarithm. */
  readonly loss: number;
}

/** The better of the best law with a floor and the best without. */
function bestLaw(curve: Curve): Best {
  const last = Math.max(...curve.logRows);
  const at = (t: ArrayLike<number>): Best => {
    const exponent = Math.exp(Math.max(LEAST_LOG, Math.min(MOST_LOG, t[0])));
    return profile(curve, exponent, t.length > 1 ? Math.exp(t[1] - exponent * last) : 0);
  };
  const starts = [EXPONENTS.map((a) => [a]), EXPONENTS.flatMap((a) => RATIOS.map((r) => [a, r]))];
  const [without, within] = starts.map((points) => {
    const losses = points.map((t) => at(t).loss);
    return at(refine((t) => at(t).loss, points[losses.indexOf(Math.min(...losses))]));
  });
  return within.loss < without.loss * (1 - 1e-9) - 1e-18 ? within : without;
}

/** D in closed form at given a and C/D. */
function profile({ logRows, logError, weights }: Curve, exponent: number, ratio: number): Best {
  const shape = logRows.map((l) => Math.log(Math.exp(-exponent * l) + ratio));
  let [total, centre] = [0, 0];
  weights.forEach((w, i) => {
    total += w;
    centre += w * (logError[i] - shape[i]);
  });
  centre /= total;
  const amplitude = Math.exp(centre);
  return { law: { amplitude, exponent, floor: amplitude * ratio }, loss: weights.reduce((s, w, i) => s + w * (logError[i] - shape[i] - centre) ** 2, 0) };
}

const STEP = 1e-5; // of central differences in logarithms: their own error is 1e-10 of the curvature

function refine(f: (t: ArrayLike<number>) => number, start: readonly number[]): Float64Array {
  const smooth = (x: Float64Array) => {
    const moved = (k: number, by: number) => f(x.map((v, i) => (i === k ? v + by : v)));
    return { value: f(x), gradient: x.map((_, k) => (moved(k, STEP) - moved(k, -STEP)) / (2 * STEP)) };
  };
  return lbfgs(smooth, Float64Array.from(start), { iterations: 50, tolerance: 1e-14 }).x;
}
