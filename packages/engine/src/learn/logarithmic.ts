/* Properties on a logarithmic scale: learners see natural logarithms, and whoever asks the model gets the quantity itself. */
import { UnsupportedError } from "../base/errors.ts";
import { one } from "../base/unit.ts";
import type { NumberColumn, Targets } from "../data/types.ts";
import { exponentialMarginal } from "../prob/exponential.ts";
import type { Model, ModelRecord, Output, Reviver } from "./types.ts";

/** The columns as learners see them. */
export const asLearnt = (targets: Targets): Targets => ({ ...targets, columns: targets.columns.map((c) => (c.kind === "number" && c.scale === "log" ? logarithms(c) : c)) });

const logarithms = ({ kind, name, values }: NumberColumn): NumberColumn => ({ kind, name, unit: one, values: values.map(Math.log) });

/** A model of the natural logarithm of one quantity as a model of the quantity. */
export function exponentiated(inner: Model, unit: NumberColumn["unit"]): Model {
  const [output, ...more] = inner.outputs;
  if (output?.kind !== "number" || more.length > 0) throw new UnsupportedError(`no logarithm: a model of ${inner.outputs.map((o) => o.name).join(", ")} — one number at a time`);
  const outputs: readonly Output[] = [{ kind: "number", name: output.name, unit, scale: "log" }];
  return {
    id: inner.id,
    inputs: inner.inputs,
    outputs,
    predict: async (x, ctx) => {
      const { rows, marginals } = await inner.predict(x, ctx);
      const [law] = marginals;
      if (law?.kind !== "number") throw new UnsupportedError(`no logarithm: ${output.name} — a number was learnt`);
      return { rows, marginals: [exponentialMarginal({ name: output.name, unit }, law)] };
    },
    toRecord: (): ModelRecord => ({ type: "exponential", id: inner.id, inputs: inner.inputs, outputs, state: { inner: inner.toRecord(), unit } }),
  };
}

/** Reads `exponential` back. */
export const reviveExponential: Reviver = (record, revive) => {
  const { inner, unit } = record.state as { readonly inner: ModelRecord; readonly unit: NumberColumn["unit"] };
  return exponentiated(revive(inner), unit);
};
