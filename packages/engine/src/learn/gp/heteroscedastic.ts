/*
 * The most likely heteroscedastic Gaussian process: Kersting, Plagemann, Pfaff & Burgard, ICML 2007, doi 10.1145/1273496.1273546.
 * A second process on the logarithm of the noise variance: given the noise at each row the first process is fitted; given the first,
 * the noise at each row is estimated and the second process is fitted to its logarithm; a few rounds. The paper estimates by
 * draws; here it is E[(y − f)²] = (y − μ)² + v, the step of expectation maximisation, so that nothing is left to chance. Means of
 * logarithms are too low (by 1.27 for a χ² of one degree of freedom); one factor brings the mean of estimate over noise to one.
 * The second process enters by its mean alone: what is not known of the noise is not in the spread.
 */
import { type Key, fold } from "../../base/key.ts";
import { inverse } from "../dense.ts";
import { standardise } from "../standardise.ts";
import { type Fitted, noiseOf } from "./evidence.ts";
import { layoutOf } from "./kernel.ts";
import { type GpState, type Rows, problemOf } from "./model.ts";

export interface FittedProcess {
  readonly theta: Float64Array;
  readonly fitted: Fitted;
}

/** Fits a process to some values of the same rows. */
export type FitRows = (rows: Rows, key: Key) => Promise<FittedProcess>;

/** Rounds of noise and function; the noise moves by less than its own uncertainty after the third. */
export const ROUNDS = 4;

export interface Varying {
  /** The rows with the noise variances that were found. */
  readonly own: Rows;
  readonly process: FittedProcess;
  readonly noise: Omit<GpState, "design">;
}

/** Alternate; the noise that is stated of a measurement is the least that it has. */
export async function fitVarying(rows: Rows, fit: FitRows, key: Key): Promise<Varying> {
  const none = new Float64Array(rows.y.length);
  let own = rows;
  let process = await fit(rows, fold(key, "function 0"));
  let noise: Omit<GpState, "design"> | undefined;
  for (let round = 1; round <= ROUNDS; round++) {
    const estimates = noiseEstimates(own, process);
    const logs = estimates.map(Math.log);
    const { shift, scale, values } = constantOr(logs, rows.weights);
    const noiseRows: Rows = { ...rows, y: values, known: none };
    const second = await fit(noiseRows, fold(key, `noise ${round}`));
    const smooth = fittedMeans(noiseRows, second).map((m) => Math.exp(shift + scale * m));
    const factor = estimates.reduce((sum, v, i) => sum + (rows.weights[i] * v) / smooth[i], 0) / rows.weights.reduce((a, b) => a + b, 0);
    noise = { ...noiseRows, theta: second.theta, shift: shift + Math.log(factor), scale, logEvidence: second.fitted.logEvidence };
    own = { ...rows, known: rows.known.map((stated, i) => Math.max(stated, factor * smooth[i])) };
    process = await fit(own, fold(key, `function ${round}`));
  }
  return { own, process, noise: noise! };
}

/** Logarithms that do not differ are no target. */
function constantOr(logs: Float64Array, weights: Float64Array): ReturnType<typeof standardise> {
  const first = logs[0];
  if (logs.every((v) => Math.abs(v - first) <= 1e-9 * Math.max(1, Math.abs(first)))) return { shift: first, scale: 1, values: new Float64Array(logs.length) };
  return standardise("logarithm of the noise", logs, weights);
}

/** y − N α: the posterior mean of the function at the training rows. */
const fittedMeans = (rows: Rows, { theta, fitted }: FittedProcess): Float64Array => {
  const noise = noiseOf(problemShape(rows), theta);
  return rows.y.map((v, i) => v - noise[i] * fitted.alpha[i]);
};

const problemShape = (rows: Rows): ReturnType<typeof problemOf> => ({ ...rows, layout: layoutOf(rows.shape), n: rows.y.length, grams: [] });

/** (y − μ)² + v of each row, v = N − N P N being the posterior variance of the function there. */
function noiseEstimates(rows: Rows, { theta, fitted }: FittedProcess): Float64Array {
  const n = rows.y.length;
  const noise = noiseOf(problemShape(rows), theta);
  const inverted = inverse(fitted.factor);
  return noise.map((v, i) => {
    const p = inverted[i * n + i] - fitted.ones[i] ** 2 / fitted.precision;
    const latent = Math.max(0, v - v * v * p);
    return Math.max(Number.MIN_VALUE, (v * fitted.alpha[i]) ** 2 + latent);
  });
}
