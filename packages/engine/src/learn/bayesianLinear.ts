/*
 * Bayesian linear regression by evidence maximisation. Each block of features (all real ones, and each block of
 * counts) has a prior precision of its own; the intercept is flat. Given the ratio of signal to noise the noise
 * variance is integrated out, so the predictive is Student-t with N − 1 degrees of freedom and the scale
 * s²(1 + 1/N + φᵀ(Λ + ΦᵀΦ)⁻¹φ) (Bishop 2006, eq. 3.58; O'Hagan & Forster 2004, section 11).
 *
 * The ratios are fitted on all rows, or on a keyed subset of 800 when both rows and features are more; the
 * posterior rests on all rows. The smaller of the primal (d × d) and the dual (n × n) form is used.
 */
import { InputError, UnsupportedError } from "../base/errors.ts";
import { type Key, fold } from "../base/key.ts";
import { type Context, pause } from "../base/context.ts";
import { lbfgs } from "../numeric/lbfgs.ts";
import type { Table, Targets } from "../data/types.ts";
import { studentMarginal } from "../prob/marginal.ts";
import { joinColumns } from "./multi.ts";
import { type Factor, quadraticForms } from "./dense.ts";
import { type Design, type Encoded, encode, fitDesign, takeEncoded } from "./design.ts";
import { checkTargets, keyedOrder, knownRows, rowNames, takeNumbers, takeRows } from "./inputs.ts";
import { type Problem, evidence, solveAt } from "./linear/evidence.ts";
import { type Block, type BlockScale, blocksOf, lengths, prepare, products, project, scaleOf, sliceBlock, writeDense } from "./linear/features.ts";
import { dualProblem, primalProblem } from "./linear/problem.ts";
import { standardise } from "./standardise.ts";
import type { Learner, Model, ModelRecord, Output, Reviver } from "./types.ts";

export interface LinearOptions {
  /** Most rows (or features) that the prior precisions are fitted on. Default 800. */
  readonly subset?: number;
}

/** More rows than these, or a posterior wider than these, do not fit in memory. */
export const LINEAR_MOST_ROWS = 200_000;
const MOST_FEATURES = 10_000;
const BLOCK = 256;

/** Seconds of a fit, roughly, on one core. */
export function linearSeconds(n: number, d: number, { subset = 800 }: LinearOptions = {}): number {
  const cube = (m: number) => m * m * m * 1.5e-10;
  const side = Math.min(n, d);
  const products = n > d ? n * d * d * 1e-10 : n * n * 1e-7;
  return 15 * cube(Math.min(side, subset)) + 0.25 * cube(side) + products + n * d * 1e-8;
}

/** The learner; numeric targets only. */
export function linear({ subset = 800 }: LinearOptions = {}): Learner {
  const id = `linear(subset=${subset})`;
  return {
    id,
    acceptsMissing: true,
    complexity: 1,
    fit: async (x, y, key, ctx) => {
      checkTargets(x, y);
      const models: Model[] = [];
      for (let j = 0; j < y.columns.length; j++) {
        await pause(ctx);
        models.push(fitColumn({ id, x, y, column: j, subset }, fold(key, y.columns[j].name)));
      }
      return joinColumns(id, models);
    },
  };
}

/** Everything that determines a fitted model. */
export interface LinearState {
  readonly design: Design;
  readonly scales: readonly BlockScale[];
  readonly logLambda: Float64Array;
  /** Intercept, and one coefficient for each feature as `linear/features` centres and scales it. */
  readonly intercept: number;
  readonly coefficients: readonly Float64Array[];
  /** Noise variance s² and degrees of freedom N − 1. */
  readonly noise: number;
  readonly df: number;
  /** Log evidence of the target in its own unit at the fitted precisions. */
  readonly logEvidence: number;
  /** Dual: the training rows and weights, from which the factor follows. Primal: the factor's rows, packed. */
  readonly dual?: { readonly rows: Encoded; readonly weights: Float64Array };
  readonly primal?: Float64Array;
}

interface Work {
  readonly id: string;
  readonly x: Table;
  readonly y: Targets;
  readonly column: number;
  readonly subset: number;
}

function fitColumn({ id, x, y, column, subset }: Work, key: Key): Model {
  const target = y.columns[column];
  if (target.kind !== "number") throw new UnsupportedError(`linear cannot predict classes: "${target.name}" — use forest or extra-trees`);
  const known = knownRows(y, column);
  if (known.length < 3) throw new InputError(`too few values of "${target.name}": ${known.length} — a linear model needs at least 3`, { path: target.name, value: known.length });
  if (known.length > LINEAR_MOST_ROWS) throw new UnsupportedError(`too many rows for linear: ${known.length} — at most ${LINEAR_MOST_ROWS}; use extra-trees`);
  const table = takeRows(x, known);
  const weights = y.weights ? takeNumbers(y.weights, known) : new Float64Array(known.length).fill(1);
  const { shift, scale, values } = standardise(target.name, takeNumbers(target.values, known), weights);
  const design = fitDesign(table, weights);
  const encoded = encode(design, table);
  const order = keyedOrder(key, rowNames(table, y.names && Array.from(known, (i) => y.names![i])));
  const training: Training = { design, encoded, values, weights };
  const state = posterior(training, fitPrecisions(training, order, subset));
  const total = state.df + 1;
  const own = { ...state, intercept: shift + scale * state.intercept, coefficients: state.coefficients.map((c) => c.map((v) => v * scale)), noise: state.noise * scale * scale, logEvidence: state.logEvidence - (total - 1) * Math.log(scale) };
  return linearModel(id, { kind: "number", name: target.name, unit: target.unit }, own);
}

