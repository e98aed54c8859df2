/*
 * Models that are kernel ridge regressions: the covariance is a sum of similarities in one or two spaces, one of which may
 * be multiplied by a fitted scale m(u) = 1 + k(u)ᵀb on both sides. Given shares, scale and λ everything follows from one
 * linear system, so predictions are Student-t with the spread of the Gaussian process whose leave-one-out errors match.
 */
import { type Context, pause } from "../../base/context.ts";
import type { Feature, Table } from "../../data/types.ts";
import { studentMarginal } from "../../prob/marginal.ts";
import { type Encoded, encode } from "../design.ts";
import { quadraticForms } from "../dense.ts";
import type { Model, ModelRecord, Reviver } from "../types.ts";
import { type CrossGram, type KernelSpace, crossGram, gram, selfSimilarity } from "./kernelSpace.ts";
import { type Ridge, ridge } from "./ridge.ts";
import type { NumberOutput } from "./rows.ts";

export interface KernelPart {
  readonly space: KernelSpace;
  /** What its similarity is multiplied by. */
  readonly share: number;
  /** Whether the scale multiplies it on both sides. */
  readonly scaled: boolean;
}

export interface KernelState {
  readonly parts: readonly KernelPart[];
  /** m(u) = 1 + Σ_i b_i k(u, u_i), k being the similarity of one of the parts. */
  readonly scale?: { readonly part: number; readonly coefficients: Float64Array };
  readonly lambda: number;
  readonly weights: Float64Array;
  /** Standardised target of the training rows; target = shift + unit · standardised. */
  readonly y: Float64Array;
  readonly shift: number;
  readonly unit: number;
  /** Of the process, of the standardised target. */
  readonly variance: number;
  readonly df: number;
}

const BLOCK = 256;

/** C of the training rows, and the scale at each. */
export function trainingCovariance({ parts, scale, y }: Pick<KernelState, "parts" | "scale" | "y">): Float64Array {
  const n = y.length;
  const grams = parts.map(({ space }) => gram(space));
  const m = scale && scales(grams[scale.part], scale.coefficients, n);
  const out = new Float64Array(n * n);
  parts.forEach(({ share, scaled }, p) => {
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out[i * n + j] += share * (scaled && m ? m[i] * m[j] : 1) * grams[p][i * n + j];
  });
  return out;
}

/** 1 + K b, for K of some rows × n. */
export function scales(k: Float64Array, b: Float64Array, rows: number): Float64Array {
  const n = b.length;
  const out = new Float64Array(rows).fill(1);
  for (let i = 0; i < rows; i++) for (let j = 0; j < n; j++) out[i] += k[i * n + j] * b[j];
  return out;
}

/** Assemble a model. Throws NumericalError if the covariance is singular. */
export function kernelModel(id: string, output: NumberOutput, state: KernelState, fitted: Ridge = ridge(trainingCovariance(state), state.y, state.weights, state.lambda)): Model {
  const inputs = inputsOf(state);
  const cross = state.parts.map(({ space }) => crossGram(space));
  return {
    id,
    inputs,
    outputs: [output],
    predict: async (x, ctx) => {
      const { location, scale } = await predictRows(state, fitted, cross, x, ctx);
      return { rows: x.rows, marginals: [studentMarginal({ name: output.name, unit: output.unit, location, scale, df: state.df })] };
    },
    toRecord: (): ModelRecord => ({ type: "kernel-ridge", id, inputs, outputs: [output], state }),
  };
}

/** Reads `kernel-ridge` back. */
export const reviveKernel: Reviver = (record) => kernelModel(record.id, record.outputs[0] as NumberOutput, record.state as KernelState);

const inputsOf = ({ parts }: KernelState): readonly Feature[] => [...new Map(parts.flatMap(({ space }) => space.design.inputs.map((feature): [string, Feature] => [feature.name, feature]))).values()];

interface Answer {
  readonly location: Float64Array;
  readonly scale: Float64Array;
}

async function predictRows(state: KernelState, fitted: Ridge, cross: readonly CrossGram[], x: Table, ctx: Context): Promise<Answer> {
  const encoded = state.parts.map(({ space }) => encode(space.design, x));
  const location = new Float64Array(x.rows);
  const scale = new Float64Array(x.rows);
  for (let from = 0; from < x.rows; from += BLOCK) {
    await pause(ctx);
    const count = Math.min(BLOCK, x.rows - from);
    const part = predictBlock(state, fitted, cross, encoded, from, count);
    location.set(part.location, from);
    scale.set(part.scale, from);
  }
  return { location, scale };
}

function predictBlock(state: KernelState, fitted: Ridge, cross: readonly CrossGram[], encoded: readonly Encoded[], from: number, count: number): Answer {
  const { parts, scale, shift, unit, variance, lambda, y } = state;
  const n = y.length;
  const grams = cross.map((similar, p) => similar(encoded[p], from, count));
  const m = scale && scales(grams[scale.part], scale.coefficients, count);
  const own = scale && scales(gram(parts[scale.part].space), scale.coefficients, n);
  const k = new Float64Array(count * n);
  const prior = new Float64Array(count);
  parts.forEach(({ space, share, scaled }, p) => {
    const multiplied = scaled && m !== undefined && own !== undefined;
    for (let i = 0; i < count; i++) {
      prior[i] += share * selfSimilarity(space) * (multiplied ? m[i] * m[i] : 1);
      for (let j = 0; j < n; j++) k[i * n + j] += share * (multiplied ? m[i] * own[j] : 1) * grams[p][i * n + j];
    }
  });
  const columns = new Float64Array(n * count);
  for (let i = 0; i < count; i++) for (let j = 0; j < n; j++) columns[j * count + i] = k[i * n + j];
  const explained = quadraticForms(fitted.factor, columns, count);
  const location = new Float64Array(count);
  const spread = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let mean = fitted.constant;
    let left = 1;
    for (let j = 0; j < n; j++) {
      mean += k[i * n + j] * fitted.alpha[j];
      left -= k[i * n + j] * fitted.ones[j];
    }
    location[i] = shift + unit * mean;
    spread[i] = unit * Math.sqrt(variance * (Math.max(0, prior[i] - explained[i] + (left * left) / fitted.precision) + lambda));
  }
  return { location, scale: spread };
}
