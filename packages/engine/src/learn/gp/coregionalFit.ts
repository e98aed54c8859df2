/*
 * Fitting a process of several tasks: its parameters by L-BFGS on the log posterior under weak priors, on a keyed subset that
 * keeps rare tasks; its predictions from all observations.
 */
import { type Context, pause } from "../../base/context.ts";
import { NumericalError } from "../../base/errors.ts";
import { type Key, fold, stream } from "../../base/key.ts";
import { lbfgs } from "../../numeric/lbfgs.ts";
import { type Encoded, type SparseRows, takeEncoded } from "../design.ts";
import { quadraticForms } from "../dense.ts";
import { takeNumbers } from "../inputs.ts";
import { invert, similarityMatrix } from "../tanimoto.ts";
import { type Conditioned, type Observations, type Positions, type Structure, conditionAt, coregionalEvidence, kernelTheta, loadsOf, mixing, positionsOf } from "./coregional.ts";
import { type Prior, priorOf } from "./fit.ts";
import { type Shape, amplitudesOf, layoutOf, priorVariance } from "./kernel.ts";
import { crossCovariance } from "./model.ts";

/** Observations as plain data: what they are conditioned on. */
export interface CoregionalData {
  readonly shape: Shape;
  readonly structure: Structure;
  readonly real: Float64Array;
  readonly sets: readonly SparseRows[];
  readonly y: Float64Array;
  readonly known: Float64Array;
  readonly weights: Float64Array;
  readonly task: Int32Array;
  readonly basis: Float64Array;
}

const observationsOf = ({ sets, ...data }: CoregionalData): Observations => ({ ...data, grams: sets.map((set) => similarityMatrix(invert(set), set)) });

export const conditionData = (data: CoregionalData, theta: Float64Array): Conditioned => conditionAt(data.structure, positionsOf(data.shape, data.structure), observationsOf(data), theta);

/** First loads: a task is like the first one, and something of its own. */
function centreOf({ shape, structure }: CoregionalData, positions: Positions, sign: number): Float64Array {
  const layout = layoutOf(shape);
  const { centre } = priorOf(shape, layout);
  const out = new Float64Array(positions.size);
  for (let k = 0; k < structure.kernels; k++) out.set(centre.subarray(0, positions.kernel), k * positions.kernel);
  positions.entries.forEach(({ task, latent }, e) => (out[positions.loads + e] = task === 0 && latent === 0 ? 1 : task === latent ? 0.7 : latent === 0 ? 0.7 * sign : 0.2));
  out.fill(centre[layout.noise], positions.noise);
  return out;
}

function spreadOf({ shape, structure }: CoregionalData, positions: Positions): Float64Array {
  const layout = layoutOf(shape);
  const { spread } = priorOf(shape, layout);
  const out = new Float64Array(positions.size).fill(1);
  for (let k = 0; k < structure.kernels; k++) out.set(spread.subarray(0, positions.kernel), k * positions.kernel);
  out.fill(spread[layout.noise], positions.noise);
  return out;
}

function objective(data: CoregionalData, positions: Positions, { centre, spread }: Prior) {
  const observations = observationsOf(data);
  return (theta: Float64Array) => {
    try {
      const { value, gradient } = coregionalEvidence(data.structure, positions, observations, theta);
      let penalty = 0;
      const slope = gradient.map((g, p) => {
        const z = (theta[p] - centre[p]) / spread[p];
        penalty += 0.5 * z * z;
        return z / spread[p] - g;
      });
      return { value: penalty - value, gradient: slope };
    } catch (error) {
      if (error instanceof NumericalError) return { value: Number.POSITIVE_INFINITY, gradient: new Float64Array(theta.length) };
      throw error;
    }
  };
}

export interface CoregionalSettings {
  /** Most observations that the parameters are fitted on. */
  readonly subset: number;
  readonly restarts: number;
  readonly iterations: number;
}

const SCOUT = { rows: 120, iterations: 15, tolerance: 0.05 };
const REFINE_TOLERANCE = 0.02;

/** Some of the observations. */
function takeData(data: CoregionalData, rows: Int32Array): CoregionalData {
  const part = takeEncoded({ rows: data.y.length, real: data.real, sets: data.sets }, rows, data.shape.d);
  const p = data.basis.length / data.y.length;
  const basis = new Float64Array(rows.length * p);
  rows.forEach((i, at) => basis.set(data.basis.subarray(i * p, (i + 1) * p), at * p));
  const take = (values: Float64Array) => takeNumbers(values, rows);
  return { shape: data.shape, structure: data.structure, real: part.real, sets: part.sets, y: take(data.y), known: take(data.known), weights: take(data.weights), task: Int32Array.from(rows, (i) => data.task[i]), basis };
}

/** The first of each task in turn, in the order given, until there are enough. */
export function fairSubset(order: Int32Array, task: Int32Array, tasks: number, most: number): Int32Array {
  if (order.length <= most) return order;
  const queues = Array.from({ length: tasks }, (_, t) => Array.from(order).filter((i) => task[i] === t));
  const out: number[] = [];
  for (let k = 0; out.length < most; k++) for (const queue of queues) if (k < queue.length && out.length < most) out.push(queue[k]);
  return Int32Array.from(out);
}

