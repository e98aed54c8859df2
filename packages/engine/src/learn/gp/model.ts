/*
 * A fitted Gaussian process of one property: its training rows, hyper-parameters and what follows from them.
 * The record keeps rows and hyper-parameters; the Cholesky factor is computed again on reading, which gives
 * the same bits on the same kind of processor and keeps a model of 5,000 rows below 200 MB.
 */
import { type Context, pause } from "../../base/context.ts";
import type { Table } from "../../data/types.ts";
import { normalMarginal } from "../../prob/marginal.ts";
import type { Model, ModelRecord, Output, Reviver } from "../types.ts";
import { multiplyTransposed, quadraticForms } from "../dense.ts";
import { type Design, type Encoded, type SparseRows, encode } from "../design.ts";
import { invert, similarities, similarityMatrix, type InvertedIndex } from "../tanimoto.ts";
import { type Fitted, type Problem, condition, covariance } from "./evidence.ts";
import { type Shape, amplitudesOf, layoutOf, matern, priorVariance, scaleByLengths, squaredNorms } from "./kernel.ts";

/** Everything that determines the model. */
export interface GpState {
  readonly design: Design;
  readonly shape: Shape;
  /** Log hyper-parameters of the standardised target. */
  readonly theta: Float64Array;
  readonly real: Float64Array;
  readonly sets: readonly SparseRows[];
  /** Standardised target, measurement variances and weights of the training rows. */
  readonly y: Float64Array;
  readonly known: Float64Array;
  readonly weights: Float64Array;
  /** target = shift + scale · standardised. */
  readonly shift: number;
  readonly scale: number;
  /** Of the target in its own unit, without the prior on hyper-parameters. */
  readonly logEvidence: number;
  /** The process of the logarithm of the noise variance (of the standardised target), where noise varies; `known` then holds its values. */
  readonly noise?: GpState;
}

/** The part of the state that the evidence needs. */
export type Rows = Pick<GpState, "shape" | "real" | "sets" | "y" | "known" | "weights">;

/** Rows of one block of predictions; bounds the memory, not the answer. */
const BLOCK = 512;

/** The training rows as the evidence sees them. */
export function problemOf({ shape, real, sets, y, known, weights }: Rows): Problem {
  return { shape, layout: layoutOf(shape), n: y.length, grams: sets.map((set) => similarityMatrix(invert(set), set)), real, y, known, weights };
}

/** Assemble a model from its state. Throws NumericalError if the covariance is singular. */
export function gpModel(id: string, output: Output & { readonly kind: "number" }, state: GpState, prepared?: Fitted): Model {
  const problem = prepared ? undefined : problemOf(state);
  const fitted = prepared ?? condition(problem!, covariance(problem!, state.theta).k, state.theta);
  const predictor = makePredictor(state, fitted);
  return {
    id,
    inputs: state.design.inputs,
    outputs: [output],
    predict: async (x, ctx) => {
      const { mean, variance } = await predictor(x, ctx);
      return { rows: x.rows, marginals: [normalMarginal({ name: output.name, unit: output.unit, mean, sd: variance.map(Math.sqrt) })] };
    },
    toRecord: (): ModelRecord => ({ type: "gp", id, inputs: state.design.inputs, outputs: [output], state }),
  };
}

export const reviveGp: Reviver = (record) => gpModel(record.id, record.outputs[0] as Output & { readonly kind: "number" }, record.state as GpState);

/** Median variance of a new measurement: the noise, and what was stated of the old ones. */
function newNoise({ theta, known, shape }: GpState): number {
  const sorted = known.slice().sort();
  return Math.exp(theta[layoutOf(shape).noise]) + sorted[sorted.length >> 1];
}

