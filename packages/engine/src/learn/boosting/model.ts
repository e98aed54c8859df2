/* Fitted boosting: predictions, records, and reading them back. */
import type { Context } from "../../base/context.ts";
import { one } from "../../base/unit.ts";
import type { Feature, Table } from "../../data/types.ts";
import { categoricalMarginal } from "../../prob/categorical.ts";
import { studentMarginal } from "../../prob/marginal.ts";
import type { Marginal } from "../../prob/types.ts";
import { type CategoryCalibration, calibrateProbabilities } from "../classCalibration.ts";
import type { Binning } from "../forest/bins.ts";
import { type Trees, categoryCuts, flatten } from "../forest/trees.ts";
import { walk } from "../forest/walk.ts";
import { alignColumns } from "../inputs.ts";
import type { Model, ModelRecord, Output, Reviver } from "../types.ts";
import type { Chain } from "./chain.ts";
import type { ErrorLaw } from "./law.ts";
import { softmax } from "./losses.ts";

/** Boosted scores: the mean of some chains. */
export interface Scorer {
  readonly width: number;
  /** Scores before any tree. */
  readonly start: Float64Array;
  /** Tree t adds to score t mod width; leaf values are divided by the number of chains. */
  readonly trees: Trees;
}

/** The mean of some chains over the same binned features. */
export function scorerOf(chains: readonly Chain[], width: number, { category }: Pick<Binning, "category">): Scorer {
  const steps = chains.flatMap((chain) => chain.steps);
  const grown = steps.map(({ tree }) => tree);
  const trees = flatten(grown, 1, (t, node, out, leaf) => (out[leaf] = steps[t].value[node] / chains.length));
  const start = Float64Array.from({ length: width }, (_, k) => chains.reduce((sum, chain) => sum + chain.start[k], 0) / chains.length);
  return { width, start, trees: category ? { ...trees, categories: categoryCuts(grown, category) } : trees };
}

/** What tells the expected size of a row's error, standardised. */
export type SpreadScorer =
  /** Its logarithm is boosted; the location's score follows the inputs as one more feature. */
  | { readonly kind: "errors"; readonly scorer: Scorer; readonly binning: Binning }
  /** Half the distance of two quantiles. */
  | { readonly kind: "quantiles"; readonly low: Scorer; readonly high: Scorer };

export interface NumberBoosting {
  readonly kind: "number";
  readonly binning: Binning;
  /** value = shift + scale · score. */
  readonly shift: number;
  readonly scale: number;
  readonly location: Scorer;
  readonly spread: SpreadScorer;
  /** The law of errors in units of their expected size. */
  readonly law: ErrorLaw;
  /** Gain of each input in the location's trees, summing to one (or all zero). */
  readonly importance: Float64Array;
}

export interface CategoryBoosting {
  readonly kind: "category";
  readonly binning: Binning;
  readonly score: Scorer;
  /** Added to the scores: what takes balanced weights back to the classes' own shares. Zero when weights are not balanced. */
  readonly prior: Float64Array;
  readonly calibration: Pick<CategoryCalibration, "slope" | "shift">;
  readonly importance: Float64Array;
}

export type BoostingState = NumberBoosting | CategoryBoosting;

/** A model that says how much each of its inputs was used. */
export interface BoostingModel extends Model {
  /** Gain of each of `inputs`, summing to one; all zero when no tree has a cut. */
  importance(): Float64Array;
}

/** A model of one property. */
export function boostingModel(id: string, inputs: readonly Feature[], output: Output, state: BoostingState): BoostingModel {
  return {
    id,
    inputs,
    outputs: [output],
    predict: async (x, ctx) => ({ rows: x.rows, marginals: [await marginal(state, output, x, alignColumns(x, inputs), ctx)] }),
    toRecord: (): ModelRecord => ({ type: "boosting", id, inputs, outputs: [output], state }),
    importance: () => state.importance.slice(),
  };
}

/** Reads `boosting` back. */
export const reviveBoosting: Reviver = (record) => boostingModel(record.id, record.inputs, record.outputs[0], record.state as BoostingState);

