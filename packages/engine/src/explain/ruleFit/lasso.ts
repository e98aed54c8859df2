/*
 * Lasso paths by coordinate descent, for numbers (least squares) and two classes (logistic, by weighted least squares
 * around the present fit): Friedman, Hastie & Tibshirani, J. Stat. Softw. 33(1) (2010), eqs. 5, 10 and 15-18.
 *
 *   least squares   (1/2) Σ v (y − β₀ − xβ)² + λ Σ |β|,        logistic   −Σ v [y η − log(1 + e^η)] + λ Σ |β|,   Σ v = 1
 *
 * Columns are not standardised here: RuleFit means what their scales are. The intercept is not penalised.
 */
import { pause, type Context } from "../../base/context.ts";

/** A column of the design: dense, or 1 at some rows and 0 elsewhere. */
export type DesignColumn = { readonly kind: "dense"; readonly values: Float64Array } | { readonly kind: "ones"; readonly rows: Int32Array };

export interface LassoProblem {
  readonly columns: readonly DesignColumn[];
  /** Numbers, or 0 and 1. Length n. */
  readonly y: Float64Array;
  /** Not negative, at least one positive; scaled to sum to one. */
  readonly weights: Float64Array;
  readonly loss: "squares" | "logistic";
}

export interface LassoFit {
  readonly lambda: number;
  readonly intercept: number;
  /** Length p; most are 0. */
  readonly coefficients: Float64Array;
}

/** Largest change of the fit in one step, as a part of the target's variance, at which descent stops; glmnet's is 1e-7. */
const TOLERANCE = 1e-10;
const MOST_SWEEPS = 10_000;
/** Times that columns are let in: a few suffice. */
const MOST_ROUNDS = 100;
const MOST_NEWTON = 50;
/** Mean squared change of the log odds at which the fit has settled. */
const SETTLED = 1e-12;
/** Weights p (1 − p) below this would let one row rule; as glmnet. */
const LEAST_CURVATURE = 1e-5;

interface State {
  readonly eta: Float64Array;
  readonly beta: Float64Array;
  intercept: number;
}

/** λ at which the first coefficient leaves zero. */
export function largestLambda(problem: LassoProblem): number {
  const v = scaled(problem.weights);
  const mean = problem.y.reduce((sum, y, i) => sum + v[i] * y, 0);
  const residual = problem.y.map((y, i) => v[i] * (y - mean));
  return problem.columns.reduce((most, column) => Math.max(most, Math.abs(dotColumn(column, residual))), 0);
}

/** Fits at each λ, largest first, each from the one before. After a fit of more than `most` coefficients the path stands still. */
export async function lassoPath(problem: LassoProblem, lambdas: readonly number[], ctx: Context, most = Number.POSITIVE_INFINITY): Promise<readonly LassoFit[]> {
  const v = scaled(problem.weights);
  const state: State = { eta: new Float64Array(problem.y.length), beta: new Float64Array(problem.columns.length), intercept: 0 };
  const fits: LassoFit[] = [];
  for (const lambda of lambdas) {
    await pause(ctx);
    const last = fits.at(-1);
    if (last !== undefined && last.coefficients.reduce((n, b) => n + (b === 0 ? 0 : 1), 0) > most) {
      fits.push(last);
      continue;
    }
    if (problem.loss === "squares") descend(problem.columns, problem.y, v, lambda, state);
    else newton(problem, v, lambda, state);
    fits.push({ lambda, intercept: state.intercept, coefficients: state.beta.slice() });
  }
  return fits;
}

function scaled(weights: Float64Array): Float64Array {
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / total);
}

/** Quadratic approximations around the present fit until it stays. */
function newton({ columns, y }: LassoProblem, v: Float64Array, lambda: number, state: State): void {
  const n = y.length;
  const curvature = new Float64Array(n);
  const working = new Float64Array(n);
  for (let step = 0; step < MOST_NEWTON; step++) {
    for (let i = 0; i < n; i++) {
      const p = 1 / (1 + Math.exp(-state.eta[i]));
      const h = Math.max(p * (1 - p), LEAST_CURVATURE);
      curvature[i] = v[i] * h;
      working[i] = state.eta[i] + (y[i] - p) / h;
    }
    const before = state.eta.slice();
    descend(columns, working, curvature, lambda, state);
    let [moved, all] = [0, 0];
    for (let i = 0; i < n; i++) {
      moved += curvature[i] * (state.eta[i] - before[i]) ** 2;
      all += curvature[i];
    }
    if (moved < SETTLED * all) return;
  }
}

/** A column left out has a gradient larger than λ by more than rounding. */
const VIOLATED = 1 + 1e-7;

