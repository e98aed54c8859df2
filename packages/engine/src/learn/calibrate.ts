/*
 * Calibration of a numeric prediction by one factor on its standard deviation and, where the data ask for it,
 * by heavier tails. Scores |y − μ| / sd of out-of-fold predictions are exchangeable with those of new rows of the
 * same kind, so their (1 − α)(1 + 1/n) quantile bounds a new score with probability 1 − α (Vovk, Gammerman &
 * Shafer 2005; for the folds Vovk 2015, doi 10.1007/s10472-013-9368-4, and Barber, Candès, Ramdas & Tibshirani
 * 2021, doi 10.1214/20-AOS1965). The factor makes the parametric band of level 1 − α equal to that bound, so band
 * and probability come from one distribution, and its tails stay finite.
 *
 * The promise is for rows exchangeable with the training rows; under a cluster split, for rows of new clusters.
 * Nothing is promised for designed candidates, which are selected for their predictions.
 */
import { logStudentDensity, studentQuantile } from "../numeric/student.ts";
import { exponentialMarginal } from "../prob/exponential.ts";
import { normalMarginal, studentMarginal } from "../prob/marginal.ts";
import { HURDLE_SCALES, hurdleMarginal } from "../prob/hurdle.ts";
import type { HurdleLaw, NumericMarginal } from "../prob/types.ts";
import { clearlyLess } from "./clearlyLess.ts";
import { type CategoryCalibration, calibrateCategory, calibrateProbabilities } from "./classCalibration.ts";
import { type NumberOutOfFold, takePredictions } from "./outOfFold.ts";

/** The level of the bands that the factor is fitted to. */
export const LEVEL = 0.9;

/** Y = mean + factor · sd · T, T standard normal (df = ∞) or Student-t. */
export interface NumberCalibration {
  readonly kind: "number";
  readonly factor: number;
  readonly df: number;
  /**
   * Largest standard deviation before the factor, on a logarithmic scale: that of the data. A row of which the model knows
   * less than nothing would else reach any target, by factors of a hundred either way.
   */
  readonly widest?: number;
  /** For laws with a heap, whose `factor` and `df` are of what lies above it: how the probability of the heap is calibrated. */
  readonly hurdle?: Pick<CategoryCalibration, "slope" | "shift">;
}

/** How far logarithms of measured values spread: who knows nothing of a row knows this. */
export const spreadOfLogs = ({ y, scale }: Pick<NumberOutOfFold, "y" | "scale">): number => {
  if (scale !== "log") return Number.POSITIVE_INFINITY;
  const centre = average(y);
  return Math.sqrt(average(y.map((v) => (v - centre) ** 2)));
};

/** Tails that are tried, from the normal to heavy ones; a variance exists in all. */
const FREEDOMS = [Number.POSITIVE_INFINITY, 12, 6, 4, 3];

/** Smallest value with at least (1 − α)(n + 1) of n scores at or below it; the largest when n is too small for that. */
export function conformalQuantile(scores: Float64Array, level = LEVEL): number {
  const sorted = scores.slice().sort();
  return sorted[Math.min(sorted.length, Math.ceil(level * (sorted.length + 1))) - 1];
}

/** Fit factor and tails to out-of-fold predictions, or to those not in fold `except`. */
export const calibrateNumber = (oof: NumberOutOfFold, except = -1): NumberCalibration => (oof.hurdle ? calibrateHurdle(oof, oof.hurdle, except) : calibrateBell(oof, except));

/** The probability of the heap by all rows, the law above it by the rows that are there. */
function calibrateHurdle(oof: NumberOutOfFold, { at, scale, atom, mean, sd }: HurdleLaw, except: number): NumberCalibration {
  const others = Array.from(oof.rows.keys()).filter((i) => oof.fold[i] !== except);
  const beyond = Array.from(oof.rows.keys()).filter((i) => oof.y[i] > at);
  const part = takePredictions({ ...oof, mean, sd }, beyond);
  const { hurdle: _, scale: __, ...above } = { ...part, y: part.y.map((v) => HURDLE_SCALES[scale].forward(v - at)) };
  const heap = calibrateCategory({ kind: "category", name: oof.name, levels: ["above", "heap"], rows: Int32Array.from(others, (i) => oof.rows[i]), fold: Int32Array.from(others, (i) => oof.fold[i]), codes: Int32Array.from(others, (i) => Number(oof.y[i] === at)), probability: Float64Array.from(others.flatMap((i) => [1 - atom[i], atom[i]])) });
  return { ...calibrateBell(above, except), hurdle: { slope: heap.slope, shift: heap.shift } };
}

