/*
 * Several fidelities one after another: the recursive form of Kennedy & O'Hagan's model (Le Gratiet & Garnier 2014,
 * doi 10.1615/Int.J.UncertaintyQuantification.2014006914). A Gaussian process learns the lowest fidelity; each next one is
 *
 *   f_t(x) = β + ρ f_(t−1)(x) + δ_t(x),     δ_t a Gaussian process, β and ρ with flat priors,
 *
 * with the level below at its predictive mean and ρ² times its variance added. Each level is one fit of its own size, so that a
 * cheap simulation may have thousands of rows beside tens of measurements. ρ and β are estimated by generalised least squares, and
 * what is not known of them is in the spread. Columns that are known together need not be: rows may differ between fidelities.
 */
import { type Context, under } from "../../base/context.ts";
import { InputError, UnsupportedError } from "../../base/errors.ts";
import { type Key, fold, split } from "../../base/key.ts";
import type { NumberColumn, Table, Targets } from "../../data/types.ts";
import { normalMarginal } from "../../prob/marginal.ts";
import { type Design, encode, fitDesign } from "../design.ts";
import { checkTargets, keyedOrder, knownRows, rowNames, takeNumbers, takeRows } from "../inputs.ts";
import { standardise } from "../standardise.ts";
import type { Learner, Model, ModelRecord, Output, Reviver } from "../types.ts";
import type { Conditioned } from "./coregional.ts";
import { type CoregionalData, type CoregionalSettings, conditionData, fitCoregional, steadyCondition, taskPredictor } from "./coregionalFit.ts";
import { GP_MOST_ROWS } from "./gp.ts";
import type { Smoothness } from "./kernel.ts";
import { newNoise, tasksOf } from "./multiTask.ts";

export interface FidelityOptions {
  /** Names of the columns from low to high fidelity; their order in the targets by default. */
  readonly order?: readonly string[];
  readonly combine?: "sum" | "product";
  readonly smoothness?: Smoothness;
  /** Most rows of one level that its hyper-parameters are fitted on. Default 500. */
  readonly subset?: number;
  readonly restarts?: number;
  readonly iterations?: number;
}

/** The learner; a joint one. */
export function fidelityGp({ order = [], combine = "sum", smoothness = "5/2", subset = 500, restarts = 1, iterations = 20 }: FidelityOptions = {}): Learner {
  const id = "fidelity-gp";
  return {
    id,
    acceptsMissing: true,
    complexity: 3,
    joint: true,
    fit: async (x, y, key, ctx) => {
      checkTargets(x, y);
      const levels: Level[] = [];
      for (const column of tasksOf(y, order)) levels.push(await fitLevel({ x, y, column, below: levels, combine, smoothness, settings: { subset, restarts, iterations } }, fold(key, column.name), under(ctx, column.name)));
      return fidelityModel(id, levels);
    },
  };
}

interface LevelState {
  readonly output: Output & { readonly kind: "number" };
  readonly design: Design;
  readonly data: CoregionalData;
  readonly theta: Float64Array;
  readonly shift: number;
  readonly scale: number;
}

/** What a level says of rows: of the function and of a new measurement, in its own unit. */
interface Said {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  readonly noise: number;
}

interface Level {
  readonly state: LevelState;
  /** ρ in the units of the columns; absent in the lowest. */
  readonly rho?: number;
  say(x: Table, below: Said | undefined, ctx: Context): Promise<Said>;
}

interface LevelTask {
  readonly x: Table;
  readonly y: Targets;
  readonly column: NumberColumn;
  readonly below: readonly Level[];
  readonly combine: "sum" | "product";
  readonly smoothness: Smoothness;
  readonly settings: CoregionalSettings;
}