/**
 * Minimise (1/2) Σ v (y − η)² + λ Σ |β| over the columns in use, then let in those whose gradient exceeds λ, until
 * there are none. Descent over the columns in use needs their products alone (covariance updates), not the rows.
 */
function descend(columns: readonly DesignColumn[], y: Float64Array, v: Float64Array, lambda: number, state: State): void {
  const residual = y.map((t, i) => v[i] * (t - state.eta[i]));
  const tolerance = TOLERANCE * varianceOf(y, v);
  const used = new Uint8Array(columns.length);
  state.beta.forEach((b, j) => (used[j] = b === 0 ? 0 : 1));
  const products = new Map<number, Float64Array>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    solveUsed(columns, Array.from(columns.keys()).filter((j) => used[j] === 1), v, lambda, { state, residual, tolerance, products });
    let violated = false;
    columns.forEach((column, j) => {
      if (used[j] === 1 || Math.abs(dotColumn(column, residual)) <= lambda * VIOLATED) return;
      used[j] = 1;
      violated = true;
    });
    if (!violated) return;
  }
}

interface Descent {
  readonly state: State;
  /** v (y − η). */
  readonly residual: Float64Array;
  readonly tolerance: number;
  /** v x of each column used so far. */
  readonly products: Map<number, Float64Array>;
}

/** The intercept stands first among the columns in use, without a penalty. */
function solveUsed(columns: readonly DesignColumn[], used: readonly number[], v: Float64Array, lambda: number, { state, residual, tolerance, products }: Descent): void {
  const all: readonly DesignColumn[] = [{ kind: "dense", values: new Float64Array(v.length).fill(1) }, ...used.map((j) => columns[j])];
  const size = all.length;
  const weighted = all.map((column, a) => weightedOf(products, a === 0 ? -1 : used[a - 1], column, v));
  const gram = new Float64Array(size * size);
  for (let a = 0; a < size; a++) for (let b = 0; b <= a; b++) gram[a * size + b] = gram[b * size + a] = dotColumn(all[a], weighted[b]);
  const gradient = Float64Array.from(all, (column) => dotColumn(column, residual));
  const start = Float64Array.from(all, (_, a) => (a === 0 ? state.intercept : state.beta[used[a - 1]]));
  const beta = start.slice();
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let moved = 0;
    for (let a = 0; a < size; a++) {
      const square = gram[a * size + a];
      if (square === 0) continue;
      const next = a === 0 ? beta[0] + gradient[0] / square : soften(gradient[a] + square * beta[a], lambda) / square;
      const change = next - beta[a];
      if (change === 0) continue;
      beta[a] = next;
      for (let b = 0; b < size; b++) gradient[b] -= gram[a * size + b] * change;
      moved = Math.max(moved, square * change * change);
    }
    if (moved < tolerance) break;
  }
  state.intercept = beta[0];
  used.forEach((j, a) => (state.beta[j] = beta[a + 1]));
  all.forEach((column, a) => addColumn(column, beta[a] - start[a], v, residual, state.eta));
}

function weightedOf(products: Map<number, Float64Array>, j: number, column: DesignColumn, v: Float64Array): Float64Array {
  const known = products.get(j);
  if (known !== undefined) return known;
  const out = new Float64Array(v.length);
  if (column.kind === "ones") for (const i of column.rows) out[i] = v[i];
  else for (let i = 0; i < out.length; i++) out[i] = v[i] * column.values[i];
  products.set(j, out);
  return out;
}

function varianceOf(y: Float64Array, v: Float64Array): number {
  const total = v.reduce((a, b) => a + b, 0);
  const mean = y.reduce((sum, t, i) => sum + v[i] * t, 0) / total;
  return Math.max(y.reduce((sum, t, i) => sum + v[i] * (t - mean) ** 2, 0), Number.MIN_VALUE);
}

const soften = (v: number, lambda: number): number => (v > lambda ? v - lambda : v < -lambda ? v + lambda : 0);

function dotColumn(column: DesignColumn, r: Float64Array): number {
  let sum = 0;
  if (column.kind === "ones") for (let k = 0; k < column.rows.length; k++) sum += r[column.rows[k]];
  else for (let i = 0; i < r.length; i++) sum += column.values[i] * r[i];
  return sum;
}

function addColumn(column: DesignColumn, change: number, v: Float64Array, residual: Float64Array, eta: Float64Array): void {
  if (column.kind === "ones") {
    for (let k = 0; k < column.rows.length; k++) {
      const i = column.rows[k];
      residual[i] -= v[i] * change;
      eta[i] += change;
    }
    return;
  }
  for (let i = 0; i < eta.length; i++) {
    const step = change * column.values[i];
    residual[i] -= v[i] * step;
    eta[i] += step;
  }
}
