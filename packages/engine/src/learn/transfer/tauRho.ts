/*
 * The general class of transfer with two numbers around any learner: Minami, Liu, Wu, Fukumizu & Yoshida, "A General Class
 * of Transfer Learning Regression without Implementation Cost", AAAI 2021 (arXiv 2006.13228). With the source's prediction f_s
 *
 *   fit      z = (y − τ f_s) / (1 − τ), by any regression f_w      (it minimises Σ (y − f_w)² − τ (f_s − f_w)² + penalty)
 *   predict  ŷ = (1 − ρ) f_w + ρ f_s,      τ < 1,  0 ≤ ρ ≤ 1
 *
 * τ = ρ = 0 is no transfer; τ < 0, ρ = 0 pulls the fit towards the source; τ = ρ is the density-ratio method, whose limit
 * τ = ρ → 1 is difference learning (the learner of y − f_s, added to f_s): that limit is what τ = ρ = 1 means here; ρ = 1 at
 * any other τ is the source as it is. What is fitted is (1 − τ) f_w, to y − τ f_s, so that nothing grows as τ → 1.
 *
 * The law of a prediction is the learner's own, moved: for τ = ρ it is that of f_s + noise exactly; elsewhere its spread is
 * scaled to the errors that cross-validation saw. Predictions are linear in ρ, so ρ costs nothing to choose; of a learner
 * that is a linear smoother all τ share one fit.
 */
import { type Context, pause, under } from "../../base/context.ts";
import { InputError } from "../../base/errors.ts";
import { type Key, fold, split } from "../../base/key.ts";
import { trainingRows as rowsOutside } from "../../data/splits.ts";
import type { Feature, NumberColumn, Table, Targets } from "../../data/types.ts";
import { affineMarginal } from "../../prob/affine.ts";
import type { NumericMarginal } from "../../prob/types.ts";
import { linear } from "../bayesianLinear.ts";
import { innerFolds } from "../innerFolds.ts";
import { knownRows, takeRows, takeTarget } from "../inputs.ts";
import { joinColumns } from "../multi.ts";
import type { Learner, Model, ModelRecord, Reviver } from "../types.ts";
import { meanSquare } from "./ridge.ts";
import { type NumberOutput, type TrainingRows, takeTraining, trainingRows } from "./rows.ts";
import { type SourceChoice, type SourceFunction, type SourceRecord, fitSource, isPrediction, reviveSource } from "./sourceFunction.ts";
import type { Smoother } from "./types.ts";
import { descriptorsOf } from "./views.ts";

export interface TauRho {
  readonly tau: number;
  readonly rho: number;
}

export interface TauRhoOptions {
  /** What learns z from the descriptors. */
  readonly learner: Learner;
  /** The two numbers, or those that are tried; both chosen by cross-validation on a grid when left out. */
  readonly at?: TauRho | readonly TauRho[];
  /** Where f_s comes from. By default the source column where it is a prediction of the same property by name and unit; learnt by a Bayesian linear model otherwise. */
  readonly source?: SourceChoice;
  /** Folds that choose τ and ρ. Default 5. */
  readonly folds?: number;
  /** A name for reports. */
  readonly name?: string;
}

const TAUS = [-100, -10, -3, -1, -0.3, 0, 0.2, 0.4, 0.6, 0.8, 0.9];
const RHOS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/** τ and ρ of methods 7.3, and difference learning. */
export const TAU_RHO_GRID: readonly TauRho[] = [...TAUS.flatMap((tau) => RHOS.map((rho) => ({ tau, rho }))), { tau: 1, rho: 1 }];

/** Fewer τ for a learner that is no smoother: it is fitted for each of them in every fold. */
const FEW_TAUS = [-1, 0, 0.5, 0.8];
export const TAU_COUNT = FEW_TAUS.length + 1;
const COARSE_GRID: readonly TauRho[] = [...FEW_TAUS.flatMap((tau) => RHOS.map((rho) => ({ tau, rho }))), { tau: 1, rho: 1 }];

const LEAST_ROWS = 4;

