/*
 * The affine model transformation in its kernel form: Minami, Fukumizu, Hayashi & Yoshida, "Transfer learning with affine
 * model transformation", NeurIPS 2023 (arXiv 2210.09745), the model and its block updates.
 *
 *   y ≈ a₀ + K₁a + (1 + K₂b) ∘ K₃c,      penalty  l₁ aᵀK₁a + l₂ bᵀK₂b + l₃ cᵀK₃c
 *   b ← (D(u)²K₂ + l₂I)⁻¹ [u ∘ (y − a₀ − K₁a − u)],   u = K₃c
 *   c ← (D(s)²K₃ + l₃I)⁻¹ [s ∘ (y − a₀ − K₁a)],       s = 1 + K₂b
 *   a ← (K₁ + l₁I)⁻¹ [y − a₀ − s ∘ K₃c],              a₀ ← mean(y − K₁a − s ∘ K₃c)
 *
 * K₁ = K₂ is the Gram matrix of the source columns, K₃ that of the descriptors. Rows may have weights: D² then stands
 * for the weighted squares. (D²K + lI)⁻¹D = D(DKD + lI)⁻¹, so every solve is of a positive definite matrix.
 * The objective is not convex: several starts, and the best of them.
 */
import { type Factor, factorise, solve } from "../dense.ts";

export interface AffineProblem {
  readonly y: Float64Array;
  readonly weights: Float64Array;
  /** Gram matrices, n × n, of the source columns and of the descriptors. */
  readonly source: Float64Array;
  readonly own: Float64Array;
  readonly penalties: Penalties;
  /** `full`, `no-shift` (a = 0) or `additive` (b = 0). */
  readonly variant: AffineVariant;
}

export type AffineVariant = "full" | "no-shift" | "additive";

export interface Penalties {
  readonly shift: number;
  readonly scale: number;
  readonly own: number;
}

export interface AffineBlocks {
  readonly constant: number;
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly c: Float64Array;
}

/** What one sweep of the updates does. */
export type Sweep = (blocks: AffineBlocks) => AffineBlocks;

/** K v, K being n × n. */
export function times(k: Float64Array, v: Float64Array): Float64Array {
  const n = v.length;
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let s = 0;
    for (let j = 0; j < n; j++) s += k[i * n + j] * v[j];
    out[i] = s;
  }
  return out;
}

/** The minimum over v of Σ w (r − d ∘ Kv)² + l vᵀKv. */
function weightedRidge(k: Float64Array, d: Float64Array, weights: Float64Array, residual: Float64Array, penalty: number): Float64Array {
  const n = d.length;
  const m = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) m[i * n + j] = d[i] * k[i * n + j] * d[j];
    m[i * n + i] += penalty / weights[i];
  }
  return solve(factorise(m, n), residual).map((v, i) => v * d[i]);
}

const SNAP = 1e-2; // blocks shorter than this are zero (section 4 of the paper's supplement)
const snapped = (v: Float64Array): Float64Array => (length(v) < SNAP ? new Float64Array(v.length) : v);
const length = (v: Float64Array): number => Math.sqrt(v.reduce((s, x) => s + x * x, 0));

/** The four updates in their order. */
export function sweepOf({ y, weights, source, own, penalties, variant }: AffineProblem): Sweep {
  const n = y.length;
  const shifter: Factor | undefined = variant === "no-shift" ? undefined : factoredShift(source, weights, penalties.shift);
  const total = weights.reduce((s, w) => s + w, 0);
  const mean = (f: (i: number) => number) => weights.reduce((s, w, i) => s + w * f(i), 0) / total;
  return ({ constant, a, b, c }) => {
    const shift = variant === "no-shift" ? new Float64Array(n) : times(source, a);
    const u = times(own, c);
    const b1 = variant === "additive" ? b : snapped(weightedRidge(source, u, weights, y.map((v, i) => v - constant - shift[i] - u[i]), penalties.scale));
    const s = times(source, b1).map((v) => 1 + v);
    const c1 = snapped(weightedRidge(own, s, weights, y.map((v, i) => v - constant - shift[i]), penalties.own));
    const u1 = times(own, c1);
    const a1 = shifter ? snapped(solve(shifter, y.map((v, i) => v - constant - s[i] * u1[i]))) : a;
    const shift1 = shifter ? times(source, a1) : shift;
    return { constant: mean((i) => y[i] - shift1[i] - s[i] * u1[i]), a: a1, b: b1, c: c1 };
  };
}

function factoredShift(source: Float64Array, weights: Float64Array, penalty: number): Factor {
  const n = weights.length;
  const m = source.slice();
  for (let i = 0; i < n; i++) m[i * n + i] += penalty / weights[i];
  return factorise(m, n);
}

/** Squared errors and penalties. */
export function objective({ y, weights, source, own, penalties }: AffineProblem, { constant, a, b, c }: AffineBlocks): number {
  const [ka, kb, kc] = [times(source, a), times(source, b), times(own, c)];
  const errors = y.reduce((s, v, i) => s + weights[i] * (v - constant - ka[i] - (1 + kb[i]) * kc[i]) ** 2, 0);
  const quadratic = (v: Float64Array, kv: Float64Array) => v.reduce((s, x, i) => s + x * kv[i], 0);
  return errors + penalties.shift * quadratic(a, ka) + penalties.scale * quadratic(b, kb) + penalties.own * quadratic(c, kc);
}

export interface Descent {
  readonly blocks: AffineBlocks;
  readonly sweeps: number;
  readonly converged: boolean;
}

/** Largest relative change of a block. */
const change = (before: AffineBlocks, after: AffineBlocks): number =>
  Math.max(...(["a", "b", "c"] as const).map((block) => {
    const size = Math.max(length(before[block]), length(after[block]));
    return size === 0 ? 0 : length(after[block].map((v, i) => v - before[block][i])) / size;
  }));

/** Sweep until no block changes by more than `tolerance` of itself, or `most` sweeps are done. */
export function descend(problem: AffineProblem, start: AffineBlocks, { most = 1000, tolerance = 1e-4 }: { readonly most?: number; readonly tolerance?: number } = {}): Descent {
  const sweep = sweepOf(problem);
  let blocks = start;
  for (let sweeps = 1; sweeps <= most; sweeps++) {
    const next = sweep(blocks);
    const moved = change(blocks, next);
    blocks = next;
    if (moved < tolerance) return { blocks, sweeps, converged: true };
  }
  return { blocks, sweeps: most, converged: false };
}
