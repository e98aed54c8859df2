/*
 * The affine model transformation with linear parts and one source column (Minami et al. 2023, arXiv 2210.09745, section 5.3,
 * for a simulated and a measured logarithm of one property):
 *
 *   y ≈ a₀ + a₁ s + (1 + b s) xᵀg,      penalty  l₂ b² + gᵀ(λ²I + τ²DᵀD) g,   a not penalised
 *
 * s and x are standardised; D takes first differences of neighbouring features of one block, for blocks whose features are in an
 * order, such as the points of a spectrum (τ = 0: plain ridge). The updates of a, b and g are repeated until none changes by more
 * than a thousandth. With M = X(λ²I + τ²DᵀD)⁻¹Xᵀ all of them are n × n, so that more features than rows cost nothing.
 *
 * (The paper writes − (1 + b s) xᵀg; the sign is that of g.) Given b this is a Gaussian process of covariance (1 + b s)(1 + b s)ᵀ ∘ M and
 * the basis (1, s), which is where the spread of a prediction comes from; it is widened to what cross-validation saw.
 */
import { type Context, pause } from "../../base/context.ts";
import { InputError } from "../../base/errors.ts";
import { type Key, fold } from "../../base/key.ts";
import { trainingRows as rowsOutside } from "../../data/splits.ts";
import type { Table } from "../../data/types.ts";
import { studentMarginal } from "../../prob/marginal.ts";
import { type Design, encode, fitDesign } from "../design.ts";
import { type Factor, factorise, inverse, multiply, quadraticForms, solve } from "../dense.ts";
import { type Conditioned, conditionOn } from "../gp/coregional.ts";
import { innerFolds } from "../innerFolds.ts";
import { takeNumbers } from "../inputs.ts";
import { joinColumns } from "../multi.ts";
import { standardise } from "../standardise.ts";
import type { Learner, Model, ModelRecord, Reviver } from "../types.ts";
import { times } from "./blockUpdates.ts";
import { freedom } from "./kernelRidge.ts";
import { logGrid } from "./ridge.ts";
import { type NumberOutput, type TrainingRows, trainingRows } from "./rows.ts";
import { descriptorsOf, sourcesOf } from "./views.ts";

export interface AffineLinearOptions {
  /** Values of τ that are tried; more than 0 fuses neighbouring features of a block. Default [0]. */
  readonly trends?: readonly number[];
  /** l₂. Default 1. */
  readonly scalePenalty?: number;
  /** Folds that choose λ and τ. Default 5. */
  readonly folds?: number;
}

const LEAST_ROWS = 6;
export const AFFINE_LINEAR_MOST_ROWS = 1000;
/** With fused features their penalty is a matrix of its own. */
const MOST_FUSED = 1500;
/** λ that are tried, per feature: the penalty counts for all of them together. */
const SCALES = logGrid(1e-2, 1e2, 13);
const TOLERANCE = 1e-3;
const MOST_SWEEPS = 200;

export const affineLinearSeconds = (n: number, d: number, { trends = [0], folds = 5 }: AffineLinearOptions = {}): number =>
  trends.length * SCALES.length * (folds + 1) * 12 * (n * n * n * 2e-10 + n * n * 5e-9 + 2e-5) + n * n * d * 1e-9;

/** The learner; numeric targets and one source column. */
export function affineLinear({ trends = [0], scalePenalty = 1, folds = 5 }: AffineLinearOptions = {}): Learner {
  const id = `affine-linear(trends=${trends.join("/")})`;
  return {
    id,
    acceptsMissing: true,
    complexity: 2,
    fit: async (x, y, key, ctx) => {
      const models: Model[] = [];
      for (let j = 0; j < y.columns.length; j++) models.push(await fitRows({ id, trends, scalePenalty, folds }, trainingRows(x, y, j, { who: "affine-linear", least: LEAST_ROWS, most: AFFINE_LINEAR_MOST_ROWS }), fold(key, y.columns[j].name), ctx));
      return joinColumns(id, models);
    },
  };
}

type Settings = Required<AffineLinearOptions> & { readonly id: string };

/** Counts and bits as numbers; packed graphs stay what they are, for no design reads them. */
const asReal = (x: Table): Table => ({ ...x, features: x.features.map(({ kind, ...feature }) => (kind === "code" ? { ...feature, kind } : feature)) });

export interface LinearBlocks {
  readonly a0: number;
  readonly a1: number;
  readonly b: number;
  /** xᵀg at the training rows. */
  readonly own: Float64Array;
}

