/*
 * Centring, scaling and filling gaps: plain data fitted on training rows and applied to any rows. Statistics
 * ignore missing values; a constant column is centred and not scaled.
 */
import { InputError } from "../base/errors.ts";
import { medianOf, quantileOf } from "../numeric/quantile.ts";
import { columnOf } from "./table.ts";
import type { Matrix } from "./types.ts";

/** z = (x − centre) / scale per column; scale > 0. */
export interface Scaler {
  readonly centre: Float64Array;
  readonly scale: Float64Array;
}

const byColumn = (x: Matrix, fit: (values: Float64Array) => readonly [number, number]): Scaler => {
  const pairs = Array.from({ length: x.cols }, (_, j) => fit(columnOf(x, j).filter((v) => !Number.isNaN(v))));
  return { centre: Float64Array.from(pairs, ([centre]) => centre), scale: Float64Array.from(pairs, ([, scale]) => scale) };
};

/** Spread below this times the size of the values is rounding, not variation. */
const CONSTANT = 1e-12;
const usable = (scale: number, centre: number): number => (scale > CONSTANT * Math.abs(centre) && Number.isFinite(scale) ? scale : 1);

/** Mean and (population) standard deviation of every column. */
export const standardScaler = (x: Matrix): Scaler =>
  byColumn(x, (values) => {
    if (values.length === 0) return [0, 1];
    const mean = values.reduce((a, b) => a + b / values.length, 0);
    const variance = values.reduce((sum, v) => sum + (v - mean) ** 2 / values.length, 0);
    return [mean, usable(Math.sqrt(variance), mean)];
  });

/** Turns an interquartile range into the standard deviation of a normal. */
const NORMAL_IQR = 1.3489795003921634;

/** Median and scaled interquartile range; the standard deviation where half the values are equal. */
export const robustScaler = (x: Matrix): Scaler =>
  byColumn(x, (values) => {
    if (values.length === 0) return [0, 1];
    const centre = medianOf(values);
    const spread = (quantileOf(values, 0.75) - quantileOf(values, 0.25)) / NORMAL_IQR;
    const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - centre) ** 2 / values.length, 0));
    return [centre, spread > CONSTANT * Math.abs(centre) ? spread : usable(deviation, centre)];
  });

function checkWidth(x: Matrix, width: number): void {
  if (x.cols !== width) throw new InputError(`table of ${x.cols} columns — this was fitted on ${width}`, { value: x.cols });
}

/** Scaled values; NaN stays NaN. */
export function scale(x: Matrix, { centre, scale: width }: Scaler): Matrix {
  checkWidth(x, centre.length);
  return { rows: x.rows, cols: x.cols, data: x.data.map((v, i) => (v - centre[i % x.cols]!) / width[i % x.cols]!) };
}

/** The inverse of `scale`. */
export function unscale(x: Matrix, { centre, scale: width }: Scaler): Matrix {
  checkWidth(x, centre.length);
  return { rows: x.rows, cols: x.cols, data: x.data.map((v, i) => v * width[i % x.cols]! + centre[i % x.cols]!) };
}

/**
 * Median imputation: what stands for a missing value in each column, 0 in a column that has none. No indicator
 * columns are added, so a row with many gaps looks like the middle of the data; learners that accept missing
 * values do better.
 */
export const medianImputation = (x: Matrix): Float64Array =>
  Float64Array.from({ length: x.cols }, (_, j) => {
    const values = columnOf(x, j).filter((v) => !Number.isNaN(v));
    return values.length === 0 ? 0 : medianOf(values);
  });

/** `x` with every NaN replaced by its column's value; all other fields of a table are kept. */
export function impute<X extends Matrix>(x: X, values: Float64Array): X {
  checkWidth(x, values.length);
  return { ...x, data: x.data.map((v, i) => (Number.isNaN(v) ? values[i % x.cols]! : v)) };
}
