/*
 * Gaussian processes of several tasks: f_t(x) = Σ_q w_tq g_q(x), the g_q independent processes of unit scale with kernels of their
 * own or in common. The intrinsic coregionalisation model (one kernel), the linear model of coregionalisation (one kernel for each
 * g) and, with w lower triangular, the autoregressive model of several fidelities (Kennedy & O'Hagan 2000, eq. 1: two levels with
 * w = [[1, 0], [ρ, 1]]) are its cases (Álvarez, Rosasco & Lawrence 2012, doi 10.1561/2200000036, section 4). A row need not have
 * been measured for every task.
 *
 *   V = Σ_κ C_κ[t, t′] k_κ(x, x′) + noise_t,   C_κ = Σ_{q of κ} w_q w_qᵀ,   mean Hβ with a flat prior on β
 *   log p(y) = −½ [ (n − p) log 2π + log|V| + log|HᵀV⁻¹H| + rᵀV⁻¹r ]      (restricted; Rasmussen & Williams 2006, eq. 2.45)
 *   ∂/∂θ = ½ Σ W ∂V/∂θ,   W = ααᵀ − V⁻¹ + V⁻¹H (HᵀV⁻¹H)⁻¹ HᵀV⁻¹
 */
import { NumericalError } from "../../base/errors.ts";
import { type Factor, factorise, inverse, multiply, solve } from "../dense.ts";
import { type Problem, covariance, kernelGradient } from "./evidence.ts";
import { type Shape, layoutOf } from "./kernel.ts";

/** Which process enters which task, and by which kernel. */
export interface Structure {
  readonly tasks: number;
  readonly kernels: number;
  /** One for each process g_q: its kernel, and the tasks that it may enter. */
  readonly latents: readonly { readonly kernel: number; readonly tasks: readonly number[] }[];
}

export interface Observations {
  readonly shape: Shape;
  /** n × n similarities, one matrix for each count block. */
  readonly grams: readonly Float64Array[];
  /** n × d, standardised. */
  readonly real: Float64Array;
  /** Standardised within each task. */
  readonly y: Float64Array;
  /** Variance of each measurement that is known beforehand. */
  readonly known: Float64Array;
  readonly weights: Float64Array;
  readonly task: Int32Array;
  /** H, n × p. */
  readonly basis: Float64Array;
}

/** Where the logarithms of kernel parameters, the loads w, and the logarithms of noise variances stand in one vector. */
export interface Positions {
  /** Numbers of each kernel, noise left out. */
  readonly kernel: number;
  readonly loads: number;
  /** Task and process of each load. */
  readonly entries: readonly { readonly task: number; readonly latent: number }[];
  readonly noise: number;
  readonly size: number;
}

export function positionsOf(shape: Shape, { tasks, kernels, latents }: Structure): Positions {
  const kernel = layoutOf(shape).noise;
  const entries = latents.flatMap((latent, q) => latent.tasks.map((task) => ({ task, latent: q })));
  const loads = kernels * kernel;
  return { kernel, loads, entries, noise: loads + entries.length, size: loads + entries.length + tasks };
}

/** tasks × latents. */
export function loadsOf({ tasks, latents }: Structure, { loads, entries }: Positions, theta: Float64Array): Float64Array {
  const out = new Float64Array(tasks * latents.length);
  entries.forEach(({ task, latent }, e) => (out[task * latents.length + latent] = theta[loads + e]));
  return out;
}

/** C_κ, tasks × tasks. */
export function mixing({ tasks, latents }: Structure, w: Float64Array, kernel: number): Float64Array {
  const out = new Float64Array(tasks * tasks);
  latents.forEach((latent, q) => {
    if (latent.kernel !== kernel) return;
    for (let s = 0; s < tasks; s++) for (let t = 0; t < tasks; t++) out[s * tasks + t] += w[s * latents.length + q] * w[t * latents.length + q];
  });
  return out;
}

/** The parameters of one kernel; the slot for noise, which `kernel.ts` expects, stays empty. */
export const kernelTheta = ({ kernel }: Positions, theta: Float64Array, k: number): Float64Array => Float64Array.of(...theta.subarray(k * kernel, (k + 1) * kernel), 0);

const kernelProblem = ({ shape, grams, real, y, known, weights }: Observations): Problem => ({ shape, layout: layoutOf(shape), n: y.length, grams, real, y, known, weights });

/** Conditioned on the observations. */
export interface Conditioned {
  readonly factor: Factor;
  /** V⁻¹(y − Hβ). */
  readonly alpha: Float64Array;
  /** V⁻¹H, n × p. */
  readonly solved: Float64Array;
  /** Of HᵀV⁻¹H, p × p. */
  readonly information: Factor;
  readonly beta: Float64Array;
  readonly logEvidence: number;
}

