/*
 * The marginal likelihood of a Gaussian process with an unknown constant mean under a flat prior (the
 * restricted likelihood), and its gradient in all log hyper-parameters at the price of one inverse.
 *
 *   log p(y) = −½ [ (n − 1) log 2π + log|V| + log(1ᵀV⁻¹1) + rᵀV⁻¹r ],   V = K + noise,  r = y − 1·m̂
 *   ∂ log p / ∂θ = ½ Σ_ij W_ij ∂V_ij/∂θ,   W = ααᵀ − P,  α = V⁻¹r,  P = V⁻¹ − V⁻¹11ᵀV⁻¹ / 1ᵀV⁻¹1
 *
 * (Rasmussen & Williams 2006, eq. 2.45 and 5.9.) The gradient of all length scales is one matrix product:
 * Σ_ij C_ij (x_ik − x_jk)² = 2 Σ_i s_i x_ik² − 2 Σ_i x_ik (C X)_ik with s = C·1.
 *
 * A row of weight w counts as w equal measurements, so its noise variance is divided by w.
 */
import { NumericalError } from "../../base/errors.ts";
import { type Factor, factorise, inverse, multiply, multiplyTransposed, solve } from "../dense.ts";
import { type Amplitudes, type Layout, type Shape, amplitudesOf, matern, maternSlope, scaleByLengths, squaredNorms } from "./kernel.ts";

/** Training rows as the evidence sees them. */
export interface Problem {
  readonly shape: Shape;
  readonly layout: Layout;
  readonly n: number;
  /** n × n similarities, one matrix for each count block. */
  readonly grams: readonly Float64Array[];
  /** n × d, standardised. */
  readonly real: Float64Array;
  readonly y: Float64Array;
  /** Variance of each measurement that is known beforehand; zero where unknown. Length n. */
  readonly known: Float64Array;
  /** Multiplicity of each row. Length n. */
  readonly weights: Float64Array;
}

/** What the data say at given hyper-parameters. */
export interface Fitted {
  readonly factor: Factor;
  /** V⁻¹(y − 1·m̂). */
  readonly alpha: Float64Array;
  /** V⁻¹1. */
  readonly ones: Float64Array;
  /** 1ᵀV⁻¹1. */
  readonly precision: number;
  /** The estimated constant mean m̂. */
  readonly mean: number;
  readonly logEvidence: number;
}

/** K without noise, n × n, and the Matérn correlations' squared distances where there are any. */
export function covariance(problem: Problem, theta: Float64Array): { readonly k: Float64Array; readonly r2?: Float64Array; readonly scaled?: Float64Array } {
  const { shape, layout, n, grams, real } = problem;
  const amplitudes = amplitudesOf(layout, theta);
  if (shape.d === 0) return { k: weightedSum(grams, amplitudes.sets, n) };
  const scaled = scaleByLengths(real, shape.d, layout, theta);
  const r2 = multiplyTransposed(scaled, scaled, n, shape.d, n);
  distances(r2, squaredNorms(scaled, n, shape.d), n);
  const k = weightedSum(grams, amplitudes.sets, n);
  joinMatern(k, r2, shape, amplitudes, n);
  return { k, r2, scaled };
}

function weightedSum(grams: readonly Float64Array[], weights: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  grams.forEach((gram, b) => {
    const w = weights[b];
    for (let p = 0; p < out.length; p++) out[p] += w * gram[p];
  });
  return out;
}

/** Inner products in, squared distances out. */
function distances(out: Float64Array, norms: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) out[j * n + i] = out[i * n + j] = Math.max(0, norms[i] + norms[j] - 2 * out[i * n + j]);
    out[i * n + i] = 0;
  }
}

function joinMatern(out: Float64Array, r2: Float64Array, { combine, smoothness, sets }: Shape, { real }: Amplitudes, n: number): void {
  const product = combine === "product" && sets > 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const p = i * n + j;
      const m = matern(smoothness, r2[p]);
      out[p] = out[j * n + i] = product ? out[p] * m : out[p] + real * m;
    }
}

/** Measurement variance of each training row at these hyper-parameters. */
export const noiseOf = ({ known, weights, layout }: Problem, theta: Float64Array): Float64Array => {
  const variance = Math.exp(theta[layout.noise]);
  return known.map((v, i) => (v + variance) / weights[i]);
};

