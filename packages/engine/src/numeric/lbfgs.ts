/*
 * Limited-memory BFGS for up to a few hundred variables (Nocedal & Wright 2006, algorithms 7.4 and 7.5),
 * with a backtracking line search on the Armijo condition and steps capped in length: most callers' variables
 * are logarithms, and a step of three already changes a scale twentyfold. A point at which the function is not
 * finite counts as infinitely bad, so that the search turns back.
 */

/** A function to be made small: its value and gradient. */
export type Smooth = (x: Float64Array) => { readonly value: number; readonly gradient: Float64Array };

export interface LbfgsResult {
  readonly x: Float64Array;
  readonly value: number;
  /** Evaluations spent. */
  readonly evaluations: number;
}

export interface LbfgsOptions {
  /** Most iterations. */
  readonly iterations?: number;
  /** Stop when an iteration gains less than this. */
  readonly tolerance?: number;
  /** Longest step of any one variable. */
  readonly reach?: number;
}

const MEMORY = 10;
const ARMIJO = 1e-4;
const MOST_HALVINGS = 12;

/** Minimise from `start`. */
export function lbfgs(f: Smooth, start: Float64Array, { iterations = 100, tolerance = 1e-7, reach = 2 }: LbfgsOptions = {}): LbfgsResult {
  let x = start;
  let { value, gradient } = f(x);
  let evaluations = 1;
  const pairs: { s: Float64Array; y: Float64Array; rho: number }[] = [];
  for (let iteration = 0; iteration < iterations; iteration++) {
    let direction = descent(gradient, pairs);
    let slope = dot(direction, gradient);
    if (!(slope < 0)) {
      pairs.length = 0;
      direction = gradient.map((g) => -g);
      slope = -dot(gradient, gradient);
    }
    if (slope === 0) break;
    let step = Math.min(1, reach / largest(direction));
    if (pairs.length === 0) step = Math.min(step, 0.5 / largest(direction));
    let next = at(x, step, direction);
    let trial = f(next);
    evaluations++;
    for (let k = 0; k < MOST_HALVINGS && !(trial.value <= value + ARMIJO * step * slope); k++) {
      step *= shorten(value, slope, step, trial.value);
      next = at(x, step, direction);
      trial = f(next);
      evaluations++;
    }
    if (!(trial.value <= value)) break;
    remember(pairs, difference(next, x), difference(trial.gradient, gradient));
    const gain = value - trial.value;
    x = next;
    ({ value, gradient } = trial);
    if (gain < tolerance) break;
  }
  return { x, value, evaluations };
}

/** Minimum of the parabola through both values and the slope, kept between a tenth and a half of the step. */
function shorten(value: number, slope: number, step: number, trial: number): number {
  if (!Number.isFinite(trial)) return 0.25;
  return Math.min(0.5, Math.max(0.1, (-slope * step) / (2 * (trial - value - slope * step))));
}

/** Two-loop recursion: −H g. */
function descent(gradient: Float64Array, pairs: readonly { readonly s: Float64Array; readonly y: Float64Array; readonly rho: number }[]): Float64Array {
  const q = gradient.map((g) => -g);
  const alphas: number[] = [];
  for (let k = pairs.length - 1; k >= 0; k--) {
    const { s, y, rho } = pairs[k];
    alphas[k] = rho * dot(s, q);
    add(q, -alphas[k], y);
  }
  const last = pairs.at(-1);
  if (last) {
    const scale = 1 / (last.rho * dot(last.y, last.y));
    for (let i = 0; i < q.length; i++) q[i] *= scale;
  }
  pairs.forEach(({ s, y, rho }, k) => add(q, alphas[k] - rho * dot(y, q), s));
  return q;
}

function remember(pairs: { s: Float64Array; y: Float64Array; rho: number }[], s: Float64Array, y: Float64Array): void {
  const curvature = dot(s, y);
  if (!(curvature > 1e-12 * dot(y, y))) return;
  pairs.push({ s, y, rho: 1 / curvature });
  if (pairs.length > MEMORY) pairs.shift();
}

function dot(a: Float64Array, b: Float64Array): number {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += a[i] * b[i];
  return s;
}

function add(out: Float64Array, scale: number, b: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] += scale * b[i];
}

const at = (x: Float64Array, step: number, direction: Float64Array): Float64Array => x.map((v, i) => v + step * direction[i]);
const difference = (a: Float64Array, b: Float64Array): Float64Array => a.map((v, i) => v - b[i]);
const largest = (a: Float64Array): number => a.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