interface Problem {
  readonly y: Float64Array;
  readonly s: Float64Array;
  readonly weights: Float64Array;
  /** X(λ²I + τ²DᵀD)⁻¹Xᵀ, n × n. */
  readonly m: Float64Array;
  readonly scalePenalty: number;
}

const sum = (weights: Float64Array, f: (i: number) => number): number => weights.reduce((total, w, i) => total + w * f(i), 0);

/** Weighted regression on (1, s). */
function onSource({ s, weights }: Problem, r: (i: number) => number): readonly [number, number] {
  const total = sum(weights, () => 1);
  const [ms, mr] = [sum(weights, (i) => s[i]) / total, sum(weights, r) / total];
  const slope = sum(weights, (i) => (s[i] - ms) * (r(i) - mr)) / Math.max(sum(weights, (i) => (s[i] - ms) ** 2), Number.MIN_VALUE);
  return [mr - slope * ms, slope];
}

/** One update of a, then b, then g. */
export function linearSweep(problem: Problem, { b, own }: LinearBlocks): LinearBlocks {
  const { y, s, weights, scalePenalty } = problem;
  const [a0, a1] = onSource(problem, (i) => y[i] - (1 + b * s[i]) * own[i]);
  const left = (i: number) => y[i] - a0 - a1 * s[i] - own[i];
  const b1 = sum(weights, (i) => s[i] * own[i] * left(i)) / (sum(weights, (i) => (s[i] * own[i]) ** 2) + scalePenalty);
  return { a0, a1, b: b1, own: ownPart(problem, b1, (i) => y[i] - a0 - a1 * s[i]) };
}

/** X g for the best g at this scale: M D(c) (D(c) M D(c) + W⁻¹)⁻¹ r. */
function ownPart({ s, weights, m }: Problem, b: number, r: (i: number) => number): Float64Array {
  const n = s.length;
  const c = s.map((v) => 1 + b * v);
  const k = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) k[i * n + j] = c[i] * m[i * n + j] * c[j];
    k[i * n + i] += 1 / weights[i];
  }
  return times(m, solve(factorise(k, n), Float64Array.from(s, (_, i) => r(i))).map((v, i) => v * c[i]));
}

/** From the regression on s and the fit of what it leaves, until no block changes by more than a thousandth of itself. */
export function linearDescent(problem: Problem): LinearBlocks {
  const [a0, a1] = onSource(problem, (i) => problem.y[i]);
  let blocks: LinearBlocks = { a0, a1, b: 0, own: ownPart(problem, 0, (i) => problem.y[i] - a0 - a1 * problem.s[i]) };
  for (let sweeps = 0; sweeps < MOST_SWEEPS; sweeps++) {
    const next = linearSweep(problem, blocks);
    const moved = Math.max(relative(blocks.a1, next.a1), relative(blocks.b, next.b), relative(norm(blocks.own), norm(next.own)));
    blocks = next;
    if (moved < TOLERANCE) break;
  }
  return blocks;
}

const norm = (v: Float64Array): number => Math.sqrt(v.reduce((s, x) => s + x * x, 0));
const relative = (before: number, after: number): number => (before === after ? 0 : Math.abs(after - before) / Math.max(Math.abs(before), Math.abs(after)));

/** λ²I + τ²DᵀD of the real features of a design, factored; undefined where it is a multiple of I. */
function penaltyFactor({ real, inputs }: Design, lambda: number, tau: number): Factor | undefined {
  if (tau === 0) return undefined;
  const d = real.length;
  const p = new Float64Array(d * d);
  for (let k = 0; k < d; k++) p[k * d + k] = lambda * lambda;
  for (let k = 1; k < d; k++) {
    if (inputs[real[k]].block !== inputs[real[k - 1]].block) continue;
    p[k * d + k] += tau * tau;
    p[(k - 1) * d + k - 1] += tau * tau;
    p[k * d + k - 1] -= tau * tau;
    p[(k - 1) * d + k] -= tau * tau;
  }
  return factorise(p, d);
}

/** (λ²I + τ²DᵀD)⁻¹Xᵀ, d × n. */
function weighted(factor: Factor | undefined, lambda: number, x: Float64Array, n: number, d: number): Float64Array {
  const columns = new Float64Array(d * n);
  for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) columns[k * n + i] = x[i * d + k];
  return factor === undefined ? columns.map((v) => v / (lambda * lambda)) : solve(factor, columns, n);
}

interface Choice {
  readonly lambda: number;
  readonly tau: number;
  readonly loss: number;
}