/** Condition on the data. Throws NumericalError when the covariance is not positive definite. */
export function condition(problem: Problem, k: Float64Array, theta: Float64Array): Fitted {
  const { n, y, weights } = problem;
  const noise = noiseOf(problem, theta);
  for (let i = 0; i < n; i++) k[i * n + i] += noise[i];
  const factor = factorise(k, n);
  const ones = solve(factor, new Float64Array(n).fill(1));
  const vy = solve(factor, y);
  let precision = 0;
  let cross = 0;
  for (let i = 0; i < n; i++) {
    precision += ones[i];
    cross += vy[i];
  }
  const mean = cross / precision;
  const alpha = vy.map((v, i) => v - mean * ones[i]);
  let quadratic = 0;
  let repeats = 0;
  for (let i = 0; i < n; i++) {
    quadratic += (y[i] - mean) * alpha[i];
    repeats += (weights[i] - 1) * Math.log(2 * Math.PI * noise[i] * weights[i]) + Math.log(weights[i]);
  }
  const logEvidence = -0.5 * ((n - 1) * Math.log(2 * Math.PI) + factor.logDet + Math.log(precision) + quadratic + repeats);
  if (!Number.isFinite(logEvidence)) throw new NumericalError(`evidence is not finite: ${logEvidence} — check the scale of the target`, { logEvidence });
  return { factor, alpha, ones, precision, mean, logEvidence };
}

/** Log evidence and its gradient with respect to every log hyper-parameter. */
export function evidence(problem: Problem, theta: Float64Array): { readonly value: number; readonly gradient: Float64Array } {
  const { n, layout, weights, known } = problem;
  const { k, r2, scaled } = covariance(problem, theta);
  const fitted = condition(problem, k, theta);
  const w = sensitivities(fitted, n);
  const gradient = new Float64Array(layout.size);
  const variance = Math.exp(theta[layout.noise]);
  let onNoise = 0;
  for (let i = 0; i < n; i++) onNoise += w[i * n + i] / weights[i] - (weights[i] - 1) / (known[i] + variance);
  gradient[layout.noise] = 0.5 * variance * onNoise;
  kernelGradient(problem, theta, w, { r2, scaled }, gradient);
  return { value: fitted.logEvidence, gradient };
}

/** ½ Σ_ij W_ij ∂K_ij/∂θ for every amplitude and length scale, into `gradient`. Overwrites `w` and the distances. */
export function kernelGradient(problem: Problem, theta: Float64Array, w: Float64Array, { r2, scaled }: { readonly r2: Float64Array | undefined; readonly scaled: Float64Array | undefined }, gradient: Float64Array): void {
  if (r2 === undefined || scaled === undefined) setGradient(problem, theta, w, gradient);
  else realGradient(problem, theta, w, r2, scaled, gradient);
}

/** W = ααᵀ − P. */
function sensitivities({ factor, alpha, ones, precision }: Fitted, n: number): Float64Array {
  const w = inverse(factor);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) w[i * n + j] = alpha[i] * alpha[j] + (ones[i] * ones[j]) / precision - w[i * n + j];
  return w;
}

function innerProduct(a: Float64Array, b: Float64Array): number {
  let s = 0;
  for (let p = 0; p < a.length; p++) s += a[p] * b[p];
  return s;
}

function setGradient({ grams, layout }: Problem, theta: Float64Array, w: Float64Array, gradient: Float64Array): void {
  const { sets } = amplitudesOf(layout, theta);
  grams.forEach((gram, b) => (gradient[b] = 0.5 * sets[b] * innerProduct(w, gram)));
}

/** Amplitudes and length scales; overwrites `r2` with C and `w` with W ∘ M in a product. */
function realGradient(problem: Problem, theta: Float64Array, w: Float64Array, r2: Float64Array, scaled: Float64Array, gradient: Float64Array): void {
  const { shape, layout, n, grams } = problem;
  const amplitudes = amplitudesOf(layout, theta);
  const product = shape.combine === "product" && shape.sets > 0;
  const base = product ? weightedSum(grams, amplitudes.sets, n) : undefined;
  if (!product) setGradient(problem, theta, w, gradient);
  const row = new Float64Array(n);
  let onAmplitude = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const p = i * n + j;
      const m = matern(shape.smoothness, r2[p]);
      const c = w[p] * (base ? base[p] : amplitudes.real) * maternSlope(shape.smoothness, r2[p]);
      onAmplitude += w[p] * m;
      if (product) w[p] *= m;
      r2[p] = c;
      row[i] += c;
    }
  if (product) setGradient(problem, theta, w, gradient);
  if (layout.amplitude >= 0) gradient[layout.amplitude] = 0.5 * amplitudes.real * onAmplitude;
  const cx = multiply(r2, scaled, n, n, shape.d);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < shape.d; k++) {
      const x = scaled[i * shape.d + k];
      gradient[layout.lengths + k] -= 2 * x * (row[i] * x - cx[i * shape.d + k]);
    }
}