/** The learner. Throws InputError for τ > 1, τ = 1 without ρ = 1, and ρ outside 0 .. 1. */
export function tauRho({ learner, at = isSmoother(learner) ? TAU_RHO_GRID : COARSE_GRID, source, folds = 5, name }: TauRhoOptions): Learner {
  const grid = "tau" in at ? [at] : at;
  for (const { tau, rho } of grid)
    if (!(tau < 1 || (tau === 1 && rho === 1)) || !(rho >= 0 && rho <= 1)) throw new InputError(`no such transfer: tau = ${tau}, rho = ${rho} — tau < 1 and 0 ≤ rho ≤ 1, or both 1`, { path: "learn.options.at", value: [tau, rho] });
  const id = name ?? (grid.length === 1 ? `tau-rho(${grid[0].tau}, ${grid[0].rho}): ${learner.id}` : `tau-rho: ${learner.id}`);
  return {
    id,
    acceptsMissing: learner.acceptsMissing,
    complexity: learner.complexity + 1,
    fit: async (x, y, key, ctx) => {
      const models: Model[] = [];
      // One column alone keeps the caller's key, so that the plain limit is the learner's own fit to the last bit.
      for (let j = 0; j < y.columns.length; j++)
        models.push(await fitColumn({ id, learner, grid, source, folds }, x, y, j, y.columns.length === 1 ? key : fold(key, y.columns[j].name), ctx));
      return joinColumns(id, models);
    },
  };
}

interface Settings {
  readonly id: string;
  readonly learner: Learner;
  readonly grid: readonly TauRho[];
  readonly source: SourceChoice | undefined;
  readonly folds: number;
}

async function fitColumn({ id, learner, grid, source, folds }: Settings, x: Table, y: Targets, column: number, key: Key, ctx: Context): Promise<Model> {
  const rows = trainingRows(x, y, column, { who: id, least: LEAST_ROWS });
  const [sourceKey, dealing] = split(fold(key, "tau-rho"), 2);
  const choice = source ?? (isPrediction(rows.table, rows.output) ? { kind: "given" } : { kind: "learnt", learner: linear(), crossFit: true });
  const fitted = await fitSource(choice, rows, sourceKey, ctx);
  const own: TrainingRows = { ...rows, table: descriptorsOf(rows.table) };
  const single = grid.length === 1;
  const chosen = single && grid[0].tau === grid[0].rho ? { at: grid[0], factor: 1 } : await chooseAt({ learner, grid, folds }, own, fitted.values, dealing, key, ctx);
  const known = knownRows(y, column);
  // The rows as they came: without τ the fit is the learner's own, to the last bit.
  const plain = () => learner.fit(descriptorsOf(takeRows(x, known)), takeTarget(y, column, known), key, under(ctx, learner.id));
  const inner = chosen.at.tau === 0 ? await plain() : await learner.fit(own.table, residualTargets(own, fitted.values, chosen.at.tau), key, under(ctx, learner.id));
  return tauRhoModel(id, rows.output, { inner, source: fitted.source, ...chosen });
}

/** y − τ f_s; untouched at τ = 0. */
function residualTargets({ targets, values }: TrainingRows, source: Float64Array, tau: number): TrainingRows["targets"] {
  if (tau === 0) return targets;
  return { ...targets, columns: [{ ...(targets.columns[0] as NumberColumn), values: values.map((v, i) => v - tau * source[i]) }] };
}

interface Chosen {
  readonly at: TauRho;
  /** What the learner's spread is multiplied by. */
  readonly factor: number;
}

/** g = (1 − τ) f_w enters with this. */
export const shareOf = ({ tau, rho }: TauRho): number => (tau === rho ? 1 : (1 - rho) / (1 - tau));

async function chooseAt(settings: Pick<Settings, "learner" | "grid" | "folds">, rows: TrainingRows, source: Float64Array, dealing: Key, key: Key, ctx: Context): Promise<Chosen> {
  const { grid } = settings;
  const held = isSmoother(settings.learner) ? await sharedPredictions(settings.learner, rows, source, grid, ctx) : await foldPredictions(settings, rows, source, dealing, key, ctx);
  let best = { at: grid[0], loss: Number.POSITIVE_INFINITY, factor: 1 };
  for (const at of grid)
    for (const { mean, sd } of held(at.tau)) {
      const errors = rows.values.map((v, i) => v - shareOf(at) * mean[i] - at.rho * source[i]);
      const loss = meanSquare(errors, rows.weights);
      // What is no smaller by more than rounding goes to the earlier.
      if (loss < best.loss * (1 - 1e-12)) best = { at, loss, factor: at.tau === at.rho ? 1 : Math.sqrt(Math.max(Number.MIN_VALUE, meanSquare(errors.map((e, i) => e / sd[i]), rows.weights))) };
    }
  return { at: best.at, factor: best.factor };
}

