/*
 * What out-of-fold predictions say about a model, as plain JSON for reports: scores by fold and overall, and the
 * points that plots are made of. Every band, probability and likelihood is computed with a calibration that was
 * fitted to the other folds, so that the coverage reported is one that the calibration did not see.
 */
import { calibrationError, coverage, intervalWidth, meanAbsoluteError, negativeLogLikelihood, normalisedCalibrationError, rSquared, rootMeanSquaredError } from "../prob/scoring.ts";
import { classScores, confusionMatrix, likeliest, logLoss } from "../prob/classes.ts";
import { LEVEL, type NumberCalibration, applyCalibration, calibrateNumber, calibratedLaw, nestedCalibrations } from "./calibrate.ts";
import { type CategoryCalibration, calibrateCategory, nestedProbabilities } from "./classCalibration.ts";
import type { CategoryOutOfFold, NumberOutOfFold, OutOfFold } from "./outOfFold.ts";

/** A number, or null where it is not defined (R2 of a constant fold): JSON has no NaN. */
export type Score = number | null;

export interface NumberScores {
  readonly rows: number;
  readonly r2: Score;
  readonly mae: Score;
  readonly rmse: Score;
  /** Share of rows inside their 90 % band, and its mean width in the property's unit. */
  readonly coverage: Score;
  readonly width: Score;
  /** Mean negative log likelihood in nats, of the target in its own unit. */
  readonly nll: Score;
  /** The same of the decimal logarithm, for properties on a logarithmic scale, whose other scores are of the value itself. */
  readonly decades?: { readonly r2: Score; readonly mae: Score; readonly rmse: Score };
}

export interface NumberValidation extends NumberScores {
  readonly kind: "number";
  readonly name: string;
  readonly unit: string;
  readonly learner: string;
  /** Root mean square distance of the PIT values' distribution from uniform. */
  readonly calibrationError: Score;
  /** Expected normalised calibration error. */
  readonly ence: Score;
  readonly folds: readonly (NumberScores & { readonly fold: number })[];
  /** df is null for a normal distribution. */
  readonly calibration: { readonly level: number; readonly factor: number; readonly df: number | null };
  /** One entry per validated row; `row` indexes the training table. */
  readonly points: {
    readonly row: readonly number[];
    readonly fold: readonly number[];
    readonly measured: readonly number[];
    readonly mean: readonly number[];
    readonly sd: readonly number[];
    readonly lower: readonly number[];
    readonly upper: readonly number[];
    /** P(Y ≤ measured). */
    readonly pit: readonly number[];
  };
}

export interface CategoryValidation {
  readonly kind: "category";
  readonly name: string;
  readonly learner: string;
  readonly rows: number;
  readonly levels: readonly string[];
  readonly accuracy: Score;
  readonly logLoss: Score;
  /** levels × levels: row found, column predicted. */
  readonly confusion: readonly (readonly number[])[];
  readonly classes: readonly { readonly level: string; readonly precision: Score; readonly recall: Score; readonly support: number }[];
  readonly folds: readonly { readonly fold: number; readonly rows: number; readonly accuracy: Score; readonly logLoss: Score }[];
  readonly calibration: { readonly method: string; readonly slope: number };
  readonly points: { readonly row: readonly number[]; readonly fold: readonly number[]; readonly measured: readonly string[]; readonly probability: readonly (readonly number[])[] };
}

export type PropertyValidation = NumberValidation | CategoryValidation;

const score = (v: number): Score => (Number.isFinite(v) ? v : null);
const list = (values: ArrayLike<number>): readonly number[] => Array.from(values);

const only = (values: Float64Array, rows: readonly number[]): Float64Array => Float64Array.from(rows, (i) => values[i]);

/** Scores of some rows, each under its own calibration. */
function numberScores(oof: NumberOutOfFold, calibrations: readonly NumberCalibration[], rows: readonly number[]): NumberScores {
  const part = { ...oof, y: only(oof.y, rows), mean: only(oof.mean, rows), sd: only(oof.sd, rows) };
  const marginal = calibratedLaw(part, rows.map((i) => calibrations[i]));
  const y = inUnit(part);
  return {
    rows: rows.length,
    r2: score(rSquared(y, marginal.mean)),
    mae: score(meanAbsoluteError(y, marginal.mean)),
    rmse: score(rootMeanSquaredError(y, marginal.mean)),
    coverage: score(coverage(y, marginal, LEVEL)),
    width: score(intervalWidth(marginal, LEVEL)),
    nll: score(negativeLogLikelihood(y, marginal)),
    ...(oof.scale === "log" ? { decades: decadesOf(part) } : {}),
  };
}

