/* Fitted forests: predictions, records, and reading them back. */
import type { Context } from "../../base/context.ts";
import type { Feature, Table } from "../../data/types.ts";
import { categoricalMarginal } from "../../prob/categorical.ts";
import { studentMarginal } from "../../prob/marginal.ts";
import type { Marginal } from "../../prob/types.ts";
import { type CategoryCalibration, calibrateProbabilities } from "../classCalibration.ts";
import { alignColumns } from "../inputs.ts";
import { joinColumns } from "../multi.ts";
import type { Model, ModelRecord, Output, Reviver } from "../types.ts";
import type { Binning } from "./bins.ts";
import { standardDeviation } from "./grow.ts";
import { type Spread, scaleAt } from "./spread.ts";
import type { Trees } from "./trees.ts";
import { walk } from "./walk.ts";

interface Common {
  readonly binning: Binning;
  readonly trees: Trees;
  /** Gain of each input, summing to one. */
  readonly importance: Float64Array;
}

export interface NumberForest extends Common {
  readonly kind: "number";
  /** value = shift + scale · standardised value. */
  readonly shift: number;
  readonly scale: number;
  /** Mean absolute out-of-bag error of each leaf's rows, standardised; NaN where unknown. */
  readonly leafErrors: Float32Array;
  /** Stands in for leaves without a known error. */
  readonly usualError: number;
  readonly spread: Spread;
}

export interface CategoryForest extends Common {
  readonly kind: "category";
  readonly calibration: Pick<CategoryCalibration, "slope" | "shift">;
}

export type ForestState = NumberForest | CategoryForest;

/** A model that says how much each of its inputs was used. */
export interface ForestModel extends Model {
  /** Gain of each of `inputs`, summing to one, averaged over the outputs; all zero when no tree has a split. */
  importance(): Float64Array;
}

/** A model of one property. */
export function forestModel(id: string, inputs: readonly Feature[], output: Output, state: ForestState): ForestModel {
  return {
    id,
    inputs,
    outputs: [output],
    predict: async (x, ctx) => ({ rows: x.rows, marginals: [await marginal(state, output, x, alignColumns(x, inputs), ctx)] }),
    toRecord: (): ModelRecord => ({ type: "forest", id, inputs, outputs: [output], state }),
    importance: () => state.importance.slice(),
  };
}

/** Models of several properties side by side. */
export function joinForests(id: string, models: readonly ForestModel[]): ForestModel {
  const importance = () => {
    const parts = models.map((model) => model.importance());
    return parts[0].map((_, j) => parts.reduce((sum, part) => sum + part[j], 0) / parts.length);
  };
  return { ...joinColumns(id, models), importance };
}

/** Reads `forest` back. */
export const reviveForest: Reviver = (record) => forestModel(record.id, record.inputs, record.outputs[0], record.state as ForestState);

async function marginal(state: ForestState, output: Output, x: Table, columns: Int32Array, ctx: Context): Promise<Marginal> {
  if (state.kind === "category" && output.kind === "category") {
    const p = await probabilities(state, x, columns, ctx);
    return categoricalMarginal({ name: output.name, levels: output.levels, probability: { rows: x.rows, cols: output.levels.length, data: p } });
  }
  if (state.kind === "number" && output.kind === "number") {
    const { location, scale } = await locations(state, x, columns, ctx);
    return studentMarginal({ name: output.name, unit: output.unit, location, scale, df: state.spread.df });
  }
  throw new TypeError(`forest record: a ${state.kind} state for a ${output.kind} output — the kinds are equal`);
}

async function locations(state: NumberForest, x: Table, columns: Int32Array, ctx: Context): Promise<{ readonly location: Float64Array; readonly scale: Float64Array }> {
  const { leafErrors, usualError, trees } = state;
  const { leafValues } = trees;
  const [sums, squares, errors] = [new Float64Array(x.rows), new Float64Array(x.rows), new Float64Array(x.rows)];
  await walk(state, x, columns, ctx, (from, leaves) => {
    for (let i = 0; i < leaves.length; i++) {
      const v = leafValues[leaves[i]];
      const e = leafErrors[leaves[i]];
      sums[from + i] += v;
      squares[from + i] += v * v;
      errors[from + i] += Number.isNaN(e) ? usualError : e;
    }
  });
  const count = trees.roots.length;
  const location = sums.map((s) => state.shift + state.scale * (s / count));
  const scale = sums.map((s, i) => state.scale * scaleAt(state.spread, errors[i] / count, standardDeviation(squares[i], s / count, count)));
  return { location, scale };
}

async function probabilities(state: CategoryForest, x: Table, columns: Int32Array, ctx: Context): Promise<Float64Array> {
  const { leafValues, roots, width } = state.trees;
  const p = new Float64Array(x.rows * width);
  await walk(state, x, columns, ctx, (from, leaves) => {
    for (let i = 0; i < leaves.length; i++) for (let k = 0; k < width; k++) p[(from + i) * width + k] += leafValues[leaves[i] * width + k];
  });
  return calibrateProbabilities(p.map((v) => v / roots.length), width, state.calibration);
}