/** Variance of a new measurement of each row, standardised: the same for all, or the exponential of its own process. */
function noisePredictor(state: GpState): (x: Table, ctx: Context) => Promise<Float64Array> {
  if (state.noise === undefined) return async (x) => new Float64Array(x.rows).fill(newNoise(state));
  const floor = Math.exp(state.theta[layoutOf(state.shape).noise]);
  const problem = problemOf(state.noise);
  const logarithm = makePredictor(state.noise, condition(problem, covariance(problem, state.noise.theta).k, state.noise.theta));
  return async (x, ctx) => (await logarithm(x, ctx)).mean.map((m) => floor + Math.exp(m));
}

type Predictor = (x: Table, ctx: Context) => Promise<{ readonly mean: Float64Array; readonly variance: Float64Array }>;

function makePredictor(state: GpState, fitted: Fitted): Predictor {
  const { shape, theta, shift, scale } = state;
  const layout = layoutOf(shape);
  const cross = crossCovariance(state);
  const noises = noisePredictor(state);
  const prior = priorVariance(shape, amplitudesOf(layout, theta));
  const n = state.y.length;
  return async (x, ctx) => {
    const encoded = encode(state.design, x);
    const noise = await noises(x, ctx);
    const mean = new Float64Array(x.rows);
    const variance = new Float64Array(x.rows);
    for (let from = 0; from < x.rows; from += BLOCK) {
      await pause(ctx);
      const rows = Math.min(BLOCK, x.rows - from);
      const k = cross(encoded, from, rows);
      const explained = quadraticForms(fitted.factor, transposed(k, rows, n), rows);
      for (let i = 0; i < rows; i++) {
        const row = k.subarray(i * n, (i + 1) * n);
        // Rasmussen & Williams (2006), eq. 2.42 with one basis function: what is not known of the mean.
        const left = 1 - dot(row, fitted.ones);
        const own = noise[from + i];
        const v = prior + own - explained[i] + (left * left) / fitted.precision;
        mean[from + i] = shift + scale * (fitted.mean + dot(row, fitted.alpha));
        variance[from + i] = scale * scale * Math.max(v, own);
      }
    }
    return { mean, variance };
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let s = 0;
  for (let i = 0; i < b.length; i++) s += a[i] * b[i];
  return s;
}

function transposed(a: Float64Array, rows: number, cols: number): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out[j * rows + i] = a[i * cols + j];
  return out;
}

/** Covariance of new rows from .. from + rows − 1 with the n training rows, rows × n. */
export function crossCovariance({ shape, theta, real, sets, y }: Pick<GpState, "shape" | "theta" | "real" | "sets"> & { readonly y: { readonly length: number } }): (x: Encoded, from: number, rows: number) => Float64Array {
  const layout = layoutOf(shape);
  const n = y.length;
  const amplitudes = amplitudesOf(layout, theta);
  const indexes: readonly InvertedIndex[] = sets.map(invert);
  const scaled = scaleByLengths(real, shape.d, layout, theta);
  const norms = squaredNorms(scaled, n, shape.d);
  const product = shape.combine === "product" && shape.sets > 0;
  const similar = new Float64Array(n);
  return (x, from, rows) => {
    const k = new Float64Array(rows * n);
    for (let i = 0; i < rows; i++)
      indexes.forEach((index, b) => {
        similarities(index, x.sets[b], from + i, similar);
        const a = amplitudes.sets[b];
        for (let j = 0; j < n; j++) k[i * n + j] += a * similar[j];
      });
    if (shape.d === 0) return k;
    const z = scaleByLengths(x.real.subarray(from * shape.d, (from + rows) * shape.d), shape.d, layout, theta);
    const inner = multiplyTransposed(z, scaled, rows, shape.d, n);
    const lengths = squaredNorms(z, rows, shape.d);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < n; j++) {
        const p = i * n + j;
        const m = matern(shape.smoothness, Math.max(0, lengths[i] + norms[j] - 2 * inner[p]));
        k[p] = product ? k[p] * m : k[p] + amplitudes.real * m;
      }
    return k;
  };
}
