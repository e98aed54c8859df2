/*
 * Kernel ridge regression with a constant that is not penalised, and its exact leave-one-out errors. It is the posterior
 * of a Gaussian process of covariance C, noise λ/w and a flat constant (Rasmussen & Williams 2006, section 2.7), so that
 * what is left out is predicted without fitting again (Dubrule 1983, doi 10.1007/BF01033230; the flat mean included):
 *
 *   P = A⁻¹ − A⁻¹11ᵀA⁻¹ / 1ᵀA⁻¹1,   A = C + λ diag(1/w),   y_i − ŷ_(−i) = (P y)_i / P_ii,   variance 1 / P_ii
 */
import { type Factor, factorise, inverse, solve } from "../dense.ts";

export interface Ridge {
  readonly factor: Factor;
  /** A⁻¹(y − constant). */
  readonly alpha: Float64Array;
  /** A⁻¹1. */
  readonly ones: Float64Array;
  /** 1ᵀA⁻¹1. */
  readonly precision: number;
  readonly constant: number;
}

/** Added to every diagonal, in the units of C: keeps the factor positive where λ is zero and rows are equal. */
const JITTER = 1e-8;

/** C (n × n) is not changed. Throws NumericalError when A is not positive definite. */
export function ridge(c: Float64Array, y: Float64Array, weights: Float64Array, lambda: number): Ridge {
  const n = y.length;
  const a = c.slice();
  for (let i = 0; i < n; i++) a[i * n + i] += lambda / weights[i] + JITTER;
  const factor = factorise(a, n);
  const ones = solve(factor, new Float64Array(n).fill(1));
  const solved = solve(factor, y);
  const precision = sum(ones);
  const constant = sum(solved) / precision;
  return { factor, ones, precision, constant, alpha: solved.map((v, i) => v - constant * ones[i]) };
}

const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);

/** 1 / P_ii: the variance, in the units of C, with which each row is predicted from the others. */
export function leaveOneOutVariances({ factor, ones, precision }: Ridge): Float64Array {
  const inverted = inverse(factor);
  const { n } = factor;
  return ones.map((v, i) => 1 / (inverted[i * n + i] - (v * v) / precision));
}

/** Leave-one-out errors of any targets at one λ: y_i less what the other rows say. */
export function leaveOneOutErrors(fitted: Ridge, variances: Float64Array, y: Float64Array): Float64Array {
  const solved = solve(fitted.factor, y);
  const constant = sum(solved) / fitted.precision;
  return variances.map((v, i) => (solved[i] - constant * fitted.ones[i]) * v);
}

/** Weighted mean of squares. */
export const meanSquare = (errors: Float64Array, weights: Float64Array): number => errors.reduce((s, e, i) => s + weights[i] * e * e, 0) / sum(weights);

/** Logarithmically spaced from low to high, both included. */
export const logGrid = (low: number, high: number, points: number): readonly number[] => Array.from({ length: points }, (_, i) => low * (high / low) ** (i / (points - 1)));

/** λ that are tried, of a standardised target; fewer where each costs more. */
export const lambdaGrid = (n: number): readonly number[] => logGrid(1e-4, 100, n <= 200 ? 25 : 13);

export interface Chosen {
  readonly lambda: number;
  readonly fitted: Ridge;
  /** Leave-one-out errors, and their variances in the units of C. */
  readonly errors: Float64Array;
  readonly variances: Float64Array;
  readonly loss: number;
}

/** The λ of smallest leave-one-out error. */
export function chooseLambda(c: Float64Array, y: Float64Array, weights: Float64Array, grid = lambdaGrid(y.length)): Chosen {
  let best: Chosen | undefined;
  for (const lambda of grid) {
    const fitted = ridge(c, y, weights, lambda);
    const variances = leaveOneOutVariances(fitted);
    const errors = leaveOneOutErrors(fitted, variances, y);
    const loss = meanSquare(errors, weights);
    if (best === undefined || loss < best.loss) best = { lambda, fitted, errors, variances, loss };
  }
  return best!;
}

/** Variance of the process for which standardised leave-one-out errors have variance one. */
export const processVariance = ({ errors, variances }: Pick<Chosen, "errors" | "variances">): number => errors.reduce((s, e, i) => s + (e * e) / variances[i], 0) / errors.length;
