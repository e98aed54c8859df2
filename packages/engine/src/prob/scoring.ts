/*
 * Scores of numeric predictive distributions against what was measured. Every score is over rows given;
 * callers leave out rows without a measurement. Gneiting & Raftery, JASA 102, 359 (2007).
 */
import { InputError } from "../base/errors.ts";
import { logBeta } from "../numeric/gamma.ts";
import { normalCdf, normalDensity } from "../numeric/normal.ts";
import { logStudentDensity, studentCdf } from "../numeric/student.ts";
import type { NumericMarginal } from "./types.ts";

const mean = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
};

function pairs(y: Float64Array, predicted: ArrayLike<number>): void {
  if (y.length === predicted.length && y.length > 0) return;
  throw new InputError(`nothing to score: ${predicted.length} predictions of ${y.length} values — there is one for each, and at least one`);
}

/** Mean absolute error, in the property's unit. */
export function meanAbsoluteError(y: Float64Array, predicted: Float64Array): number {
  pairs(y, predicted);
  return mean(y.map((v, i) => Math.abs(v - predicted[i]!)));
}

/** Root mean squared error, in the property's unit. */
export function rootMeanSquaredError(y: Float64Array, predicted: Float64Array): number {
  pairs(y, predicted);
  return Math.sqrt(mean(y.map((v, i) => (v - predicted[i]!) ** 2)));
}

/** 1 − Σ (y − ŷ)² / Σ (y − ȳ)²; NaN when y is constant. */
export function rSquared(y: Float64Array, predicted: Float64Array): number {
  pairs(y, predicted);
  const centre = mean(y);
  const total = mean(y.map((v) => (v - centre) ** 2));
  return total > 0 ? 1 - rootMeanSquaredError(y, predicted) ** 2 / total : Number.NaN;
}

/** Continuous ranked probability score of N(mean, sd²) at y, per row, in the property's unit; |y − mean| when sd is 0. */
export const crpsNormal = (y: Float64Array, centre: Float64Array, sd: Float64Array): Float64Array => crpsStudent(y, centre, sd, Number.POSITIVE_INFINITY);

/**
 * The same of location + scale · T, T Student-t with df > 1 degrees of freedom, one for each row or for all: Jordan, Krüger
 * & Lerch, J. Stat. Softw. 90, 12 (2019), appendix A. NaN for df ≤ 1, whose score is infinite.
 */
export function crpsStudent(y: Float64Array, location: Float64Array, scale: Float64Array, df: number | Float64Array): Float64Array {
  pairs(y, location);
  return y.map((v, i) => {
    const nu = typeof df === "number" ? df : df[i]!;
    if (scale[i] === 0) return Math.abs(v - location[i]!);
    const z = (v - location[i]!) / scale[i]!;
    if (nu === Number.POSITIVE_INFINITY) return scale[i]! * (z * (2 * normalCdf(z) - 1) + 2 * normalDensity(z) - 1 / Math.sqrt(Math.PI));
    if (!(nu > 1)) return Number.NaN;
    const offset = (2 * Math.sqrt(nu) * Math.exp(logBeta(0.5, nu - 0.5) - 2 * logBeta(0.5, nu / 2))) / (nu - 1);
    return scale[i]! * (z * (2 * studentCdf(z, nu) - 1) + (2 * Math.exp(logStudentDensity(z, nu)) * (nu + z * z)) / (nu - 1) - offset);
  });
}

/** The same of any law, as twice the mean quantile score over midpoints of `levels` equal parts of (0, 1); its error falls as 1 / levels. */
export function crpsOf(y: Float64Array, marginal: NumericMarginal, levels = 200): Float64Array {
  pairs(y, marginal.mean);
  const sum = new Float64Array(y.length);
  for (let k = 0; k < levels; k++) {
    const p = (k + 0.5) / levels;
    marginal.quantile(p).forEach((q, i) => (sum[i]! += (2 * (y[i]! < q ? 1 - p : p) * Math.abs(y[i]! - q)) / levels));
  }
  return sum;
}

/** Mean negative log likelihood (nats) of the measured values. */
export const negativeLogLikelihood = (y: Float64Array, marginal: NumericMarginal): number => {
  pairs(y, marginal.mean);
  return -mean(marginal.logDensity(y));
};

/** Share of rows whose value lies in the central band of that level (0.9: from the 5 % to the 95 % quantile). */
export function coverage(y: Float64Array, marginal: NumericMarginal, level: number): number {
  pairs(y, marginal.mean);
  const low = marginal.quantile((1 - level) / 2);
  const high = marginal.quantile((1 + level) / 2);
  return mean(y.map((v, i) => (low[i]! <= v && v <= high[i]! ? 1 : 0)));
}

/** Mean width of the central band of that level, in the property's unit. */
export function intervalWidth(marginal: NumericMarginal, level: number): number {
  const low = marginal.quantile((1 - level) / 2);
  return mean(marginal.quantile((1 + level) / 2).map((v, i) => v - low[i]!));
}

/** The 99 levels at which coverage is compared with its promise. */
const LEVELS = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);

/** Share of rows whose PIT value is inside the central band of each level. */
function centralShares(pit: Float64Array): readonly number[] {
  const depth = pit.map((u) => Math.abs(2 * u - 1)).toSorted();
  let inside = 0;
  return LEVELS.map((level) => {
    while (inside < depth.length && depth[inside]! <= level) inside++;
    return inside / depth.length;
  });
}

/** Mean |found − promised| coverage of central bands over the levels 1 % … 99 %, from PIT values: the area of miscalibration. */
export const miscalibrationArea = (pit: Float64Array): number => mean(centralShares(pit).map((share, i) => Math.abs(share - LEVELS[i]!)));

/** Root mean square of found − promised P(PIT ≤ u) over u = 1 % … 99 %: Kuleshov, Fenner & Ermon (2018), unweighted. */
export function calibrationError(pit: Float64Array): number {
  const sorted = pit.toSorted();
  let below = 0;
  const squares = LEVELS.map((u) => {
    while (below < sorted.length && sorted[below]! <= u) below++;
    return (below / sorted.length - u) ** 2;
  });
  return Math.sqrt(mean(squares));
}

/**
 * Expected normalised calibration error: rows binned by predicted sd (equal counts), mean |RMV − RMSE| / RMV
 * over bins. Levi et al., Sensors 22, 5540 (2022). Bins default to √n/2, between 1 and 20.
 */
export function normalisedCalibrationError(y: Float64Array, centre: Float64Array, sd: Float64Array, bins: number = Math.min(20, Math.max(1, Math.floor(Math.sqrt(y.length) / 2)))): number {
  pairs(y, centre);
  const order = Array.from(sd.keys()).toSorted((a, b) => sd[a]! - sd[b]! || a - b);
  const errors = Array.from({ length: bins }, (_, b) => {
    const rows = order.slice(Math.floor((b * order.length) / bins), Math.floor(((b + 1) * order.length) / bins));
    const predicted = Math.sqrt(mean(rows.map((i) => sd[i]! ** 2)));
    const found = Math.sqrt(mean(rows.map((i) => (y[i]! - centre[i]!) ** 2)));
    return Math.abs(predicted - found) / predicted;
  });
  return mean(errors);
}
