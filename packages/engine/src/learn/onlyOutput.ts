/* One output of a model that predicts several: what a joint learner's model is to a property. */
import { InputError } from "../base/errors.ts";
import { predictive } from "../prob/predictive.ts";
import type { Model, ModelRecord, Reviver } from "./types.ts";

/** The model as it is when it has no other output. Throws InputError when it has none of that name. */
export function onlyOutput(inner: Model, name: string): Model {
  const at = inner.outputs.findIndex((output) => output.name === name);
  if (at < 0) throw new InputError(`no such output: "${name}" — the model predicts ${inner.outputs.map((output) => output.name).join(", ")}`, { path: name });
  if (inner.outputs.length === 1) return inner;
  const { id, inputs } = inner;
  const outputs = [inner.outputs[at]];
  return {
    id,
    inputs,
    outputs,
    predict: async (x, ctx) => predictive(x.rows, [(await inner.predict(x, ctx)).marginals[at]]),
    toRecord: (): ModelRecord => ({ type: "only-output", id, inputs, outputs, state: { inner: inner.toRecord(), name } }),
  };
}

/** Reads `only-output` back. */
export const reviveOnlyOutput: Reviver = (record, revive) => {
  const { inner, name } = record.state as { readonly inner: ModelRecord; readonly name: string };
  return onlyOutput(revive(inner), name);
};
