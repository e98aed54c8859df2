/* What the predictions of one contestant are worth, over the test rows of all official folds. */
import { fold, key, stream } from "@tatara/engine/base";
import { applyCalibration, calibrateCategory, calibrateNumber, calibrateProbabilities } from "@tatara/engine/learn";
import { brierScore, expectedCalibrationError, logLoss, meanAbsoluteError, miscalibrationArea, normalisedCalibrationError, retention, rocAuc } from "@tatara/engine/prob";
import { one } from "@tatara/engine/base";
import type { ClassFit, NumberFit } from "./fold.ts";
import { losses, quantileOf, type Scale } from "./scales.ts";

const LEVEL = 0.9;

/** What is said of the test rows of one fold. */
export interface NumberRows {
  readonly error: Float64Array;
  readonly loss: Float64Array;
  /** Twice the mean quantile score at 5 % … 95 %: the CRPS without its outermost twentieths, where a heavy tail of a logarithm has none. */
  readonly quantiles: Float64Array;
  readonly inside: Float64Array;
  readonly width: Float64Array;
  readonly pit: Float64Array;
  /** Deviation and standard deviation on the scale that was learnt. */
  readonly deviation: Float64Array;
  readonly sd: Float64Array;
}

/** Calibrated by the out-of-fold errors of the training rows; the point is the median, which is what an absolute error asks for. */
export function numberRows(fit: NumberFit, scale: Scale, y: Float64Array): NumberRows {
  const law = applyCalibration({ name: "y", unit: one, ...fit.test }, calibrateNumber(fit.inner));
  const [low, high, middle] = [(1 - LEVEL) / 2, (1 + LEVEL) / 2, 0.5].map((p) => quantileOf(scale, law, p)) as [Float64Array, Float64Array, Float64Array];
  const learnt = y.map(scale.forward);
  const cdf = law.cdf(learnt);
  const draw = stream(fold(key(1), "pit"));
  return {
    error: y.map((v, i) => Math.abs(v - middle[i]!)),
    loss: losses(scale, law, y),
    quantiles: quantileScores(y, (p) => quantileOf(scale, law, p)),
    inside: y.map((v, i) => Number(low[i]! <= v && v <= high[i]!)),
    width: high.map((h, i) => h - low[i]!),
    // Where a value has a share of its own, its place in it is drawn (Czado, Gneiting & Held 2009, doi 10.1111/j.1541-0420.2009.01191.x).
    pit: cdf.map((u, i) => (law.hurdle ? y[i] === law.hurdle.at : scale.name === "sqrt" && y[i] === 0) ? u * draw.uniform() : u),
    deviation: learnt.map((v, i) => v - law.mean[i]!),
    sd: law.sd,
  };
}

const QUANTILES = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);

function quantileScores(y: Float64Array, quantile: (p: number) => Float64Array): Float64Array {
  const sum = new Float64Array(y.length);
  for (const p of QUANTILES) quantile(p).forEach((q, i) => (sum[i]! += (2 * (y[i]! < q ? 1 - p : p) * Math.abs(y[i]! - q)) / QUANTILES.length));
  return sum;
}

export interface ClassRows {
  readonly probability: Float64Array;
  readonly error: Float64Array;
  readonly loss: Float64Array;
  readonly y: Float64Array;
}

export function classRows(fit: ClassFit, y: Float64Array): ClassRows {
  const p = calibrateProbabilities(fit.test.probability, 2, calibrateCategory(fit.inner));
  const probability = Float64Array.from(y, (_, i) => p[2 * i + 1]!);
  return { probability, y, error: y.map((v, i) => Number(probability[i]! > 0.5 !== v > 0.5)), loss: y.map((v, i) => -Math.log(v > 0.5 ? probability[i]! : 1 - probability[i]!)) };
}

const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
export const joined = <R extends Readonly<Record<keyof R, Float64Array>>>(parts: readonly R[]): R => Object.fromEntries(Object.keys(parts[0]!).map((k) => [k, Float64Array.from(parts.flatMap((part) => Array.from(part[k as keyof R])))])) as R;

/** Scores by name: the first is that of the board, a mean over folds. */
export function numberScores(parts: readonly NumberRows[]): Readonly<Record<string, number>> {
  const all = joined(parts);
  return {
    MAE: mean(parts.map((p) => mean(p.error))),
    NLL: mean(all.loss),
    "quantile score": mean(all.quantiles),
    "in 90 % band": mean(all.inside),
    width: mean(all.width),
    ENCE: normalisedCalibrationError(all.deviation, new Float64Array(all.sd.length), all.sd),
    "miscal. area": miscalibrationArea(all.pit),
    "AURC / MAE": retention(all.error, all.sd).area / meanAbsoluteError(all.error, new Float64Array(all.error.length)),
  };
}

export function classScores(parts: readonly ClassRows[]): Readonly<Record<string, number>> {
  const all = joined(parts);
  const p = { rows: all.y.length, cols: 2, data: Float64Array.from(Array.from(all.probability).flatMap((v) => [1 - v, v])) };
  const codes = Int32Array.from(all.y);
  return {
    "AUC (probability)": mean(parts.map((part) => rocAuc(part.y, part.probability))),
    "AUC (hard labels)": mean(parts.map((part) => rocAuc(part.y, part.probability.map((v) => Number(v > 0.5))))),
    accuracy: 1 - mean(all.error),
    "log loss": logLoss(codes, p),
    Brier: brierScore(codes, p),
    ECE: expectedCalibrationError(all.y, all.probability),
    "AURC / error": retention(all.error, all.probability.map((v) => 0.5 - Math.abs(v - 0.5))).area / mean(all.error),
  };
}
