/*
 * Least squares over the unit simplex: the weights w ≥ 0, Σ w = 1 that bring Aᵀw closest to b. Exact up to rounding,
 * by a primal active-set method (Nocedal and Wright 2006, section 16.5; Lawson and Hanson 1974 with the equality
 * folded in): on the weights that are free the normal equations with one multiplier are solved; a step that would
 * leave the simplex stops at its edge and frees one weight fewer; at a minimum the weight whose gradient falls most
 * below the multiplier is freed. Each face is visited at most once, because the objective falls from one to the next.
 *
 * The normal equations square the condition of A. Corrections solved from the residual b − Aᵀw itself take that back
 * (Björck 1996, section 2.9.3), so that an exact combination is found to near machine precision.
 */
import { NumericalError } from "../base/errors.ts";
import type { Matrix } from "./types.ts";

export interface SimplexFit {
  /** Weights of the rows of A; they sum to one. */
  readonly weights: Float64Array;
  /** ‖Aᵀw − b‖. */
  readonly residual: number;
}

const REFINEMENTS = 3;
/** Multipliers are compared to this share of the gradient's size. */
const OPTIMAL = 1e-10;

/** `a` is n × d, one row for each thing that is weighed; `b` has length d. Throws NumericalError when no face is optimal. */
export function simplexLeastSquares(a: Matrix, b: ArrayLike<number>): SimplexFit {
  const n = a.rows;
  const gram = gramOf(a);
  const target = Float64Array.from({ length: n }, (_, i) => dotRow(a, i, b));
  const scale = Math.max(...Array.from({ length: n }, (_, i) => gram[i * n + i]!), ...target.map(Math.abs), Number.MIN_VALUE);
  let weights = vertex(gram, target);
  let free = [weights.indexOf(1)];
  for (let round = 0; round < 50 * n; round++) {
    const solved = solveOn(free, gram, target, 1);
    const blocked = blockOf(free, weights, solved);
    if (blocked) {
      weights = blocked.weights;
      free = free.filter((i) => weights[i]! > 0);
      continue;
    }
    weights = new Float64Array(n);
    free.forEach((i, k) => (weights[i] = solved[k]!));
    const next = steepest(weights, free, gram, target, OPTIMAL * scale);
    if (next < 0) return finish(a, b, refined(a, b, weights, free, gram));
    free = [...free, next].sort((p, q) => p - q);
  }
  throw new NumericalError(`least squares over the simplex did not end: ${n} weights — the rows may be dependent`, { rows: n });
}

function gramOf({ rows, cols, data }: Matrix): Float64Array {
  const gram = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++)
    for (let j = i; j < rows; j++) {
      let sum = 0;
      for (let k = 0; k < cols; k++) sum += data[i * cols + k]! * data[j * cols + k]!;
      gram[i * rows + j] = gram[j * rows + i] = sum;
    }
  return gram;
}

function dotRow({ cols, data }: Matrix, i: number, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < cols; k++) sum += data[i * cols + k]! * b[k]!;
  return sum;
}

/** The corner where the objective ½wᵀGw − tᵀw is least. */
function vertex(gram: Float64Array, target: Float64Array): Float64Array {
  const n = target.length;
  const value = target.map((t, i) => gram[i * n + i]! / 2 - t);
  const weights = new Float64Array(n);
  weights[value.indexOf(Math.min(...value))] = 1;
  return weights;
}

/** The weights in `free` that solve G w = right − λ and sum to `total`, one for each. */
function solveOn(free: readonly number[], gram: Float64Array, right: Float64Array, total: number): Float64Array {
  const n = right.length;
  const m = free.length + 1;
  const system = new Float64Array(m * (m + 1));
  free.forEach((i, p) => {
    free.forEach((j, q) => (system[p * (m + 1) + q] = gram[i * n + j]!));
    system[p * (m + 1) + m - 1] = system[(m - 1) * (m + 1) + p] = 1;
    system[p * (m + 1) + m] = right[i]!;
  });
  system[m * (m + 1) - 1] = total;
  return eliminate(system, m).subarray(0, m - 1);
}

