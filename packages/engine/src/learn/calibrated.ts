/* A model whose single output passes through a calibration. */
import { UnsupportedError } from "../base/errors.ts";
import { categoricalMarginal } from "../prob/categorical.ts";
import type { Marginal } from "../prob/types.ts";
import { type NumberCalibration, applyCalibration } from "./calibrate.ts";
import { type CategoryCalibration, calibrateProbabilities } from "./classCalibration.ts";
import type { Model, ModelRecord, Reviver } from "./types.ts";

export type Calibration = NumberCalibration | CategoryCalibration;

/** The inner model's prediction, calibrated. */
export function calibrated(inner: Model, calibration: Calibration): Model {
  if (inner.outputs.length !== 1 || inner.outputs[0].kind !== calibration.kind)
    throw new UnsupportedError(`calibration does not fit: ${inner.outputs.length} outputs — calibrate one ${calibration.kind} output at a time`);
  const { id, inputs, outputs } = inner;
  return {
    id,
    inputs,
    outputs,
    predict: async (x, ctx) => {
      const { rows, marginals } = await inner.predict(x, ctx);
      return { rows, marginals: [through(marginals[0], calibration)] };
    },
    toRecord: (): ModelRecord => ({ type: "calibrated", id, inputs, outputs, state: { inner: inner.toRecord(), calibration } }),
  };
}

function through(marginal: Marginal, calibration: Calibration): Marginal {
  if (marginal.kind === "number" && calibration.kind === "number") return applyCalibration(marginal, calibration);
  if (marginal.kind !== "category" || calibration.kind !== "category") throw new UnsupportedError(`calibration does not fit: ${marginal.kind} — it was made for ${calibration.kind}`);
  const { rows, cols, data } = marginal.probability;
  return categoricalMarginal({ name: marginal.name, levels: marginal.levels, probability: { rows, cols, data: calibrateProbabilities(data, cols, calibration) } });
}

/** Reads `calibrated` back. */
export const reviveCalibrated: Reviver = (record, revive) => {
  const { inner, calibration } = record.state as { readonly inner: ModelRecord; readonly calibration: Calibration };
  return calibrated(revive(inner), calibration);
};