/** Measured values in the property's own unit. */
const inUnit = ({ y, scale }: NumberOutOfFold): Float64Array => (scale === "log" ? y.map(Math.exp) : y);

/** Errors of decimal logarithms. */
const decadesOf = ({ y, mean }: NumberOutOfFold): NonNullable<NumberScores["decades"]> => ({
  r2: score(rSquared(y, mean)),
  mae: score(meanAbsoluteError(y, mean) / Math.LN10),
  rmse: score(rootMeanSquaredError(y, mean) / Math.LN10),
});

const foldsOf = (oof: OutOfFold): readonly { readonly fold: number; readonly rows: readonly number[] }[] => {
  const all = list(oof.fold.keys().toArray());
  return [...new Set(oof.fold)].map((fold) => ({ fold, rows: all.filter((i) => oof.fold[i] === fold) }));
};

function validateNumber(oof: NumberOutOfFold, learner: string): NumberValidation {
  const nested = nestedCalibrations(oof);
  const law = applyCalibration(oof, nested);
  const marginal = calibratedLaw(oof, nested);
  const { factor, df } = calibrateNumber(oof);
  const pit = law.cdf(oof.y);
  return {
    kind: "number",
    name: oof.name,
    unit: oof.unit.symbol,
    learner,
    ...numberScores(oof, nested, list(oof.fold.keys().toArray())),
    calibrationError: score(calibrationError(pit)),
    ence: score(normalisedCalibrationError(oof.y, oof.mean, law.sd)),
    folds: foldsOf(oof).map(({ fold, rows }) => Object.assign({ fold }, numberScores(oof, nested, rows))),
    calibration: { level: LEVEL, factor, df: Number.isFinite(df) ? df : null },
    points: {
      row: list(oof.rows),
      fold: list(oof.fold),
      measured: list(inUnit(oof)),
      mean: list(marginal.mean),
      sd: list(marginal.sd),
      lower: list(marginal.quantile((1 - LEVEL) / 2)),
      upper: list(marginal.quantile((1 + LEVEL) / 2)),
      pit: list(pit),
    },
  };
}

function validateCategory(oof: CategoryOutOfFold, learner: string): CategoryValidation {
  const cols = oof.levels.length;
  const calibration: CategoryCalibration = calibrateCategory(oof);
  const data = nestedProbabilities(oof, calibration.method);
  const scores = (rows: readonly number[]) => {
    const codes = Int32Array.from(rows, (i) => oof.codes[i]);
    const p = { rows: rows.length, cols, data: Float64Array.from(rows.flatMap((i) => list(data.subarray(i * cols, (i + 1) * cols)))) };
    const called = likeliest(p);
    return { codes, called, accuracy: score(codes.filter((c, i) => c === called[i]).length / rows.length), logLoss: score(logLoss(codes, p)) };
  };
  const all = scores(list(oof.fold.keys().toArray()));
  const confusion = confusionMatrix(all.codes, all.called, cols);
  return {
    kind: "category",
    name: oof.name,
    learner,
    rows: oof.codes.length,
    levels: oof.levels,
    accuracy: all.accuracy,
    logLoss: all.logLoss,
    confusion: oof.levels.map((_, i) => list(confusion.data.subarray(i * cols, (i + 1) * cols))),
    classes: classScores(confusion).map(({ precision, recall, support }, k) => ({ level: oof.levels[k], precision: score(precision), recall: score(recall), support })),
    folds: foldsOf(oof).map(({ fold, rows }) => {
      const { accuracy, logLoss: loss } = scores(rows);
      return { fold, rows: rows.length, accuracy, logLoss: loss };
    }),
    calibration: { method: calibration.method, slope: calibration.slope },
    points: { row: list(oof.rows), fold: list(oof.fold), measured: Array.from(oof.codes, (c) => oof.levels[c]), probability: Array.from(oof.codes, (_, i) => list(data.subarray(i * cols, (i + 1) * cols))) },
  };
}

export const validateProperty = (oof: OutOfFold, learner: string): PropertyValidation => (oof.kind === "number" ? validateNumber(oof, learner) : validateCategory(oof, learner));

/** Loss of each row by which learners are compared: −log density (numbers) or −log p (classes), each calibrated. */
export function rowLosses(oof: OutOfFold): Float64Array {
  if (oof.kind === "number") return applyCalibration(oof, nestedCalibrations(oof)).logDensity(oof.y).map((l) => -l);
  const p = nestedProbabilities(oof, calibrateCategory(oof).method);
  return Float64Array.from(oof.codes, (code, i) => -Math.log(p[i * oof.levels.length + code]));
}
