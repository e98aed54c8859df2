/*
 * Chained imputation of the gaps in a table of elements: every property with gaps is predicted from all others, the
 * gaps of those filled by their own latest predictions, and so on in turn until nothing moves (fully conditional
 * specification, S. van Buuren, Stat. Methods Med. Res. 16 (2007) 219, with its point prediction instead of draws:
 * one deterministic table, not several random ones, so it says nothing of its own uncertainty; `leaveOut` does).
 * The predictor is a blend of ridge regression and of weighted nearest neighbours, both on standardised columns; the
 * ridge's penalty and the blend are chosen by leave-one-out error and kept after the third sweep.
 */
import { fold, key, permutation } from "../../packages/engine/src/base/key.ts";

export interface Columns {
  readonly n: number;
  readonly d: number;
  /** n × d, row-major; NaN marks a gap. */
  readonly values: Float64Array;
  /** Which columns are predicted as logarithms. */
  readonly log: readonly boolean[];
}

export interface Imputed {
  readonly values: Float64Array;
  readonly sweeps: number;
  /** Largest change of the last sweep, in standard deviations of its column. */
  readonly change: number;
  /** Per column: share of the ridge in its blend; NaN where the column has no gaps. */
  readonly ridgeShare: Float64Array;
}

const PENALTIES = [1, 3, 10, 30, 100, 300, 1000];
const SHARES = [0, 0.25, 0.5, 0.75, 1];
const NEIGHBOURS = 5;
const CHOOSING_SWEEPS = 3; // choosing for longer lets two like choices alternate for ever
const MAX_SWEEPS = 60;
const SETTLED = 1e-3; // of a standard deviation: far below any leave-out error
const BEYOND = 0.5; // standard deviations past the known range that a prediction may reach

/** Fill every gap. A column needs at least ten known values. */
export function impute({ n, d, values, log }: Columns): Imputed {
  const work = Float64Array.from(values, (v, i) => (log[i % d] ? Math.log(v) : v));
  const scales = Array.from({ length: d }, (_, j) => standardise(work, n, d, j));
  const gaps = scales.flatMap(({ missing }, j) => (missing.length > 0 ? [j] : [])).toSorted((a, b) => scales[a]!.missing.length - scales[b]!.missing.length || a - b);
  const choices = new Map<number, Choice>();
  let [sweeps, change] = [0, Number.POSITIVE_INFINITY];
  for (; sweeps < MAX_SWEEPS && change > SETTLED; sweeps++) {
    change = 0;
    for (const j of gaps) {
      if (sweeps < CHOOSING_SWEEPS) choices.set(j, choose(work, d, j, scales[j]!));
      change = Math.max(change, refill(work, d, j, scales[j]!, choices.get(j)!));
    }
  }
  const ridgeShare = Float64Array.from({ length: d }, (_, j) => choices.get(j)?.share ?? Number.NaN);
  const filled = values.map((v, i) => {
    if (!Number.isNaN(v)) return v;
    const { mean, sd } = scales[i % d]!;
    const x = work[i]! * sd + mean;
    return log[i % d] ? Math.exp(x) : x;
  });
  return { values: filled, sweeps, change, ridgeShare };
}

interface Scale {
  readonly mean: number;
  readonly sd: number;
  readonly low: number;
  readonly high: number;
  readonly known: readonly number[];
  readonly missing: readonly number[];
}

/** Standardise a column by its known values and put 0, their mean, into its gaps. */
function standardise(work: Float64Array, n: number, d: number, j: number): Scale {
  const rows = Array.from({ length: n }, (_, i) => i);
  const known = rows.filter((i) => !Number.isNaN(work[i * d + j]!));
  const missing = rows.filter((i) => Number.isNaN(work[i * d + j]!));
  if (known.length < 10) throw new Error(`column ${j} has ${known.length} known values — at least 10 are needed`);
  const mean = known.reduce((sum, i) => sum + work[i * d + j]!, 0) / known.length;
  const sd = Math.sqrt(known.reduce((sum, i) => sum + (work[i * d + j]! - mean) ** 2, 0) / known.length) || 1;
  for (const i of rows) work[i * d + j] = Number.isNaN(work[i * d + j]!) ? 0 : (work[i * d + j]! - mean) / sd;
  const column = known.map((i) => work[i * d + j]!);
  return { mean, sd, low: Math.min(...column) - BEYOND, high: Math.max(...column) + BEYOND, known, missing };
}

interface Choice {
  readonly penalty: number;
  /** Weight of the ridge; the neighbours have the rest. */
  readonly share: number;
}

/** Penalty and blend of the smallest leave-one-out error on the known rows. */
function choose(work: Float64Array, d: number, j: number, { known }: Scale): Choice {
  const kernel = products(work, d, j, known, known);
  const y = known.map((i) => work[i * d + j]!);
  const near = known.map((i) => neighbours(work, d, j, i, known));
  let best = { penalty: Number.NaN, share: Number.NaN, error: Number.POSITIVE_INFINITY };
  for (const penalty of PENALTIES) {
    const left = leaveOneOut(kernel, y, penalty);
    for (const share of SHARES) {
      const error = y.reduce((sum, v, i) => sum + (v - share * left[i]! - (1 - share) * near[i]!) ** 2, 0);
      if (error < best.error) best = { penalty, share, error };
    }
  }
  return best;
}

