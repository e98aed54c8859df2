/* Models of single properties side by side, as one model of all of them. */
import { InputError } from "../base/errors.ts";
import { type Context, under } from "../base/context.ts";
import type { Feature, Matrix, Table } from "../data/types.ts";
import { predictive } from "../prob/predictive.ts";
import type { Model, ModelRecord, Reviver } from "./types.ts";

/** Predictions of each model in order; the inputs are the union of theirs. One model alone is returned as it is. */
export function joinColumns(id: string, models: readonly Model[], correlation?: Matrix): Model {
  if (models.length === 0) throw new InputError("no model to join: 0 properties — name at least one", { path: "properties" });
  if (models.length === 1 && correlation === undefined) return models[0];
  const inputs = union(models);
  const outputs = models.flatMap((model) => model.outputs);
  return {
    id,
    inputs,
    outputs,
    predict: async (x: Table, ctx: Context) => {
      const parts = [];
      for (const model of models) parts.push(...(await model.predict(x, under(ctx, model.outputs[0].name))).marginals);
      return predictive(x.rows, parts, correlation);
    },
    toRecord: (): ModelRecord => ({ type: "multi", id, inputs, outputs, state: { models: models.map((model) => model.toRecord()), ...(correlation && { correlation }) } }),
  };
}

function union(models: readonly Model[]): readonly Feature[] {
  const seen = new Map<string, Feature>();
  for (const { inputs } of models) for (const feature of inputs) if (!seen.has(feature.name)) seen.set(feature.name, feature);
  return [...seen.values()];
}

/** Reads `multi` back. */
export const reviveJoined: Reviver = (record, revive) => {
  const { models, correlation } = record.state as { readonly models: readonly ModelRecord[]; readonly correlation?: Matrix };
  return joinColumns(record.id, models.map(revive), correlation);
};
