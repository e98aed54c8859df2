/*
 * What the search for intervals is given: for each feature the negatives in ascending order, sorted once for all
 * folds and bootstraps (which only change weights), and the positives as smoothed points.
 *
 * A positive that was not seen lies near those that were, not on them: an interval drawn tightly around n positives
 * loses about 2 of n + 1 new ones, and five such intervals lose a sixth of sixty. So each positive stands for a few
 * equally likely points (normal quantiles at the bandwidth of a kernel density estimate), and the share of points
 * inside, multiplied over the conditions, is the recall expected of new positives. Ends settle where no negative
 * pays for standing closer.
 */
import { normalQuantile } from "../numeric/normal.ts";
import { sortedQuantile } from "../numeric/quantile.ts";
import type { Table } from "../data/types.ts";
import type { Labels } from "./types.ts";

/** Features column by column, with the negatives in ascending order of each. */
export interface SortedTable {
  readonly rows: number;
  readonly cols: number;
  /** cols × rows. */
  readonly columns: Float64Array;
  /** Negatives that have a value, ascending, per feature. */
  readonly ascending: readonly Int32Array[];
  readonly negatives: Int32Array;
  readonly positives: Int32Array;
}

/** Sort once. Rows labelled neither are left out. */
export function sortTable({ rows, cols, data }: Table, labels: Labels): SortedTable {
  const columns = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) columns[j * rows + i] = data[i * cols + j];
  const all = Int32Array.from({ length: rows }, (_, i) => i);
  const negatives = all.filter((i) => labels[i] === 0);
  const ascending = Array.from({ length: cols }, (_, j) => {
    const values = columns.subarray(j * rows, (j + 1) * rows);
    return negatives.filter((i) => !Number.isNaN(values[i])).sort((a, b) => values[a] - values[b] || a - b);
  });
  return { rows, cols, columns, ascending, negatives, positives: all.filter((i) => labels[i] === 1) };
}

/** Values of one feature by row. */
export const columnIn = ({ columns, rows }: SortedTable, j: number): Float64Array => columns.subarray(j * rows, (j + 1) * rows);

/** The positives of one fit as points: sorted per feature, each with the place of its positive. */
export interface Points {
  readonly values: readonly Float64Array[];
  readonly owner: readonly Int32Array[];
  /** Rows of the positives, by place; those of weight 0 are absent. */
  readonly rows: Int32Array;
  /** Weight of each positive, summing to one. */
  readonly weight: Float64Array;
  /** Points of one positive. */
  readonly each: number;
}

/** Points per positive: more change the intervals found little, and cost time. */
const EACH = 5;
/** Turns an interquartile range into the standard deviation of a normal. */
const NORMAL_IQR = 1.3489795003921634;

/** Smoothed points of the positives that have weight. `smoothing` multiplies Silverman's bandwidth; 0 leaves them where they are. */
export function pointsOf(sorted: SortedTable, weights: Float64Array, smoothing: number): Points {
  const rows = sorted.positives.filter((i) => weights[i] > 0);
  const total = rows.reduce((sum, i) => sum + weights[i], 0);
  const each = smoothing > 0 ? EACH : 1;
  const steps = Float64Array.from({ length: each }, (_, k) => (each === 1 ? 0 : normalQuantile((k + 0.5) / each)));
  const features = Array.from({ length: sorted.cols }, (_, j) => sortedPoints(Float64Array.from(rows, (i) => columnIn(sorted, j)[i]), steps, smoothing));
  return { values: features.map(({ values }) => values), owner: features.map(({ owner }) => owner), rows, weight: Float64Array.from(rows, (i) => weights[i] / total), each };
}

function sortedPoints(values: Float64Array, steps: Float64Array, smoothing: number): { readonly values: Float64Array; readonly owner: Int32Array } {
  const h = smoothing * bandwidth(values.filter((v) => !Number.isNaN(v)));
  const each = steps.length;
  const at = (point: number) => values[Math.floor(point / each)] + h * steps[point % each];
  const order = Int32Array.from({ length: values.length * each }, (_, p) => p)
    .filter((p) => !Number.isNaN(at(p)))
    .sort((a, b) => at(a) - at(b) || a - b);
  return { values: Float64Array.from(order, at), owner: order.map((p) => Math.floor(p / each)) };
}

/** A spread this small beside the values is rounding. */
const CONSTANT = 1e-12;

/**
 * 0.9 min(sd, IQR / 1.35) n^(−1/5): Silverman, "Density Estimation" (1986), eq. 3.31; by sd alone where half the values are
 * equal. Nothing lies between whole numbers or beside a constant: there it is 0.
 */
function bandwidth(values: Float64Array): number {
  const n = values.length;
  if (n < 2 || values.every(Number.isInteger)) return 0;
  const sorted = values.toSorted();
  if (sorted[n - 1] - sorted[0] <= CONSTANT * Math.max(Math.abs(sorted[0]), Math.abs(sorted[n - 1]))) return 0;
  const mean = sorted.reduce((sum, v) => sum + v / n, 0);
  const sd = Math.sqrt(sorted.reduce((sum, v) => sum + (v - mean) ** 2 / (n - 1), 0));
  const iqr = (sortedQuantile(sorted, 0.75) - sortedQuantile(sorted, 0.25)) / NORMAL_IQR;
  return 0.9 * (iqr > 0 ? Math.min(sd, iqr) : sd) * n ** -0.2;
}