async function fitRows({ id, trends, scalePenalty, folds }: Settings, rows: TrainingRows, key: Key, ctx: Context): Promise<Model> {
  const { weights, output } = rows;
  const sources = sourcesOf(rows.table);
  if (sources.cols !== 1) throw new InputError(`too many source columns for affine-linear: ${sources.cols} — it is about one; use affine`, { path: "transfer", value: sources.cols });
  const own = asReal(descriptorsOf(rows.table));
  const [design, sourceDesign] = [fitDesign(own, weights), fitDesign(asReal(sources), weights)];
  if (sourceDesign.real.length === 0) throw new InputError(`the source does not vary: ${sources.features[0].name} — nothing can be learnt from it`, { path: "transfer" });
  const d = design.real.length;
  if (d > MOST_FUSED && trends.some((tau) => tau > 0)) throw new InputError(`too many features to fuse: ${d} — at most ${MOST_FUSED} with trends above 0`, { path: "learn.options.trends" });
  const x = encode(design, own).real;
  const s = encode(sourceDesign, asReal(sources)).real;
  const { shift, scale: unit, values: y } = standardise(output.name, rows.values, weights);
  const n = y.length;
  const dealt = innerFolds(key, rows.table, rows.targets, folds);
  let best: Choice | undefined;
  for (const tau of trends)
    for (const perFeature of SCALES) {
      await pause(ctx);
      const lambda = perFeature * Math.sqrt(Math.max(1, d));
      const m = multiply(x, weighted(penaltyFactor(design, lambda, tau), lambda, x, n, d), n, d, n);
      let loss = 0;
      for (const [f, test] of dealt.test.entries()) loss += heldOut({ y, s, weights, m, scalePenalty }, rowsOutside(dealt, f), test);
      if (best === undefined || loss < best.loss) best = { lambda, tau, loss };
    }
  const { lambda, tau, loss } = best!;
  const m = multiply(x, weighted(penaltyFactor(design, lambda, tau), lambda, x, n, d), n, d, n);
  const { b } = linearDescent({ y, s, weights, m, scalePenalty });
  const state = { design, sourceDesign, x, s, y, weights, lambda, tau, b, shift, unit, df: freedom(n - 1), variance: 1 };
  const fitted = conditionState(state, m);
  return linearModel(id, output, { ...state, variance: spreadOf(fitted, state, loss / sum(weights, () => 1)) }, fitted);
}

/** Squared errors of rows left out, predicted by the blocks of the others. */
function heldOut(problem: Problem, train: Int32Array, test: Int32Array): number {
  const n = problem.y.length;
  const cut = (of: Int32Array) => Float64Array.from({ length: of.length * train.length }, (_, p) => problem.m[of[Math.floor(p / train.length)] * n + train[p % train.length]]);
  const part: Problem = { y: takeNumbers(problem.y, train), s: takeNumbers(problem.s, train), weights: takeNumbers(problem.weights, train), m: cut(train), scalePenalty: problem.scalePenalty };
  const { a0, a1, b, own } = linearDescent(part);
  // X g = M v: v of the training rows gives xᵀg of any.
  const v = dualOf(part, b, own, a0, a1);
  const k = cut(test);
  let total = 0;
  test.forEach((row, i) => {
    let value = 0;
    for (let j = 0; j < train.length; j++) value += k[i * train.length + j] * v[j];
    const s = problem.s[row];
    total += problem.weights[row] * (problem.y[row] - a0 - a1 * s - (1 + b * s) * value) ** 2;
  });
  return total;
}

/** v with g = (λ²I + τ²DᵀD)⁻¹Xᵀv: at the best g, v = c ∘ w ∘ (y − a₀ − a₁s − c ∘ Xg). */
const dualOf = ({ y, s, weights }: Problem, b: number, own: Float64Array, a0: number, a1: number): Float64Array => y.map((v, i) => (1 + b * s[i]) * weights[i] * (v - a0 - a1 * s[i] - (1 + b * s[i]) * own[i]));

/** Everything that determines a fitted model. */
interface LinearState {
  readonly design: Design;
  readonly sourceDesign: Design;
  /** Standardised descriptors, source column and target of the training rows. */
  readonly x: Float64Array;
  readonly s: Float64Array;
  readonly y: Float64Array;
  readonly weights: Float64Array;
  readonly lambda: number;
  readonly tau: number;
  readonly b: number;
  readonly shift: number;
  readonly unit: number;
  readonly df: number;
  /** Of the noise, of the standardised target. */
  readonly variance: number;
}