function calibrateBell(oof: NumberOutOfFold, except: number): NumberCalibration {
  const { y, mean, sd, fold } = oof;
  const widest = spreadOfLogs(oof);
  const limit = Number.isFinite(widest) && widest > 0 ? { widest } : {};
  const scores = y.map((v, i) => Math.abs(v - mean[i]) / (limit.widest === undefined ? sd[i] : Math.min(sd[i], widest))).filter((s, i) => fold[i] !== except && Number.isFinite(s));
  if (scores.length === 0) return { kind: "number", factor: 1, df: Number.POSITIVE_INFINITY, ...limit };
  const bound = Math.max(conformalQuantile(scores), Number.EPSILON);
  const factors = FREEDOMS.map((df) => bound / studentQuantile((1 + LEVEL) / 2, df));
  const losses = FREEDOMS.map((df, f) => scores.map((s) => Math.log(factors[f]) - logStudentDensity(s / factors[f], df)));
  const best = losses.reduce((b, loss, f) => (average(loss) < average(losses[b]) ? f : b), 0);
  const df = best > 0 && clearlyLess(losses[best], losses[0]) ? best : 0;
  return { kind: "number", factor: factors[df], df: FREEDOMS[df], ...limit };
}

const average = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;

/** The scale of a row's calibrated law: what its standard deviation would be, were it normal. */
export const calibratedScale = (sd: number, { factor, widest = Number.POSITIVE_INFINITY }: NumberCalibration): number => Math.min(sd, widest) * factor;

/** The calibrated distribution of predictions given by mean and sd, or by the parts of a law with a heap; one calibration, or one for each row. */
export function applyCalibration({ name, unit, mean, sd, hurdle }: Pick<NumericMarginal, "name" | "unit" | "mean" | "sd" | "hurdle">, calibration: NumberCalibration | readonly NumberCalibration[]): NumericMarginal {
  const at = (i: number): NumberCalibration => (Array.isArray(calibration) ? calibration[i] : (calibration as NumberCalibration));
  if (hurdle && Array.from(mean.keys()).every((i) => at(i).hurdle)) return heaped({ name, unit }, hurdle, at);
  const scale = sd.map((s, i) => calibratedScale(s, at(i)));
  if (mean.every((_, i) => at(i).df === Number.POSITIVE_INFINITY)) return normalMarginal({ name, unit, mean, sd: scale });
  return studentMarginal({ name, unit, location: mean, scale, df: mean.map((_, i) => at(i).df) });
}

const heaped = (named: Pick<NumericMarginal, "name" | "unit">, { at, scale, atom, mean, sd }: HurdleLaw, of: (i: number) => NumberCalibration): NumericMarginal =>
  hurdleMarginal(named, {
    at,
    scale,
    // A probability of nought says that there is no heap: no calibration makes one.
    atom: atom.map((p, i) => (p === 0 ? 0 : calibrateProbabilities(Float64Array.of(1 - p, p), 2, of(i).hurdle!)[1])),
    mean,
    sd: sd.map((s, i) => calibratedScale(s, of(i))),
    df: Float64Array.from(atom, (_, i) => of(i).df),
  });

/** The same in the property's own unit, where `prediction` is of its logarithm. */
export function calibratedLaw(prediction: Pick<NumberOutOfFold, "name" | "unit" | "mean" | "sd" | "scale" | "hurdle">, calibration: NumberCalibration | readonly NumberCalibration[]): NumericMarginal {
  const law = applyCalibration(prediction, calibration);
  return prediction.scale === "log" ? exponentialMarginal(prediction, law) : law;
}

/** For each row, the calibration fitted to the other folds: what an honest coverage is computed with. */
export function nestedCalibrations(oof: NumberOutOfFold): readonly NumberCalibration[] {
  const byFold = new Map<number, NumberCalibration>();
  return Array.from(oof.fold, (f) => {
    if (!byFold.has(f)) byFold.set(f, calibrateNumber(oof, f));
    return byFold.get(f)!;
  });
}