/** V is overwritten. Throws NumericalError when it, or HᵀV⁻¹H, is not positive definite. */
export function conditionOn(v: Float64Array, { y, basis, weights }: Pick<Observations, "y" | "basis" | "weights">, noise: Float64Array): Conditioned {
  const n = y.length;
  const p = basis.length / n;
  for (let i = 0; i < n; i++) v[i * n + i] += noise[i];
  const factor = factorise(v, n);
  const solved = solve(factor, basis, p);
  const vy = solve(factor, y);
  const gram = new Float64Array(p * p);
  const right = new Float64Array(p);
  for (let i = 0; i < n; i++)
    for (let a = 0; a < p; a++) {
      right[a] += basis[i * p + a] * vy[i];
      for (let b = 0; b < p; b++) gram[a * p + b] += basis[i * p + a] * solved[i * p + b];
    }
  const information = factorise(gram, p);
  const beta = solve(information, right);
  const alpha = vy.map((value, i) => beta.reduce((s, b, a) => s - b * solved[i * p + a], value));
  let [quadratic, repeats] = [0, 0];
  for (let i = 0; i < n; i++) {
    quadratic += beta.reduce((s, b, a) => s - b * basis[i * p + a], y[i]) * alpha[i];
    // A row of weight w counts as w equal measurements.
    repeats += (weights[i] - 1) * Math.log(2 * Math.PI * noise[i] * weights[i]) + Math.log(weights[i]);
  }
  const logEvidence = -0.5 * ((n - p) * Math.log(2 * Math.PI) + factor.logDet + information.logDet + quadratic + repeats);
  if (!Number.isFinite(logEvidence)) throw new NumericalError(`evidence is not finite: ${logEvidence} — check the scale of the targets`, { logEvidence });
  return { factor, alpha, solved, information, beta, logEvidence };
}

/** W = ααᵀ − V⁻¹ + V⁻¹H (HᵀV⁻¹H)⁻¹ HᵀV⁻¹. */
function sensitivities({ factor, alpha, solved, information }: Conditioned): Float64Array {
  const { n } = factor;
  const p = information.n;
  const w = inverse(factor);
  const projected = multiply(solved, inverse(information), n, p, p);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let s = alpha[i] * alpha[j] - w[i * n + j];
      for (let a = 0; a < p; a++) s += projected[i * p + a] * solved[j * p + a];
      w[i * n + j] = s;
    }
  return w;
}

interface Kernels {
  readonly parts: readonly ReturnType<typeof covariance>[];
  readonly mixes: readonly Float64Array[];
  readonly v: Float64Array;
}

function kernelsAt(structure: Structure, positions: Positions, observations: Observations, theta: Float64Array): Kernels {
  const { task } = observations;
  const n = task.length;
  const w = loadsOf(structure, positions, theta);
  const v = new Float64Array(n * n);
  const parts = Array.from({ length: structure.kernels }, (_, k) => covariance(kernelProblem(observations), kernelTheta(positions, theta, k)));
  const mixes = parts.map((_, k) => mixing(structure, w, k));
  parts.forEach(({ k }, c) => {
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) v[i * n + j] += mixes[c][task[i] * structure.tasks + task[j]] * k[i * n + j];
  });
  return { parts, mixes, v };
}

/** Variance of each measurement. */
const noiseAt = ({ noise }: Positions, { known, weights, task }: Observations, theta: Float64Array): Float64Array => known.map((k, i) => (k + Math.exp(theta[noise + task[i]])) / weights[i]);

export const conditionAt = (structure: Structure, positions: Positions, observations: Observations, theta: Float64Array): Conditioned =>
  conditionOn(kernelsAt(structure, positions, observations, theta).v, observations, noiseAt(positions, observations, theta));

/** Log evidence and its gradient with respect to every parameter. */
export function coregionalEvidence(structure: Structure, positions: Positions, observations: Observations, theta: Float64Array): { readonly value: number; readonly gradient: Float64Array } {
  const { task, weights, known } = observations;
  const { tasks, latents } = structure;
  const n = task.length;
  const { parts, mixes, v } = kernelsAt(structure, positions, observations, theta);
  const fitted = conditionOn(v, observations, noiseAt(positions, observations, theta));
  const s = sensitivities(fitted);
  const gradient = new Float64Array(positions.size);
  for (let i = 0; i < n; i++) {
    const variance = Math.exp(theta[positions.noise + task[i]]);
    gradient[positions.noise + task[i]] += 0.5 * variance * (s[i * n + i] / weights[i] - (weights[i] - 1) / (known[i] + variance));
  }
  const w = loadsOf(structure, positions, theta);
  parts.forEach((part, k) => {
    const within = new Float64Array(tasks * tasks);
    const own = new Float64Array(n * n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        const at = task[i] * tasks + task[j];
        within[at] += s[i * n + j] * part.k[i * n + j];
        own[i * n + j] = s[i * n + j] * mixes[k][at];
      }
    positions.entries.forEach(({ task: t, latent }, e) => {
      if (latents[latent].kernel !== k) return;
      for (let u = 0; u < tasks; u++) gradient[positions.loads + e] += within[t * tasks + u] * w[u * latents.length + latent];
    });
    const slope = new Float64Array(positions.kernel + 1);
    kernelGradient(kernelProblem(observations), kernelTheta(positions, theta, k), own, { r2: part.r2, scaled: part.scaled }, slope);
    gradient.set(slope.subarray(0, positions.kernel), k * positions.kernel);
  });
  return { value: fitted.logEvidence, gradient };
}