/** Predict the gaps of a column anew; the largest change. */
function refill(work: Float64Array, d: number, j: number, { known, missing, low, high }: Scale, { penalty, share }: Choice): number {
  const inverse = invert(products(work, d, j, known, known), known.length, penalty);
  const y = known.map((i) => work[i * d + j]!);
  const dual = y.map((_, a) => y.reduce((sum, v, b) => sum + inverse[a * y.length + b]! * v, 0));
  const across = products(work, d, j, missing, known);
  const next = missing.map((i, a) => {
    const ridge = dual.reduce((sum, c, b) => sum + c * across[a * dual.length + b]!, 0);
    return Math.min(high, Math.max(low, share * ridge + (1 - share) * neighbours(work, d, j, i, known)));
  });
  const change = next.reduce((most, v, a) => Math.max(most, Math.abs(v - work[missing[a]! * d + j]!)), 0);
  for (const [a, i] of missing.entries()) work[i * d + j] = next[a]!;
  return change;
}

/** Inner products of rows without column j, and 1 for the intercept. */
function products(work: Float64Array, d: number, j: number, rows: readonly number[], others: readonly number[]): Float64Array {
  const out = new Float64Array(rows.length * others.length);
  for (const [a, p] of rows.entries()) {
    for (const [b, q] of others.entries()) {
      let sum = 1 - work[p * d + j]! * work[q * d + j]!;
      for (let k = 0; k < d; k++) sum += work[p * d + k]! * work[q * d + k]!;
      out[a * others.length + b] = sum;
    }
  }
  return out;
}

/** Mean of column j over the five nearest known rows other than i, weighted by inverse squared distance. */
function neighbours(work: Float64Array, d: number, j: number, i: number, known: readonly number[]): number {
  const near = known
    .filter((q) => q !== i)
    .map((q) => {
      let sum = -((work[i * d + j]! - work[q * d + j]!) ** 2);
      for (let k = 0; k < d; k++) sum += (work[i * d + k]! - work[q * d + k]!) ** 2;
      return { q, weight: 1 / Math.max(sum, 1e-9) };
    })
    .toSorted((a, b) => b.weight - a.weight || a.q - b.q)
    .slice(0, NEIGHBOURS);
  const total = near.reduce((sum, { weight }) => sum + weight, 0);
  return near.reduce((sum, { q, weight }) => sum + weight * work[q * d + j]!, 0) / total;
}

/** Kernel ridge without each row in turn: y − α / diag((K + λ)⁻¹). */
function leaveOneOut(kernel: Float64Array, y: readonly number[], penalty: number): number[] {
  const m = y.length;
  const inverse = invert(kernel, m, penalty);
  return y.map((v, a) => v - y.reduce((sum, w, b) => sum + inverse[a * m + b]! * w, 0) / inverse[a * m + a]!);
}

/** (K + λ)⁻¹ of a symmetric positive matrix, by Gauss-Jordan elimination, which needs no pivots there. */
function invert(kernel: Float64Array, m: number, penalty: number): Float64Array {
  const a = kernel.slice();
  for (let i = 0; i < m; i++) a[i * m + i]! += penalty;
  for (let k = 0; k < m; k++) {
    const pivot = 1 / a[k * m + k]!;
    a[k * m + k] = 1;
    for (let c = 0; c < m; c++) a[k * m + c]! *= pivot;
    for (let r = 0; r < m; r++) {
      if (r === k) continue;
      const factor = a[r * m + k]!;
      a[r * m + k] = 0;
      for (let c = 0; c < m; c++) a[r * m + c]! -= factor * a[k * m + c]!;
    }
  }
  return a;
}

/** Leave-out error of one column. */
export interface LeaveOut {
  /** Known values that were hidden and predicted. */
  readonly hidden: number;
  /** Root mean square error over the standard deviation of the known values, logarithms where the column is one. */
  readonly relative: number;
  /** Median absolute error in the property's unit. */
  readonly median: number;
}

const FOLDS = 10;

/**
 * Hide a tenth of the known values of every column with gaps at once, run the whole chain, compare; ten times, so that
 * each value is hidden once. Elements are hidden at random: real gaps crowd among gases and radioactive elements, where
 * errors are larger.
 */
export function leaveOut({ n, d, values, log }: Columns): readonly (LeaveOut | undefined)[] {
  const cells = Array.from({ length: d }, (_, j) => {
    const known = Array.from({ length: n }, (_, i) => i).filter((i) => !Number.isNaN(values[i * d + j]!));
    return known.length === n ? [] : Array.from(permutation(fold(key(58), j), known.length), (at) => known[at]!);
  });
  const predicted = new Float64Array(n * d).fill(Number.NaN);
  for (let f = 0; f < FOLDS; f++) {
    const masked = values.slice();
    const hidden = cells.flatMap((rows, j) => rows.filter((_, at) => at % FOLDS === f).map((i) => i * d + j));
    for (const at of hidden) masked[at] = Number.NaN;
    const { values: filled } = impute({ n, d, values: masked, log });
    for (const at of hidden) predicted[at] = filled[at]!;
  }
  return cells.map((rows, j) => (rows.length === 0 ? undefined : score(rows.map((i) => [values[i * d + j]!, predicted[i * d + j]!]), log[j]!)));
}

function score(pairs: readonly (readonly [number, number])[], log: boolean): LeaveOut {
  const scaled = log ? pairs.map(([y, p]) => [Math.log(y), Math.log(p)] as const) : pairs;
  const mean = scaled.reduce((sum, [y]) => sum + y, 0) / scaled.length;
  const variance = scaled.reduce((sum, [y]) => sum + (y - mean) ** 2, 0);
  const error = scaled.reduce((sum, [y, p]) => sum + (y - p) ** 2, 0);
  const absolute = pairs.map(([y, p]) => Math.abs(y - p)).toSorted((a, b) => a - b);
  return { hidden: pairs.length, relative: Math.sqrt(error / variance), median: absolute[absolute.length >> 1]! };
}
