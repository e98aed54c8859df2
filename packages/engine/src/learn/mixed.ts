/*
 * Several fitted models as one, which predicts the mixture of their distributions, in equal parts or by weights: what
 * ensembles, pools and stacks are once they are learnt.
 */
import type { Context } from "../base/context.ts";
import type { Feature, Table } from "../data/types.ts";
import { categoricalMarginal } from "../prob/categorical.ts";
import { hurdleMarginal, mixHurdles } from "../prob/hurdle.ts";
import { mixtureMarginal } from "../prob/mixture.ts";
import { predictive } from "../prob/predictive.ts";
import type { CategoricalMarginal, Marginal, NumericMarginal, Predictive } from "../prob/types.ts";
import type { Model, ModelRecord, Reviver } from "./types.ts";

type MixedType = "ensemble" | "pool" | "stack";

/** How members are mixed; one number for each. */
export interface Mixing {
  /** Not negative, summing to one; equal when left out. */
  readonly weights?: readonly number[];
  /** What the standard deviations of numbers are multiplied by first; 1 when left out. */
  readonly factors?: readonly number[];
}

/** It needs what any member needs, and they find their features by name. `type` is that of its record. */
export function mixedModel(type: MixedType, id: string, members: readonly Model[], mixing: Mixing = {}): Model {
  const { outputs } = members[0];
  const inputs = [...new Map(members.flatMap((member) => member.inputs.map((feature): [string, Feature] => [feature.name, feature]))).values()];
  return {
    id,
    inputs,
    outputs,
    predict: async (x: Table, ctx: Context) => {
      const parts: Predictive[] = [];
      for (const member of members) parts.push(await member.predict(x, ctx));
      return predictive(x.rows, outputs.map((_, j) => mix(parts.map((part) => part.marginals[j]), x.rows, mixing)));
    },
    toRecord: (): ModelRecord => ({ type, id, inputs, outputs, state: { members: members.map((member) => member.toRecord()), ...mixing } }),
  };
}

/** Reads an `ensemble`, a `pool` or a `stack` back, given how to read its members. */
export const reviveMixed: Reviver = (record, revive) => {
  const { members, ...mixing } = record.state as { readonly members: readonly ModelRecord[] } & Mixing;
  return mixedModel(record.type as MixedType, record.id, members.map(revive), mixing);
};

/** A member of a stack and its part of the mixture. */
export interface StackPart {
  /** Its id, which tells its options. */
  readonly learner: string;
  readonly weight: number;
}

/** What the stack in a record is made of, the largest part first; nothing where there is none. */
export function stackParts({ type, state }: ModelRecord): readonly StackPart[] {
  const { inner, models = [], members = [], weights } = state as { readonly inner?: ModelRecord; readonly models?: readonly ModelRecord[]; readonly members?: readonly ModelRecord[] } & Mixing;
  if (type !== "stack") return [...(inner ? [inner] : []), ...models].flatMap(stackParts);
  return members.map(({ id }, k) => ({ learner: id, weight: weights![k] })).sort((a, b) => b.weight - a.weight);
}

/** The mixture of one output's marginals from several models. */
function mix(parts: readonly Marginal[], rows: number, mixing: Mixing): Marginal {
  const numbers = parts.filter((part): part is NumericMarginal => part.kind === "number");
  if (numbers.length === parts.length) return mixNumbers(numbers, rows, mixing);
  return mixClasses(parts as readonly CategoricalMarginal[], rows, mixing);
}

/** What a member says of a number: its law with a heap, or its mean and sd. */
type NumberPart = Pick<NumericMarginal, "name" | "unit" | "mean" | "sd" | "hurdle">;

/** Each member as a normal of its mean and sd: the mixture's first two moments are exact, its tails are the normals'. Where a member has a heap, the mixture has one. */
export function mixNumbers(parts: readonly NumberPart[], rows: number, { weights, factors }: Mixing): NumericMarginal {
  const cols = parts.length;
  const named = { name: parts[0].name, unit: parts[0].unit };
  const own = factors === undefined ? parts : parts.map((part, k) => spreadBy(part, factors[k]));
  if (own.some(({ hurdle }) => hurdle)) return hurdleMarginal(named, mixHurdles(own, weights ?? parts.map(() => 1 / cols)));
  const beside = (of: (part: NumberPart) => Float64Array) => ({ rows, cols, data: Float64Array.from({ length: rows * cols }, (_, at) => of(own[at % cols])[Math.floor(at / cols)]) });
  return mixtureMarginal({ ...named, means: beside((part) => part.mean), sds: beside((part) => part.sd), ...(weights && { weights: Float64Array.from(weights) }) });
}

const spreadBy = (part: NumberPart, factor: number): NumberPart => ({ ...part, sd: times(part.sd, factor), ...(part.hurdle && { hurdle: { ...part.hurdle, sd: times(part.hurdle.sd, factor) } }) });

const times = (values: Float64Array, factor: number): Float64Array => values.map((v) => v * factor);

function mixClasses(parts: readonly CategoricalMarginal[], rows: number, { weights }: Mixing): CategoricalMarginal {
  const { name, levels } = parts[0];
  return categoricalMarginal({ name, levels, probability: { rows, cols: levels.length, data: mixProbabilities(parts.map((part) => part.probability.data), weights) } });
}

/** Weighted mean of probabilities. */
export function mixProbabilities(parts: readonly Float64Array[], weights?: readonly number[]): Float64Array {
  const data = new Float64Array(parts[0].length);
  parts.forEach((part, k) => {
    const weight = weights?.[k] ?? 1 / parts.length;
    for (let i = 0; i < data.length; i++) data[i] += weight * part[i];
  });
  return data;
}