/** The joint solution of a and g at the fitted b. */
function conditionState({ s, y, weights, b }: Pick<LinearState, "s" | "y" | "weights" | "b">, m: Float64Array): Conditioned {
  const n = y.length;
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) v[i * n + j] = (1 + b * s[i]) * m[i * n + j] * (1 + b * s[j]);
  return conditionOn(v, { y, weights, basis: Float64Array.from({ length: 2 * n }, (_, p) => (p % 2 === 0 ? 1 : s[p >> 1])) }, weights.map((w) => 1 / w));
}

/** Leave-one-out errors give the noise, and cross-validation, which did not know b, may widen it. */
function spreadOf({ factor, alpha, solved, information }: Conditioned, { y, weights }: Pick<LinearState, "y" | "weights">, loss: number): number {
  const n = y.length;
  const [inverted, open] = [inverse(factor), inverse(information)];
  let [noise, squares] = [0, 0];
  for (let i = 0; i < n; i++) {
    let p = inverted[i * n + i];
    for (let a = 0; a < 2; a++) for (let c = 0; c < 2; c++) p -= solved[i * 2 + a] * open[a * 2 + c] * solved[i * 2 + c];
    noise += alpha[i] ** 2 / p / n;
    squares += (weights[i] * (alpha[i] / p) ** 2) / sum(weights, () => 1);
  }
  return noise * Math.max(1, loss / squares);
}

const BLOCK = 256;

function linearModel(id: string, output: NumberOutput, state: LinearState, given?: Conditioned): Model {
  const { design, sourceDesign, x, s, y, lambda, tau, b, shift, unit, df, variance } = state;
  const n = y.length;
  const d = design.real.length;
  const factor = penaltyFactor(design, lambda, tau);
  const columns = weighted(factor, lambda, x, n, d);
  const fitted = given ?? conditionState(state, multiply(x, columns, n, d, n));
  const inputs = [...design.inputs, ...sourceDesign.inputs];
  const block = (z: Float64Array, t: Float64Array) => {
    const rows = t.length;
    const k = multiply(z, columns, rows, d, n);
    const across = new Float64Array(n * rows);
    const left = new Float64Array(2 * rows);
    const location = new Float64Array(rows);
    const own = factor === undefined ? Float64Array.from({ length: rows }, (_, i) => norm(z.subarray(i * d, (i + 1) * d)) ** 2 / (lambda * lambda)) : quadraticForms(factor, transposed(z, rows, d), rows);
    for (let i = 0; i < rows; i++) {
      left[i] = 1;
      left[rows + i] = t[i];
      location[i] = fitted.beta[0] + fitted.beta[1] * t[i];
      for (let j = 0; j < n; j++) {
        const c = (1 + b * t[i]) * k[i * n + j] * (1 + b * s[j]);
        across[j * rows + i] = c;
        location[i] += c * fitted.alpha[j];
        left[i] -= c * fitted.solved[2 * j];
        left[rows + i] -= c * fitted.solved[2 * j + 1];
      }
    }
    const [explained, open] = [quadraticForms(fitted.factor, across, rows), quadraticForms(fitted.information, left, rows)];
    return { location, scale: location.map((_, i) => Math.sqrt(variance * (1 + Math.max(0, (1 + b * t[i]) ** 2 * own[i] - explained[i] + open[i])))) };
  };
  return {
    id,
    inputs,
    outputs: [output],
    predict: async (table, ctx) => {
      const real = asReal(table);
      const [z, t] = [encode(design, real).real, encode(sourceDesign, real).real];
      const location = new Float64Array(table.rows);
      const scale = new Float64Array(table.rows);
      for (let from = 0; from < table.rows; from += BLOCK) {
        await pause(ctx);
        const to = Math.min(table.rows, from + BLOCK);
        const part = block(z.subarray(from * d, to * d), t.subarray(from, to));
        part.location.forEach((v, i) => (location[from + i] = shift + unit * v));
        part.scale.forEach((v, i) => (scale[from + i] = unit * v));
      }
      return { rows: table.rows, marginals: [studentMarginal({ name: output.name, unit: output.unit, location, scale, df })] };
    },
    toRecord: (): ModelRecord => ({ type: "affine-linear", id, inputs, outputs: [output], state }),
  };
}

function transposed(a: Float64Array, rows: number, cols: number): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out[j * rows + i] = a[i * cols + j];
  return out;
}

/** Reads `affine-linear` back. */
export const reviveAffineLinear: Reviver = (record) => linearModel(record.id, record.outputs[0] as NumberOutput, record.state as LinearState);
