/*
 * Several fitted models as one, which predicts the mixture of their distributions in equal parts: what ensembles and
 * pools are once they are learnt.
 */
import type { Context } from "../base/context.ts";
import type { Feature, Table } from "../data/types.ts";
import { categoricalMarginal } from "../prob/categorical.ts";
import { mixtureMarginal } from "../prob/mixture.ts";
import { predictive } from "../prob/predictive.ts";
import type { CategoricalMarginal, Marginal, NumericMarginal, Predictive } from "../prob/types.ts";
import type { Model, ModelRecord, Reviver } from "./types.ts";

/** It needs what any member needs, and they find their features by name. `type` is that of its record. */
export function mixedModel(type: "ensemble" | "pool", id: string, members: readonly Model[]): Model {
  const { outputs } = members[0];
  const inputs = [...new Map(members.flatMap((member) => member.inputs.map((feature): [string, Feature] => [feature.name, feature]))).values()];
  return {
    id,
    inputs,
    outputs,
    predict: async (x: Table, ctx: Context) => {
      const parts: Predictive[] = [];
      for (const member of members) parts.push(await member.predict(x, ctx));
      return predictive(x.rows, outputs.map((_, j) => mix(parts.map((part) => part.marginals[j]), x.rows)));
    },
    toRecord: (): ModelRecord => ({ type, id, inputs, outputs, state: { members: members.map((member) => member.toRecord()) } }),
  };
}

/** Reads an `ensemble` or a `pool` back, given how to read its members. */
export const reviveMixed: Reviver = (record, revive) => mixedModel(record.type as "ensemble" | "pool", record.id, (record.state as { readonly members: readonly ModelRecord[] }).members.map(revive));

/** The mixture, in equal parts, of one output's marginals from several models. */
function mix(parts: readonly Marginal[], rows: number): Marginal {
  const numbers = parts.filter((part): part is NumericMarginal => part.kind === "number");
  if (numbers.length === parts.length) return mixNumbers(numbers, rows);
  return mixClasses(parts as readonly CategoricalMarginal[], rows);
}

/** Each member as a normal of its mean and sd: the mixture's first two moments are exact, its tails are the normals'. */
function mixNumbers(parts: readonly NumericMarginal[], rows: number): NumericMarginal {
  const cols = parts.length;
  const beside = (of: (part: NumericMarginal) => Float64Array) => ({ rows, cols, data: Float64Array.from({ length: rows * cols }, (_, at) => of(parts[at % cols])[Math.floor(at / cols)]) });
  return mixtureMarginal({ name: parts[0].name, unit: parts[0].unit, means: beside((part) => part.mean), sds: beside((part) => part.sd) });
}

function mixClasses(parts: readonly CategoricalMarginal[], rows: number): CategoricalMarginal {
  const { name, levels } = parts[0];
  const data = new Float64Array(rows * levels.length);
  for (const { probability } of parts) for (let i = 0; i < data.length; i++) data[i] += probability.data[i] / parts.length;
  return categoricalMarginal({ name, levels, probability: { rows, cols: levels.length, data } });
}