/** What rows left out are said to be: g of y − τ f_s and its spread, for each setting of a smoother. */
type Held = (tau: number) => readonly { readonly mean: Float64Array; readonly sd: Float64Array }[];

export function isSmoother(learner: Learner): learner is Smoother {
  return "leaveOneOut" in learner;
}

/** S(y − τ f_s) = S y − τ S f_s: two targets are all that is fitted. */
async function sharedPredictions(learner: Smoother, { table, values, weights }: TrainingRows, source: Float64Array, grid: readonly TauRho[], ctx: Context): Promise<Held> {
  const settings = await learner.leaveOneOut(table, weights, [values, source], ctx);
  const taus = new Set(grid.map(({ tau }) => tau));
  const known = new Map([...taus].map((tau) => [tau, settings.map(([y, f]) => y.map((v, i) => v - tau * f[i]))]));
  return (tau) =>
    known.get(tau)!.map((mean) => {
      const spread = Math.sqrt(Math.max(Number.MIN_VALUE, meanSquare(values.map((v, i) => v - tau * source[i] - mean[i]), weights)));
      return { mean, sd: new Float64Array(mean.length).fill(spread) };
    });
}

async function foldPredictions({ learner, grid, folds }: Pick<Settings, "learner" | "grid" | "folds">, rows: TrainingRows, source: Float64Array, dealing: Key, key: Key, ctx: Context): Promise<Held> {
  const dealt = innerFolds(dealing, rows.table, rows.targets, folds);
  const known = new Map<number, { readonly mean: Float64Array; readonly sd: Float64Array }>();
  const taus = [...new Set(grid.map(({ tau }) => tau))];
  for (const [t, tau] of taus.entries()) {
    const mean = new Float64Array(rows.values.length);
    const sd = new Float64Array(rows.values.length);
    for (const [f, test] of dealt.test.entries()) {
      await pause(ctx);
      ctx.report({ stage: "choose tau and rho", done: t * dealt.test.length + f, total: taus.length * dealt.test.length });
      const train = rowsOutside(dealt, f);
      const part = takeTraining(rows, train);
      const model = await learner.fit(part.table, residualTargets(part, Float64Array.from(train, (i) => source[i]), tau), fold(key, f), { ...ctx, report: () => {} });
      const marginal = (await model.predict(takeTraining(rows, test).table, ctx)).marginals[0] as NumericMarginal;
      test.forEach((row, i) => {
        mean[row] = marginal.mean[i];
        sd[row] = marginal.sd[i];
      });
    }
    known.set(tau, { mean, sd });
  }
  return (tau) => [known.get(tau)!];
}

interface Parts extends Chosen {
  /** Of y − τ f_s. */
  readonly inner: Model;
  readonly source: SourceFunction;
}

/** The model that adds the source to what was learnt beside it. */
export function tauRhoModel(id: string, output: NumberOutput, { inner, source, at, factor }: Parts): Model {
  const plain = at.tau === 0 && at.rho === 0;
  const inputs = plain ? inner.inputs : [...new Map([...inner.inputs, ...source.inputs].map((f): [string, Feature] => [f.name, f])).values()];
  return {
    id,
    inputs,
    outputs: [output],
    predict: async (x, ctx) => {
      const within = await inner.predict(x, ctx);
      if (plain) return within;
      const f = await source.evaluate(x, ctx);
      return { rows: x.rows, marginals: [moved(within.marginals[0] as NumericMarginal, f, at, factor)] };
    },
    toRecord: (): ModelRecord => ({ type: "tau-rho", id, inputs, outputs: [output], state: { inner: inner.toRecord(), source: source.toRecord(), at, factor } }),
  };
}

function moved(g: NumericMarginal, f: Float64Array, at: TauRho, factor: number): NumericMarginal {
  const share = shareOf(at);
  // About its own centre first, so that a stretch leaves the mean where it is.
  return affineMarginal(g, g, factor, g.mean.map((m, i) => share * m + at.rho * f[i] - factor * m));
}

/** Reads `tau-rho` back. */
export const reviveTauRho: Reviver = (record, revive) => {
  const { inner, source, at, factor } = record.state as Chosen & { readonly inner: ModelRecord; readonly source: SourceRecord };
  return tauRhoModel(record.id, record.outputs[0] as NumberOutput, { inner: revive(inner), source: reviveSource(source, revive), at, factor });
};
