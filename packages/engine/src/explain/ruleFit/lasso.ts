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
const MOST_SWEEPS = 5000;
const MOST_NEWTON = 50;
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

/** Fits at each λ, largest first, each from the one before. */
export async function lassoPath(problem: LassoProblem, lambdas: readonly number[], ctx: Context): Promise<readonly LassoFit[]> {
  const v = scaled(problem.weights);
  const state: State = { eta: new Float64Array(problem.y.length), beta: new Float64Array(problem.columns.length), intercept: 0 };
  const fits: LassoFit[] = [];
  for (const lambda of lambdas) {
    await pause(ctx);
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
    let moved = 0;
    for (let i = 0; i < n; i++) moved += curvature[i] * (state.eta[i] - before[i]) ** 2;
    if (moved < TOLERANCE) return;
  }
}

/** Minimise (1/2) Σ v (y − η)² + λ Σ |β|: all columns once, then those in use until they stay, then all again. */
function descend(columns: readonly DesignColumn[], y: Float64Array, v: Float64Array, lambda: number, state: State): void {
  const residual = y.map((t, i) => v[i] * (t - state.eta[i]));
  const squares = columns.map((column) => squareColumn(column, v));
  const total = v.reduce((a, b) => a + b, 0);
  const mean = y.reduce((sum, t, i) => sum + v[i] * t, 0) / total;
  const spread = Math.max(y.reduce((sum, t, i) => sum + v[i] * (t - mean) ** 2, 0), Number.MIN_VALUE);
  let active: readonly number[] = [];
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    const all = active.length === 0;
    let moved = shiftIntercept(residual, v, total, state);
    for (const j of all ? columns.keys() : active) {
      if (squares[j] === 0) continue;
      const gradient = dotColumn(columns[j], residual) + squares[j] * state.beta[j];
      const next = soften(gradient, lambda) / squares[j];
      const change = next - state.beta[j];
      if (change === 0) continue;
      state.beta[j] = next;
      addColumn(columns[j], change, v, residual, state.eta);
      moved = Math.max(moved, squares[j] * change * change);
    }
    if (moved < TOLERANCE * spread) {
      if (all) return;
      active = []; // look at all once more
    } else active = Array.from(columns.keys()).filter((j) => state.beta[j] !== 0);
  }
}

const soften = (v: number, lambda: number): number => (v > lambda ? v - lambda : v < -lambda ? v + lambda : 0);

function shiftIntercept(residual: Float64Array, v: Float64Array, total: number, state: State): number {
  let sum = 0;
  for (let i = 0; i < residual.length; i++) sum += residual[i];
  const change = sum / total;
  state.intercept += change;
  for (let i = 0; i < residual.length; i++) {
    residual[i] -= v[i] * change;
    state.eta[i] += change;
  }
  return total * change * change;
}

function dotColumn(column: DesignColumn, r: Float64Array): number {
  let sum = 0;
  if (column.kind === "ones") for (let k = 0; k < column.rows.length; k++) sum += r[column.rows[k]];
  else for (let i = 0; i < r.length; i++) sum += column.values[i] * r[i];
  return sum;
}

function squareColumn(column: DesignColumn, v: Float64Array): number {
  let sum = 0;
  if (column.kind === "ones") for (let k = 0; k < column.rows.length; k++) sum += v[column.rows[k]];
  else for (let i = 0; i < v.length; i++) sum += v[i] * column.values[i] * column.values[i];
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
