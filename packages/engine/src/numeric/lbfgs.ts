/*
 * Minimisation of a smooth function with gradient inside a box: limited-memory BFGS (Nocedal & Wright, "Numerical
 * Optimization", 2006, Alg. 7.4) with projection onto the bounds (Bertsekas, SIAM J. Control Optim. 20, 221, 1982).
 * The quasi-Newton direction uses the variables that are free to move; steps are cut back along the projected path
 * until the value falls enough. Not Byrd et al.'s L-BFGS-B: no Cauchy point, so identification of active bounds may
 * take a few more steps. Deterministic.
 */
import { InputError, NumericalError } from "../base/errors.ts";
import { pause } from "../base/context.ts";
import type { Context } from "../base/context.ts";

export interface Evaluation {
  /** May be +∞ or NaN where the function cannot be computed: the step is then cut back. */
  readonly value: number;
  readonly gradient: Float64Array;
}

export interface LbfgsOptions {
  readonly lower?: Float64Array;
  readonly upper?: Float64Array;
  /** Iterations at most. */
  readonly iterations?: number;
  /** Stops when no component of the projected gradient is larger. */
  readonly gradientTolerance?: number;
  /** Stops when an iteration lowers the value by less than this share of its size. */
  readonly valueTolerance?: number;
  /** Pairs of steps remembered. */
  readonly memory?: number;
}

export interface LbfgsResult extends Evaluation {
  readonly x: Float64Array;
  readonly iterations: number;
  readonly evaluations: number;
  /** Whether a tolerance was met; else the iterations ran out or no step lowered the value. */
  readonly converged: boolean;
}

interface Pair {
  readonly s: Float64Array;
  readonly y: Float64Array;
}

/** Armijo's share of the decrease that the slope promises. */
const ENOUGH = 1e-4;
const CUTS = 40;

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

const largest = (v: Float64Array): number => v.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/** The minimum of `objective` from `start` (projected into the box). Throws NumericalError when the start has no finite value. */
export async function lbfgs(objective: (x: Float64Array) => Evaluation | Promise<Evaluation>, start: Float64Array, options: LbfgsOptions, ctx: Context): Promise<LbfgsResult> {
  const { iterations = 100, gradientTolerance = 1e-5, valueTolerance = 1e-9, memory = 10 } = options;
  const box = boxOf(start.length, options);
  let x = box.project(start);
  let here = await objective(x);
  let evaluations = 1;
  if (!Number.isFinite(here.value)) throw new NumericalError(`the function has no finite value at the start: ${here.value} — choose another start`, { value: here.value });
  let pairs: readonly Pair[] = [];
  for (let step = 0; step < iterations; step++) {
    await pause(ctx);
    const projected = box.project(x.map((v, i) => v - here.gradient[i]!)).map((v, i) => v - x[i]!);
    if (largest(projected) <= gradientTolerance) return { ...here, x, iterations: step, evaluations, converged: true };
    const found = await descend(objective, box, x, here, pairs);
    evaluations += found.evaluations;
    if (found.at === undefined && pairs.length > 0) {
      // A stale curvature may point nowhere; steepest descent is tried once before giving up.
      pairs = [];
      continue;
    }
    if (found.at === undefined) return { ...here, x, iterations: step, evaluations, converged: false };
    const next = found.at;
    const s = next.x.map((v, i) => v - x[i]!);
    const y = next.gradient.map((v, i) => v - here.gradient[i]!);
    if (dot(s, y) > 1e-10 * Math.sqrt(dot(s, s) * dot(y, y))) pairs = [...pairs, { s, y }].slice(-memory);
    const fall = here.value - next.value;
    const size = Math.max(Math.abs(here.value), Math.abs(next.value), 1);
    x = next.x;
    here = { value: next.value, gradient: next.gradient };
    if (fall <= valueTolerance * size) return { ...here, x, iterations: step + 1, evaluations, converged: true };
  }
  return { ...here, x, iterations, evaluations, converged: false };
}

interface Box {
  project(x: Float64Array): Float64Array;
  /** Whether x_i lies on a bound and the gradient pushes it outwards. */
  held(i: number, x: number, gradient: number): boolean;
}

function boxOf(n: number, { lower = new Float64Array(n).fill(Number.NEGATIVE_INFINITY), upper = new Float64Array(n).fill(Number.POSITIVE_INFINITY) }: LbfgsOptions): Box {
  if (lower.length !== n || upper.length !== n || lower.some((l, i) => !(l <= upper[i]!))) throw new InputError(`bounds of ${lower.length} and ${upper.length} numbers — one pair, lower ≤ upper, for each of ${n} variables`);
  return {
    project: (x) => x.map((v, i) => Math.min(Math.max(v, lower[i]!), upper[i]!)),
    held: (i, x, gradient) => (x <= lower[i]! && gradient > 0) || (x >= upper[i]! && gradient < 0),
  };
}

/** Backtracking along the projected path of the quasi-Newton direction. */
async function descend(
  objective: (x: Float64Array) => Evaluation | Promise<Evaluation>,
  box: Box,
  x: Float64Array,
  here: Evaluation,
  pairs: readonly Pair[],
): Promise<{ readonly evaluations: number; readonly at?: Evaluation & { readonly x: Float64Array } }> {
  const free = here.gradient.map((g, i) => (box.held(i, x[i]!, g) ? 0 : g));
  let direction = quasiNewton(free, pairs);
  if (!(dot(direction, free) < 0)) direction = free.map((g) => -g);
  // The first step is of length one at most; later ones have the curvature's own length.
  let length = pairs.length > 0 ? 1 : Math.min(1, 1 / Math.max(largest(direction), 1e-300));
  for (let cut = 0; cut < CUTS; cut++) {
    const next = box.project(x.map((v, i) => v + length * direction[i]!));
    const promised = dot(here.gradient, next.map((v, i) => v - x[i]!));
    if (promised === 0) return { evaluations: cut };
    const there = await objective(next);
    if (there.value <= here.value + ENOUGH * promised && there.gradient.every(Number.isFinite)) return { evaluations: cut + 1, at: { ...there, x: next } };
    length *= Number.isFinite(there.value) ? parabolaCut(here.value, there.value, promised) : 0.25;
  }
  return { evaluations: CUTS };
}

/** The minimum of the parabola through both values with the slope at the near end, kept in 0.1 … 0.5. */
const parabolaCut = (near: number, far: number, slope: number): number => Math.min(0.5, Math.max(0.1, -slope / (2 * (far - near - slope))));

/** −H g by the two-loop recursion, on the free variables (zero entries of `gradient` stay zero). */
function quasiNewton(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const mask = (v: Float64Array) => v.map((x, i) => (gradient[i] === 0 ? 0 : x));
  const live = pairs.map(({ s, y }) => ({ s: mask(s), y: mask(y) })).filter(({ s, y }) => dot(s, y) > 0);
  let q = gradient.slice();
  const alphas = live.toReversed().map(({ s, y }) => {
    const alpha = dot(s, q) / dot(s, y);
    q = q.map((v, i) => v - alpha * y[i]!);
    return alpha;
  });
  const last = live.at(-1);
  if (last !== undefined) q = q.map((v) => (v * dot(last.s, last.y)) / dot(last.y, last.y));
  live.forEach(({ s, y }, k) => {
    const beta = dot(y, q) / dot(s, y);
    const alpha = alphas[live.length - 1 - k]!;
    q = q.map((v, i) => v + (alpha - beta) * s[i]!);
  });
  return q.map((v) => -v);
}
