/*
 * Two-part learning of a quantity with a heap at its least value: one learner tells the heap from the rest, another learns
 * the rest, on a scale of its own (hurdle model: Cragg 1971, doi 10.2307/1909582; Mullahy 1986; as a recipe of materials
 * informatics, metal or not and then the band gap, Zhuo et al. 2018, doi 10.1021/acs.jpclett.8b00124). The prediction is a
 * law with a heap (prob/hurdle.ts), whose centre is its median. Where fewer than `FEWEST` rows share the least value, or
 * fewer lie above it, there is no heap: all rows are learnt as what lies above.
 *
 * Likelihoods of such laws count the heap, those of others measure length: the two are not comparable, so `auto` leaves
 * this recipe out.
 */
import { InputError, UnsupportedError } from "../base/errors.ts";
import { under } from "../base/context.ts";
import { type Key, split } from "../base/key.ts";
import type { Feature, NumberColumn, Table, Targets } from "../data/types.ts";
import { HURDLE_SCALES, hurdleMarginal } from "../prob/hurdle.ts";
import { predictive } from "../prob/predictive.ts";
import type { HurdleLaw } from "../prob/types.ts";
import { checkTargets, knownRows, takeNumbers, takeRows, takeTarget } from "./inputs.ts";
import { standardise } from "./standardise.ts";
import type { Learner, Model, ModelRecord, Output, Reviver } from "./types.ts";

export interface HurdleOptions {
  /** Learns what lies above the heap. */
  readonly numbers: Learner;
  /** Tells the heap from the rest. */
  readonly classes: Learner;
  /** Scale of what lies above. Default `sqrt`. */
  readonly scale?: HurdleLaw["scale"];
}

/** Fewest rows of a heap, and above it. */
const FEWEST = 5;
/** The classes: what the second one is the probability of. */
const LEVELS = ["above", "heap"];

/** The learner, of one number at a time. */
export function hurdle({ numbers, classes, scale = "sqrt" }: HurdleOptions): Learner {
  const id = `hurdle(${classes.id}, ${scale} ${numbers.id})`;
  return {
    id,
    acceptsMissing: numbers.acceptsMissing && classes.acceptsMissing,
    complexity: Math.max(numbers.complexity, classes.complexity) + 1,
    needed: [numbers, classes].flatMap(({ needed = [] }) => needed),
    fit: async (x, y, key, ctx) => {
      checkTargets(x, y);
      const [target] = y.columns;
      if (target.kind !== "number") throw new UnsupportedError(`hurdle cannot predict classes: "${target.name}" — use forest or extra-trees`);
      if (y.columns.length !== 1) throw new UnsupportedError(`hurdle learns one number at a time: ${y.columns.map((c) => c.name).join(", ")}`);
      const rows = knownRows(y, 0);
      if (rows.length < 2) throw new InputError(`too few values of "${target.name}": ${rows.length} — hurdle needs at least 2`, { path: target.name, value: rows.length });
      // Refuses what is constant, or too large or too small to square.
      standardise(target.name, takeNumbers(target.values, rows), new Float64Array(rows.length).fill(1));
      const at = rows.reduce((least, i) => Math.min(least, target.values[i]), Number.POSITIVE_INFINITY);
      const above = rows.filter((i) => target.values[i] > at);
      const heap = rows.length - above.length >= FEWEST && above.length >= FEWEST;
      const output: Output = { kind: "number", name: target.name, unit: target.unit };
      const parts = { x, y, target, at, scale };
      const rest = await fitAbove({ ...parts, rows: heap || scale === "log" ? above : rows }, numbers, split(key, 2)[1], under(ctx, "above the heap"));
      if (!heap) return hurdleModel(id, output, { at, scale, rest });
      const atom = await classes.fit(takeRows(x, rows), heapOrNot(parts, rows), split(key, 2)[0], under(ctx, "heap or not"));
      return hurdleModel(id, output, { at, scale, rest, atom });
    },
  };
}

interface Parts {
  readonly x: Table;
  readonly y: Targets;
  readonly target: NumberColumn;
  readonly at: number;
  readonly scale: HurdleLaw["scale"];
}

function heapOrNot({ y, target, at }: Parts, rows: Int32Array): Targets {
  return { ...takeTarget(y, 0, rows), columns: [{ kind: "category", name: target.name, levels: LEVELS, codes: Int32Array.from(rows, (i) => Number(target.values[i] === at)) }] };
}

const fitAbove = ({ x, y, target, at, scale, rows }: Parts & { readonly rows: Int32Array }, learner: Learner, key: Key, ctx: Parameters<Learner["fit"]>[3]): Promise<Model> =>
  learner.fit(takeRows(x, rows), { ...takeTarget(y, 0, rows), columns: [{ kind: "number", name: target.name, unit: target.unit, values: Float64Array.from(rows, (i) => HURDLE_SCALES[scale].forward(target.values[i] - at)) }] }, key, ctx);

interface HurdleModels {
  readonly at: number;
  readonly scale: HurdleLaw["scale"];
  readonly rest: Model;
  /** Absent where there is no heap. */
  readonly atom?: Model;
}

function hurdleModel(id: string, output: Output, { at, scale, rest, atom }: HurdleModels): Model {
  const inputs: readonly Feature[] = [...new Map([...rest.inputs, ...(atom?.inputs ?? [])].map((feature): [string, Feature] => [feature.name, feature])).values()];
  return {
    id,
    inputs,
    outputs: [output],
    predict: async (x, ctx) => {
      const [above] = (await rest.predict(x, ctx)).marginals;
      const heap = (await atom?.predict(x, ctx))?.marginals[0];
      if (above?.kind !== "number" || output.kind !== "number") throw new UnsupportedError(`hurdle around a learner of ${above?.kind ?? "nothing"} — it predicts numbers`);
      const probability = Float64Array.from({ length: x.rows }, (_, i) => (heap?.kind === "category" ? heap.probability.data[2 * i + 1] : 0));
      return predictive(x.rows, [hurdleMarginal(output, { at, scale, atom: probability, mean: above.mean, sd: above.sd })]);
    },
    toRecord: (): ModelRecord => ({ type: "hurdle", id, inputs, outputs: [output], state: { at, scale, rest: rest.toRecord(), ...(atom && { atom: atom.toRecord() }) } }),
  };
}

/** Reads `hurdle` back. */
export const reviveHurdle: Reviver = ({ id, outputs, state }, revive) => {
  const { at, scale, rest, atom } = state as { readonly at: number; readonly scale: HurdleLaw["scale"]; readonly rest: ModelRecord; readonly atom?: ModelRecord };
  return hurdleModel(id, outputs[0], { at, scale, rest: revive(rest), ...(atom && { atom: revive(atom) }) });
};
