/*
 * Calibration of class probabilities: p_k ∝ exp(log p_k / T + b_k). Temperature scaling fits T alone, vector
 * scaling also the shifts b (Guo, Pleiss, Sun & Weinberger 2017, section 4.2). Which one, or none, is chosen by
 * log loss on out-of-fold probabilities, each fold scored with the calibration of the others: the richer one only
 * where it is better by more than a standard error, because with few rows of a class the shifts are noise.
 */
import { lbfgs } from "../numeric/lbfgs.ts";
import { clearlyLess } from "./clearlyLess.ts";
import type { CategoryOutOfFold } from "./outOfFold.ts";

export interface CategoryCalibration {
  readonly kind: "category";
  readonly method: "none" | "temperature" | "vector";
  /** 1 / T. */
  readonly slope: number;
  /** One shift for each level; zero except for `vector`. */
  readonly shift: Float64Array;
}

/** A forest may give a class probability zero; one vote in a few hundred trees is what that means at most. */
const LEAST = 1e-3;
/** Weight of the weak prior N(0, 1) on log slope and shifts: keeps separable classes finite. */
const PRIOR = 1;

/** Mix with the uniform distribution, so that no class is impossible. */
const softened = (p: number, levels: number): number => (1 - LEAST) * p + LEAST / levels;

/** Calibrated probabilities, rows × levels. */
export function calibrateProbabilities(probability: Float64Array, levels: number, { slope, shift }: Pick<CategoryCalibration, "slope" | "shift">): Float64Array {
  const out = new Float64Array(probability.length);
  for (let i = 0; i < probability.length; i += levels) {
    let top = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < levels; k++) {
      out[i + k] = Math.log(softened(probability[i + k], levels)) * slope + shift[k];
      if (out[i + k] > top) top = out[i + k];
    }
    let total = 0;
    for (let k = 0; k < levels; k++) total += out[i + k] = Math.exp(out[i + k] - top);
    for (let k = 0; k < levels; k++) out[i + k] /= total;
  }
  return out;
}

/** −log p of the class found, of every row. */
function losses({ levels, codes }: CategoryOutOfFold, p: Float64Array): Float64Array {
  return Float64Array.from(codes, (code, i) => -Math.log(p[i * levels.length + code]));
}

/** Fit slope (and shifts) by penalised maximum likelihood on some rows. */
function fitScaling(oof: CategoryOutOfFold, rows: readonly number[], method: CategoryCalibration["method"]): CategoryCalibration {
  const levels = oof.levels.length;
  const none = { kind: "category" as const, method, slope: 1, shift: new Float64Array(levels) };
  if (method === "none" || rows.length === 0) return none;
  const shifts = method === "vector" ? levels : 0;
  const cost = (theta: Float64Array) => {
    const slope = Math.exp(theta[0]);
    const shift = shifts > 0 ? theta.subarray(1) : none.shift;
    const gradient = theta.map((v) => PRIOR * v);
    let value = theta.reduce((s, v) => s + 0.5 * PRIOR * v * v, 0);
    const p = calibrateProbabilities(oof.probability, levels, { slope, shift });
    for (const i of rows) {
      value -= Math.log(p[i * levels + oof.codes[i]]);
      for (let k = 0; k < levels; k++) {
        const residual = p[i * levels + k] - (oof.codes[i] === k ? 1 : 0);
        gradient[0] += residual * slope * Math.log(softened(oof.probability[i * levels + k], levels));
        if (shifts > 0) gradient[1 + k] += residual;
      }
    }
    return { value, gradient };
  };
  const { x } = lbfgs(cost, new Float64Array(1 + shifts), { iterations: 100, tolerance: 1e-8 });
  return { ...none, slope: Math.exp(x[0]), shift: shifts > 0 ? x.slice(1) : none.shift };
}

/** Probabilities of each row calibrated on the other folds. */
export function nestedProbabilities(oof: CategoryOutOfFold, method: CategoryCalibration["method"]): Float64Array {
  const levels = oof.levels.length;
  const out = new Float64Array(oof.probability.length);
  for (const fold of new Set(oof.fold)) {
    const others = Array.from(oof.fold.keys()).filter((i) => oof.fold[i] !== fold);
    const p = calibrateProbabilities(oof.probability, levels, fitScaling(oof, others, method));
    oof.fold.forEach((f, i) => {
      if (f === fold) out.set(p.subarray(i * levels, (i + 1) * levels), i * levels);
    });
  }
  return out;
}

/** Choose and fit. */
export function calibrateCategory(oof: CategoryOutOfFold): CategoryCalibration {
  const all = Array.from(oof.fold.keys());
  let best: { readonly method: CategoryCalibration["method"]; readonly losses: Float64Array } | undefined;
  for (const method of ["none", "temperature", "vector"] as const) {
    const found = losses(oof, nestedProbabilities(oof, method));
    if (best === undefined || clearlyLess(found, best.losses)) best = { method, losses: found };
  }
  return fitScaling(oof, all, best!.method);
}