async function fitLevel({ x, y, column, below, combine, smoothness, settings }: LevelTask, key: Key, ctx: Context): Promise<Level> {
  const rows = knownRows(y, y.columns.indexOf(column));
  if (rows.length > GP_MOST_ROWS) throw new UnsupportedError(`too many rows of "${column.name}": ${rows.length} — at most ${GP_MOST_ROWS} of each fidelity`);
  const table = takeRows(x, rows);
  const weights = y.weights ? takeNumbers(y.weights, rows) : new Float64Array(rows.length).fill(1);
  const names = rowNames(table, y.names && Array.from(rows, (i) => y.names![i]));
  const design = fitDesign(table, weights);
  const encoded = encode(design, table);
  const shape = { combine, smoothness, sets: design.sets.length, d: design.real.length };
  if (shape.sets + shape.d === 0) throw new InputError(`no feature varies among the rows of "${column.name}" — describe the rows by features that differ`, { path: column.name });
  const { shift, scale, values } = standardise(column.name, takeNumbers(column.values, rows), weights);
  const lower = (await sayAll(below, table, ctx)).at(-1);
  const data: CoregionalData = {
    shape,
    structure: { tasks: 1, kernels: 1, latents: [{ kernel: 0, tasks: [0] }] },
    real: encoded.real,
    sets: encoded.sets,
    y: values,
    known: Float64Array.from(rows, (i) => (column.sd && column.sd[i] > 0 ? (column.sd[i] / scale) ** 2 : 0)),
    weights,
    task: new Int32Array(rows.length),
    basis: basisOf(rows.length, lower && { values: lower.mean, shift, scale }),
  };
  const [sample, starts] = split(key, 2);
  const found = await fitCoregional(data, keyedOrder(sample, names), settings, starts, ctx);
  const { theta, fitted } = steadyCondition(data, found);
  return levelOf({ output: { kind: "number", name: column.name, unit: column.unit }, design, data, theta, shift, scale }, fitted);
}

/** A constant, and the level below on the scale of this one. */
const basisOf = (rows: number, below: { readonly values: Float64Array; readonly shift: number; readonly scale: number } | undefined): Float64Array =>
  below === undefined ? new Float64Array(rows).fill(1) : Float64Array.from({ length: 2 * rows }, (_, p) => (p % 2 === 0 ? 1 : (below.values[p >> 1] - below.shift) / below.scale));

function levelOf(state: LevelState, fitted: Conditioned = conditionData(state.data, state.theta)): Level {
  const { data, theta, design, shift, scale } = state;
  const predictor = taskPredictor(data, theta, fitted);
  const rho = fitted.beta.length > 1 ? fitted.beta[1] : undefined;
  return {
    state,
    ...(rho !== undefined && { rho }),
    say: async (x, below, ctx) => {
      const { mean, variance } = await predictor(encode(design, x), 0, basisOf(x.rows, below && { values: below.mean, shift, scale }), ctx);
      return {
        mean: mean.map((m) => shift + scale * m),
        variance: variance.map((v, i) => scale * scale * v + (below && rho !== undefined ? rho * rho * below.variance[i] : 0)),
        noise: scale * scale * newNoise(data, theta, 0),
      };
    },
  };
}

/** From the lowest level to the highest. */
async function sayAll(levels: readonly Level[], x: Table, ctx: Context): Promise<readonly Said[]> {
  const out: Said[] = [];
  for (const level of levels) out.push(await level.say(x, out.at(-1), ctx));
  return out;
}

/** A model that tells by how much each level is multiplied in the next. */
export interface FidelityModel extends Model {
  readonly rhos: readonly number[];
}

function fidelityModel(id: string, levels: readonly Level[]): FidelityModel {
  const outputs = levels.map(({ state }) => state.output);
  const { inputs } = levels[0].state.design;
  return {
    id,
    inputs,
    outputs,
    rhos: levels.flatMap(({ rho }) => (rho === undefined ? [] : [rho])),
    predict: async (x, ctx) => {
      const said = await sayAll(levels, x, ctx);
      return { rows: x.rows, marginals: said.map(({ mean, variance, noise }, t) => normalMarginal({ name: outputs[t].name, unit: outputs[t].unit, mean, sd: variance.map((v) => Math.sqrt(v + noise)) })) };
    },
    toRecord: (): ModelRecord => ({ type: "fidelity-gp", id, inputs, outputs, state: { levels: levels.map(({ state }) => state) } }),
  };
}

/** Reads `fidelity-gp` back. */
export const reviveFidelity: Reviver = (record) => fidelityModel(record.id, (record.state as { readonly levels: readonly LevelState[] }).levels.map((state) => levelOf(state)));