interface Training {
  readonly design: Design;
  readonly encoded: Encoded;
  readonly values: Float64Array;
  readonly weights: Float64Array;
}

const widthOf = (blocks: readonly Block[]): number => blocks.reduce((s, b) => s + b.d, 0);

function problemOf({ design, encoded, values, weights }: Training): { readonly problem: Problem; readonly blocks: readonly Block[]; readonly scales: readonly BlockScale[]; readonly mean: number } {
  const blocks = blocksOf(encoded, design.real.length);
  const d = widthOf(blocks);
  if (d === 0) throw new InputError("no feature varies: every column is constant — describe the rows by features that differ", { path: "represent" });
  const scales = blocks.map((block) => scaleOf(block, weights));
  const total = weights.reduce((a, b) => a + b, 0);
  const mean = values.reduce((s, v, i) => s + v * weights[i], 0) / total;
  const y = values.map((v, i) => (v - mean) * Math.sqrt(weights[i]));
  if (encoded.rows > d && d > MOST_FEATURES) throw new UnsupportedError(`too many features for linear: ${d} — at most ${MOST_FEATURES} when rows are more`);
  const problem = encoded.rows <= d ? dualProblem(blocks, scales, y, weights) : primalProblem(blocks, scales, y, weights);
  return { problem, blocks, scales, mean };
}

/** Spread of the weak normal prior on log λ; a factor of twenty either way costs half a nat. */
const PRIOR_SPREAD = 3;

/** Rows of a first, cheap look, and its gain in nats below which it has seen enough. */
const SCOUT_ROWS = 250;
const GAIN = 0.02;

/** The log ratios of signal to noise that maximise the evidence: found on few rows, refined on more. */
function fitPrecisions(training: Training, order: Int32Array, subset: number): Float64Array {
  const { design, encoded } = training;
  const sizes = [...(design.real.length > 0 ? [design.real.length] : []), ...encoded.sets.map((set) => set.cols)];
  const smaller = Math.min(encoded.rows, sizes.reduce((a, b) => a + b, 0));
  const part = smaller <= subset ? training : takeTraining(training, order.slice(0, subset));
  let start: Float64Array = new Float64Array(sizes.length);
  if (smaller > 2 * SCOUT_ROWS) start = maximise(problemOf(takeTraining(training, order.slice(0, SCOUT_ROWS))).problem, start);
  return maximise(problemOf(part).problem, start);
}

function maximise(problem: Problem, start: Float64Array): Float64Array {
  const cost = (x: Float64Array) => {
    const { value, gradient } = evidence(problem, x);
    return { value: -value + x.reduce((s, v) => s + 0.5 * (v / PRIOR_SPREAD) ** 2, 0), gradient: gradient.map((g, b) => x[b] / PRIOR_SPREAD ** 2 - g) };
  };
  return lbfgs(cost, start, { iterations: 30, tolerance: GAIN }).x;
}

function takeTraining({ design, encoded, values, weights }: Training, rows: Int32Array): Training {
  return { design, encoded: takeEncoded(encoded, rows, design.real.length), values: takeNumbers(values, rows), weights: takeNumbers(weights, rows) };
}

/** The posterior at fixed ratios, for a standardised target. */
function posterior(training: Training, logLambda: Float64Array): LinearState {
  const { problem, blocks, scales, mean } = problemOf(training);
  const { factor, solution, q, logEvidence } = solveAt(problem, logLambda);
  const df = problem.total - 1;
  const common = { design: training.design, scales, logLambda, intercept: mean, noise: q / df, df, logEvidence };
  if (problem.form === "dual") {
    const a = solution.map((v, i) => v * Math.sqrt(training.weights[i]));
    return { ...common, coefficients: blocks.map((block, b) => backProject(block, scales[b], a, Math.exp(logLambda[b]))), dual: { rows: training.encoded, weights: training.weights } };
  }
  let at = 0;
  const coefficients = blocks.map((block, b) => solution.slice(at, (at += block.d)).map((v) => v * Math.exp(0.5 * logLambda[b])));
  return { ...common, coefficients, primal: pack(factor) };
}