/** Scores of all rows, rows × width. */
export async function scoresOf({ width, start, trees }: Scorer, binning: Binning, x: Table, columns: Int32Array, ctx: Context): Promise<Float64Array> {
  const out = Float64Array.from({ length: x.rows * width }, (_, at) => start[at % width]);
  const { leafValues } = trees;
  await walk({ binning, trees }, x, columns, ctx, (from, leaves, tree) => {
    for (let i = 0, at = from * width + (tree % width); i < leaves.length; i++, at += width) out[at] += leafValues[leaves[i]];
  });
  return out;
}

/** A table with one more column, which is no feature of the user's. */
export function withColumn(x: Table, columns: Int32Array, values: Float64Array, feature: Feature): Table {
  const cols = columns.length + 1;
  const data = new Float64Array(x.rows * cols);
  for (let i = 0; i < x.rows; i++) {
    for (let k = 0; k < columns.length; k++) data[i * cols + k] = x.data[i * x.cols + columns[k]];
    data[i * cols + cols - 1] = values[i];
  }
  return { rows: x.rows, cols, data, features: [...Array.from(columns, (j) => x.features[j]), feature] };
}

async function marginal(state: BoostingState, output: Output, x: Table, columns: Int32Array, ctx: Context): Promise<Marginal> {
  if (state.kind === "category" && output.kind === "category") {
    const scores = await scoresOf(state.score, state.binning, x, columns, ctx);
    const width = output.levels.length;
    const data = calibrateProbabilities(probabilitiesOf(scores, width, state.prior), width, state.calibration);
    return categoricalMarginal({ name: output.name, levels: output.levels, probability: { rows: x.rows, cols: width, data } });
  }
  if (state.kind === "number" && output.kind === "number") {
    const location = await scoresOf(state.location, state.binning, x, columns, ctx);
    const error = await errorOf(state, x, columns, location, ctx);
    return studentMarginal({ name: output.name, unit: output.unit, location: location.map((s) => state.shift + state.scale * s), scale: error.map((e) => state.scale * state.law.factor * e), df: state.law.df });
  }
  throw new TypeError(`boosting record: a ${state.kind} state for a ${output.kind} output — the kinds are equal`);
}

/** Least expected size of an error, in standard deviations of the target: quantiles may cross. */
const LEAST = 1e-3;

/** Expected size of an error from two quantiles. */
export const halfDistance = (low: Float64Array, high: Float64Array): Float64Array => low.map((v, i) => Math.max(LEAST, (high[i] - v) / 2));

/** What the location's score is called where it is a feature of the spread. */
export const LOCATION: Feature = { name: "predicted", unit: one, about: "the location, in standard deviations of the target" };

/** Expected size of each row's error, standardised. */
async function errorOf({ spread, binning }: NumberBoosting, x: Table, columns: Int32Array, location: Float64Array, ctx: Context): Promise<Float64Array> {
  if (spread.kind === "quantiles") return halfDistance(await scoresOf(spread.low, binning, x, columns, ctx), await scoresOf(spread.high, binning, x, columns, ctx));
  const { scorer } = spread;
  if (scorer.trees.roots.length === 0) return location.map(() => Math.exp(scorer.start[0]));
  const own = withColumn(x, columns, location, LOCATION);
  return (await scoresOf(scorer, spread.binning, own, Int32Array.from({ length: own.cols }, (_, j) => j), ctx)).map(Math.exp);
}

/** Probabilities from the scores of two classes (one score) or more, with the prior put right. */
export function probabilitiesOf(scores: Float64Array, classes: number, prior: Float64Array): Float64Array {
  const rows = classes === 2 ? scores.length : scores.length / classes;
  const out = new Float64Array(rows * classes);
  const row = new Float64Array(classes);
  const p = new Float64Array(classes);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < classes; k++) row[k] = prior[k] + (classes === 2 ? k * scores[i] : scores[i * classes + k]);
    softmax(row, 0, classes, p);
    out.set(p, i * classes);
  }
  return out;
}