/** The parameters of highest posterior that were found; `order` is a keyed order of the observations. */
export async function fitCoregional(data: CoregionalData, order: Int32Array, { subset, restarts, iterations }: CoregionalSettings, key: Key, ctx: Context): Promise<Float64Array> {
  const positions = positionsOf(data.shape, data.structure);
  const { tasks } = data.structure;
  const prior: Prior = { centre: centreOf(data, positions, 1), spread: spreadOf(data, positions) };
  const part = (most: number) => takeData(data, fairSubset(order, data.task, tasks, most));
  const small = objective(part(Math.min(subset, SCOUT.rows * tasks)), positions, prior);
  let best = { x: prior.centre, value: Number.POSITIVE_INFINITY };
  for (let r = 0; r < restarts; r++) {
    await pause(ctx);
    ctx.report({ stage: "fit hyper-parameters", done: r, total: restarts + 1 });
    const found = lbfgs(small, start(data, positions, prior, r, key), { iterations: SCOUT.iterations, tolerance: SCOUT.tolerance });
    if (found.value < best.value) best = found;
  }
  // One iteration after another, so that a large fit can be stopped.
  const large = objective(part(subset), positions, prior);
  for (let done = 0; done < iterations; done += STRETCH) {
    await pause(ctx);
    const next = lbfgs(large, best.x, { iterations: Math.min(STRETCH, iterations - done), tolerance: REFINE_TOLERANCE });
    const gained = done === 0 ? Number.POSITIVE_INFINITY : best.value - next.value;
    best = next;
    if (gained < REFINE_TOLERANCE) break;
  }
  return best.x;
}

const STRETCH = 5;

/** The centre of the prior; tasks that go against the first one; then draws. */
function start(data: CoregionalData, positions: Positions, { centre, spread }: Prior, r: number, key: Key): Float64Array {
  if (r === 0) return centre;
  if (r === 1) return centreOf(data, positions, -1);
  const rng = stream(fold(key, r));
  return centre.map((c, p) => c + 0.5 * spread[p] * rng.normal());
}

/** Raise the noise until the covariance of all observations is positive definite. */
export function steadyCondition(data: CoregionalData, found: Float64Array): { readonly theta: Float64Array; readonly fitted: Conditioned } {
  const { noise } = positionsOf(data.shape, data.structure);
  for (let tries = 0; ; tries++) {
    const theta = found.map((t, p) => (p >= noise ? t + tries * Math.LN10 : t));
    try {
      return { theta, fitted: conditionData(data, theta) };
    } catch (error) {
      if (!(error instanceof NumericalError) || tries === MOST_RAISES) throw error;
    }
  }
}

const MOST_RAISES = 6;

export interface TaskAnswer {
  readonly mean: Float64Array;
  /** Of the function itself, without noise. */
  readonly variance: Float64Array;
}

/** Rows of a block of predictions; bounds the memory, not the answer. */
const BLOCK = 256;

/** A function that gives one task at encoded rows, with the basis functions there (rows × p). Answers are of the standardised task. */
export function taskPredictor(data: CoregionalData, theta: Float64Array, fitted: Conditioned): (x: Encoded, task: number, basis: Float64Array, ctx: Context) => Promise<TaskAnswer> {
  const positions = positionsOf(data.shape, data.structure);
  const { tasks, kernels } = data.structure;
  const w = loadsOf(data.structure, positions, theta);
  const mixes = Array.from({ length: kernels }, (_, k) => mixing(data.structure, w, k));
  const layout = layoutOf(data.shape);
  const cross = mixes.map((_, k) => crossCovariance({ shape: data.shape, real: data.real, sets: data.sets, y: data.y, theta: kernelTheta(positions, theta, k) }));
  const own = mixes.map((_, k) => priorVariance(data.shape, amplitudesOf(layout, kernelTheta(positions, theta, k))));
  const n = data.y.length;
  const p = fitted.beta.length;
  return async (x, task, basis, ctx) => {
    const mean = new Float64Array(x.rows);
    const variance = new Float64Array(x.rows);
    const prior = mixes.reduce((s, mix, k) => s + mix[task * tasks + task] * own[k], 0);
    for (let from = 0; from < x.rows; from += BLOCK) {
      await pause(ctx);
      const rows = Math.min(BLOCK, x.rows - from);
      const c = new Float64Array(rows * n);
      cross.forEach((of, k) => {
        const part = of(x, from, rows);
        for (let i = 0; i < rows; i++) for (let j = 0; j < n; j++) c[i * n + j] += mixes[k][task * tasks + data.task[j]] * part[i * n + j];
      });
      const columns = new Float64Array(n * rows);
      const left = new Float64Array(p * rows);
      for (let i = 0; i < rows; i++) {
        for (let a = 0; a < p; a++) left[a * rows + i] = basis[(from + i) * p + a];
        for (let j = 0; j < n; j++) {
          const v = c[i * n + j];
          columns[j * rows + i] = v;
          mean[from + i] += v * fitted.alpha[j];
          for (let a = 0; a < p; a++) left[a * rows + i] -= v * fitted.solved[j * p + a];
        }
        for (let a = 0; a < p; a++) mean[from + i] += fitted.beta[a] * basis[(from + i) * p + a];
      }
      const explained = quadraticForms(fitted.factor, columns, rows);
      // Rasmussen & Williams (2006), eq. 2.42: what is not known of β.
      const open = quadraticForms(fitted.information, left, rows);
      for (let i = 0; i < rows; i++) variance[from + i] = Math.max(0, prior - explained[i] + open[i]);
    }
    return { mean, variance };
  };
}