/** λ Φᵀa for centred, scaled Φ. */
function backProject(block: Block, { mean, scale }: BlockScale, a: Float64Array, lambda: number): Float64Array {
  const out = new Float64Array(block.d);
  const { rows, d, dense, sparse } = block;
  const total = a.reduce((s, v) => s + v, 0);
  for (let i = 0; i < rows; i++) {
    if (dense) for (let k = 0; k < d; k++) out[k] += a[i] * dense[i * d + k];
    if (sparse) for (let p = sparse.offsets[i]; p < sparse.offsets[i + 1]; p++) out[sparse.indices[p]] += a[i] * sparse.values[p];
  }
  return out.map((v, k) => (v - total * mean[k]) * scale * lambda);
}

/** Lower triangle, row by row. */
function pack({ n, lower }: Factor): Float64Array {
  const out = new Float64Array((n * (n + 1)) / 2);
  for (let i = 0, at = 0; i < n; at += ++i) out.set(lower.subarray(i * n, i * n + i + 1), at);
  return out;
}

function unpack(packed: Float64Array, n: number): Factor {
  const lower = new Float64Array(n * n);
  for (let i = 0, at = 0; i < n; at += ++i) lower.set(packed.subarray(at, at + i + 1), i * n);
  return { n, lower, logDet: Number.NaN };
}

type Numeric = Output & { readonly kind: "number" };

function linearModel(id: string, output: Numeric, state: LinearState): Model {
  const spread = state.dual ? dualSpread(state, state.dual) : primalSpread(state, state.primal!);
  return {
    id,
    inputs: state.design.inputs,
    outputs: [output],
    predict: async (x, ctx) => {
      const blocks = blocksOf(encode(state.design, x), state.design.real.length);
      const location = locate(blocks, state, x.rows);
      const scale = await spreads(blocks, state, spread, x.rows, ctx);
      return { rows: x.rows, marginals: [studentMarginal({ name: output.name, unit: output.unit, location, scale, df: state.df })] };
    },
    toRecord: (): ModelRecord => ({ type: "linear", id, inputs: state.design.inputs, outputs: [output], state }),
  };
}

/** Reads `linear` back. */
export const reviveLinear: Reviver = (record) => linearModel(record.id, record.outputs[0] as Numeric, record.state as LinearState);

function locate(blocks: readonly Block[], { intercept, coefficients, scales }: LinearState, rows: number): Float64Array {
  const out = new Float64Array(rows).fill(intercept);
  blocks.forEach((block, b) => {
    const { mean, scale } = scales[b];
    const centre = coefficients[b].reduce((s, c, k) => s + c * mean[k], 0);
    project(block, coefficients[b]).forEach((v, i) => (out[i] += (v - centre) * scale));
  });
  return out;
}

/** φᵀ(Λ + ΦᵀΦ)⁻¹φ for each row of some blocks. */
type Spread = (blocks: readonly Block[], rows: number) => Float64Array;

async function spreads(blocks: readonly Block[], { noise, df }: LinearState, spread: Spread, rows: number, ctx: Context): Promise<Float64Array> {
  const out = new Float64Array(rows);
  for (let from = 0; from < rows; from += BLOCK) {
    await pause(ctx);
    const size = Math.min(BLOCK, rows - from);
    spread(blocks.map((block) => sliceBlock(block, from, size)), size).forEach((h, i) => (out[from + i] = Math.sqrt(noise * (1 + 1 / (df + 1) + Math.max(0, h)))));
  }
  return out;
}

function dualSpread({ design, scales, logLambda }: LinearState, { rows: encoded, weights }: NonNullable<LinearState["dual"]>): Spread {
  const training = blocksOf(encoded, design.real.length);
  const prepared = training.map((block, b) => prepare(block, scales[b]));
  const n = encoded.rows;
  const { factor } = solveAt(dualProblem(training, scales, new Float64Array(n).fill(1), weights), logLambda);
  return (blocks, rows) => {
    const k = new Float64Array(n * rows);
    const prior = new Float64Array(rows);
    blocks.forEach((block, b) => {
      const lambda = Math.exp(logLambda[b]);
      const part = products(block, prepared[b]);
      for (let i = 0; i < rows; i++) for (let j = 0; j < n; j++) k[j * rows + i] += lambda * Math.sqrt(weights[j]) * part[i * n + j];
      lengths(block, scales[b]).forEach((v, i) => (prior[i] += lambda * v));
    });
    return quadraticForms(factor, k, rows).map((v, i) => prior[i] - v);
  };
}

function primalSpread({ scales, logLambda }: LinearState, packed: Float64Array): Spread {
  const d = scales.reduce((s, { mean }) => s + mean.length, 0);
  const factor = unpack(packed, d);
  return (blocks, rows) => {
    const phi = new Float64Array(rows * d);
    let at = 0;
    blocks.forEach((block, b) => {
      writeDense(block, scales[b], Math.exp(0.5 * logLambda[b]), phi, d, at);
      at += block.d;
    });
    const columns = new Float64Array(d * rows);
    for (let i = 0; i < rows; i++) for (let k = 0; k < d; k++) columns[k * rows + i] = phi[i * d + k];
    return quadraticForms(factor, columns, rows);
  };
}
