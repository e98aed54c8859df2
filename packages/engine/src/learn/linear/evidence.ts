/*
 * The evidence of a Bayesian linear model with a flat intercept, one prior precision for each block of features
 * and a noise variance (MacKay 1992, doi 10.1162/neco.1992.4.3.415; Bishop 2006, section 3.5).
 *
 *   y = c + Φw + ε,   w_b ~ N(0, λ_b σ² I),   ε ~ N(0, σ²),   A = I + Σ_b λ_b Φ_b Φ_bᵀ  (n × n)
 *   log p(y | λ, σ²) = −½ (N − 1) log 2πσ² − ½ log N − ½ log|A| − Q / 2σ²,   Q = yᵀA⁻¹y (y centred)
 *
 * σ² is profiled out at Q / (N − 1). The dual form works with the n × n products, the primal one with
 * I + D^½ΦᵀΦD^½ (d × d), whose determinant is the same. A row of weight w counts as w equal rows: rows are
 * multiplied by √w and N is the sum of the weights.
 */
import { type Factor, factorise, inverse, solve } from "../dense.ts";

/** The smaller of the two equivalent problems; features centred and scaled, rows times √weight. */
export type Problem =
  | { readonly form: "dual"; readonly total: number; readonly y: Float64Array; readonly grams: readonly Float64Array[] }
  | { readonly form: "primal"; readonly total: number; readonly squares: number; readonly gram: Float64Array; readonly cross: Float64Array; readonly block: Int32Array; readonly blocks: number };

/** The posterior at given λ. */
export interface Solved {
  readonly factor: Factor;
  /** A⁻¹y (dual), or A⁻¹D^½Φᵀy (primal). */
  readonly solution: Float64Array;
  /** Residual quadratic form Q; the noise variance is Q / (N − 1). */
  readonly q: number;
  readonly logEvidence: number;
}

/** Below this share of the target's variance the fit is exact and the rest is rounding. */
const EXACT = 1e-12;

export function solveAt(problem: Problem, logLambda: Float64Array): Solved {
  const lambda = logLambda.map(Math.exp);
  const size = problem.form === "dual" ? problem.y.length : problem.cross.length;
  const a = problem.form === "dual" ? dualMatrix(problem.grams, lambda, size) : primalMatrix(problem, lambda, size);
  const factor = factorise(a, size);
  const right = problem.form === "dual" ? problem.y : problem.cross.map((v, j) => v * Math.sqrt(lambda[problem.block[j]]));
  const solution = solve(factor, right);
  const form = dot(right, solution);
  const squares = problem.form === "dual" ? dot(problem.y, problem.y) : problem.squares;
  const q = Math.max(problem.form === "dual" ? form : squares - form, EXACT * squares);
  const N = problem.total;
  const logEvidence = -0.5 * ((N - 1) * Math.log((2 * Math.PI * q) / (N - 1)) + Math.log(N) + factor.logDet + (N - 1));
  return { factor, solution, q, logEvidence };
}

function dualMatrix(grams: readonly Float64Array[], lambda: Float64Array, n: number): Float64Array {
  const a = new Float64Array(n * n);
  grams.forEach((gram, b) => {
    for (let p = 0; p < a.length; p++) a[p] += lambda[b] * gram[p];
  });
  for (let i = 0; i < n; i++) a[i * n + i] += 1;
  return a;
}

function primalMatrix({ gram, block }: Problem & { readonly form: "primal" }, lambda: Float64Array, d: number): Float64Array {
  const root = Float64Array.from(block, (b) => Math.sqrt(lambda[b]));
  const a = new Float64Array(d * d);
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) a[i * d + j] = gram[i * d + j] * root[i] * root[j];
  for (let i = 0; i < d; i++) a[i * d + i] += 1;
  return a;
}

/** Log evidence at the best noise variance, and its gradient in log λ. */
export function evidence(problem: Problem, logLambda: Float64Array): { readonly value: number; readonly gradient: Float64Array } {
  const solved = solveAt(problem, logLambda);
  const { traces, forms } = problem.form === "dual" ? dualParts(problem.grams, logLambda, solved) : primalParts(problem, solved);
  const share = (problem.total - 1) / solved.q;
  return { value: solved.logEvidence, gradient: traces.map((trace, b) => 0.5 * (share * forms[b] - trace)) };
}

interface Parts {
  /** tr(A⁻¹ λ_b K_b): the effective number of parameters of each block. */
  readonly traces: Float64Array;
  /** aᵀ λ_b K_b a. */
  readonly forms: Float64Array;
}

function dualParts(grams: readonly Float64Array[], logLambda: Float64Array, { factor, solution }: Solved): Parts {
  const n = solution.length;
  const inv = inverse(factor);
  const traces = new Float64Array(grams.length);
  const forms = new Float64Array(grams.length);
  grams.forEach((gram, b) => {
    const lambda = Math.exp(logLambda[b]);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        const p = i * n + j;
        traces[b] += lambda * inv[p] * gram[p];
        forms[b] += lambda * solution[i] * gram[p] * solution[j];
      }
  });
  return { traces, forms };
}

function primalParts({ block, blocks }: Problem & { readonly form: "primal" }, { factor, solution }: Solved): Parts {
  const d = solution.length;
  const inv = inverse(factor);
  const traces = new Float64Array(blocks);
  const forms = new Float64Array(blocks);
  for (let j = 0; j < d; j++) {
    traces[block[j]] += 1 - inv[j * d + j];
    forms[block[j]] += solution[j] * solution[j];
  }
  return { traces, forms };
}

function dot(a: Float64Array, b: Float64Array): number {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += a[i] * b[i];
  return s;
}