/** Gaussian elimination with partial pivoting of an m × (m + 1) augmented system; a vanishing pivot leaves its unknown at zero. */
function eliminate(system: Float64Array, m: number): Float64Array {
  const w = m + 1;
  for (let c = 0; c < m; c++) {
    let pivot = c;
    for (let r = c + 1; r < m; r++) if (Math.abs(system[r * w + c]!) > Math.abs(system[pivot * w + c]!)) pivot = r;
    if (system[pivot * w + c] === 0) continue;
    if (pivot !== c) for (let k = c; k < w; k++) [system[c * w + k], system[pivot * w + k]] = [system[pivot * w + k]!, system[c * w + k]!];
    for (let r = c + 1; r < m; r++) {
      const factor = system[r * w + c]! / system[c * w + c]!;
      if (factor !== 0) for (let k = c; k < w; k++) system[r * w + k]! -= factor * system[c * w + k]!;
    }
  }
  const out = new Float64Array(m);
  for (let r = m - 1; r >= 0; r--) {
    let sum = system[r * w + m]!;
    for (let k = r + 1; k < m; k++) sum -= system[r * w + k]! * out[k]!;
    out[r] = system[r * w + r] === 0 ? 0 : sum / system[r * w + r]!;
  }
  return out;
}

/** Where the way to the minimum on a face leaves the simplex; undefined when the minimum lies inside. */
function blockOf(free: readonly number[], from: Float64Array, to: Float64Array): { readonly weights: Float64Array } | undefined {
  let step = 1;
  let edge = -1;
  free.forEach((i, k) => {
    if (to[k]! > 0) return;
    const length = from[i]! / (from[i]! - to[k]!);
    if (edge < 0 || length < step) [step, edge] = [Math.min(1, length), i];
  });
  if (edge < 0) return undefined;
  const weights = new Float64Array(from.length);
  free.forEach((i, k) => (weights[i] = i === edge ? 0 : Math.max(0, from[i]! + step * (to[k]! - from[i]!))));
  return { weights };
}

/** The weight at zero that would lower the objective fastest; −1 at the optimum. */
function steepest(weights: Float64Array, free: readonly number[], gram: Float64Array, target: Float64Array, tolerance: number): number {
  const n = weights.length;
  const gradient = (i: number): number => free.reduce((sum, j) => sum + gram[i * n + j]! * weights[j]!, -target[i]!);
  const level = free.reduce((sum, i) => sum + gradient(i), 0) / free.length;
  const inside = new Set(free);
  let best = -1;
  let least = level - tolerance;
  for (let i = 0; i < n; i++) {
    if (inside.has(i)) continue;
    const g = gradient(i);
    if (g < least) [best, least] = [i, g];
  }
  return best;
}

/** The weights with corrections from the residual, on the face where the optimum lies. */
function refined(a: Matrix, b: ArrayLike<number>, weights: Float64Array, free: readonly number[], gram: Float64Array): Float64Array {
  const n = weights.length;
  let best = weights;
  for (let round = 0; round < REFINEMENTS; round++) {
    const left = residualOf(a, b, best);
    const pull = new Float64Array(n);
    for (const i of free) pull[i] = dotRow(a, i, left);
    const change = solveOn(free, gram, pull, 1 - free.reduce((sum, i) => sum + best[i]!, 0));
    const next = new Float64Array(n);
    free.forEach((i, k) => (next[i] = best[i]! + change[k]!));
    if (free.some((i) => !(next[i]! >= 0)) || norm(residualOf(a, b, next)) > norm(left)) break;
    best = next;
  }
  return best;
}

function residualOf({ rows, cols, data }: Matrix, b: ArrayLike<number>, weights: Float64Array): Float64Array {
  const left = Float64Array.from({ length: cols }, (_, k) => b[k]!);
  for (let i = 0; i < rows; i++) {
    const w = weights[i]!;
    if (w !== 0) for (let k = 0; k < cols; k++) left[k]! -= w * data[i * cols + k]!;
  }
  return left;
}

const norm = (v: Float64Array): number => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));

const finish = (a: Matrix, b: ArrayLike<number>, weights: Float64Array): SimplexFit => ({ weights, residual: norm(residualOf(a, b, weights)) });
