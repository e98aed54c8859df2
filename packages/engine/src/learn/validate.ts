/*
 * What out-of-fold predictions say about a model, as plain JSON for reports: scores by fold and overall, and the
 * points that plots are made of. Every band, probability and likelihood is computed with a calibration that was
 * fitted to the other folds, so that the coverage reported is one that the calibration did not see.
 */
import { fold, key, stream } from "../base/key.ts";
import { calibrationError, coverage, crpsOf, crpsStudent, intervalWidth, meanAbsoluteError, miscalibrationArea, negativeLogLikelihood, normalisedCalibrationError, rSquared, rootMeanSquaredError } from "../prob/scoring.ts";
import { brierScore, classScores, confusionMatrix, likeliest, logLoss } from "../prob/classes.ts";
import { averagePrecision, expectedCalibrationError, reliability, rocAuc } from "../prob/ranking.ts";
import { type Retention, retention } from "../prob/retention.ts";
import type { NumericMarginal } from "../prob/types.ts";
import type { Matrix } from "../numeric/types.ts";
import { LEVEL, type NumberCalibration, applyCalibration, calibrateNumber, calibratedLaw, calibratedScale, nestedCalibrations } from "./calibrate.ts";
import { type CategoryCalibration, calibrateCategory, nestedProbabilities } from "./classCalibration.ts";
import { type CategoryOutOfFold, type NumberOutOfFold, type OutOfFold, takePredictions } from "./outOfFold.ts";

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
  /** Mean continuous ranked probability score in the property's unit; on a logarithmic scale that of the decimal logarithm, as the value itself has none. */
  readonly crps: Score;
  /** The same of the decimal logarithm, for properties on a logarithmic scale, whose other scores are of the value itself. */
  readonly decades?: { readonly r2: Score; readonly mae: Score; readonly rmse: Score };
}

/** How far the mean loss falls when only the surest rows are kept; `loss` and `oracle` at each share, areas over all shares. */
export interface RetentionScores {
  readonly share: readonly number[];
  readonly loss: readonly number[];
  readonly oracle: readonly number[];
  readonly area: number;
  readonly oracleArea: number;
  readonly randomArea: number;
}

export interface NumberValidation extends NumberScores {
  readonly kind: "number";
  readonly name: string;
  readonly unit: string;
  readonly learner: string;
  /** Root mean square distance of the PIT values' distribution from uniform. */
  readonly calibrationError: Score;
  /** Mean distance of the coverage of central bands from their promise, over levels of 1 % … 99 %. */
  readonly miscalibrationArea: Score;
  /** Expected normalised calibration error. */
  readonly ence: Score;
  /** Coverage and mean width of central bands of several levels. */
  readonly bands: readonly { readonly level: number; readonly coverage: Score; readonly width: Score }[];
  /** Absolute error (of the decimal logarithm, on a logarithmic scale) of the rows of least predicted sd. */
  readonly retention: RetentionScores;
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
  /** Share of the commonest class: the accuracy of whoever always calls it. */
  readonly commonest: Score;
  readonly logLoss: Score;
  /** Mean Σ_k (p_k − 1[k found])², 0 … 2. */
  readonly brier: Score;
  /** Expected calibration error of the likeliest class: mean |probability − share that is right| over ten bins. */
  readonly ece: Score;
  /** levels × levels: row found, column predicted. */
  readonly confusion: readonly (readonly number[])[];
  /** Each class against the rest: area under the ROC curve and average precision of its probability, and how often it came true. */
  readonly classes: readonly { readonly level: string; readonly precision: Score; readonly recall: Score; readonly support: number; readonly auc: Score; readonly averagePrecision: Score; readonly reliability: readonly ReliabilityPoint[] }[];
  /** Share of errors among the rows whose likeliest class has the highest probability. */
  readonly retention: RetentionScores;
  /** How often the likeliest class was right, by its probability. */
  readonly reliability: readonly ReliabilityPoint[];
  readonly folds: readonly { readonly fold: number; readonly rows: number; readonly accuracy: Score; readonly commonest: Score; readonly logLoss: Score }[];
  readonly calibration: { readonly method: string; readonly slope: number };
  readonly points: { readonly row: readonly number[]; readonly fold: readonly number[]; readonly measured: readonly string[]; readonly probability: readonly (readonly number[])[] };
}

/** Rows of one bin of probabilities (ten of equal width; empty ones are left out): their mean probability, and the share found. */
export interface ReliabilityPoint {
  readonly rows: number;
  readonly predicted: number;
  readonly found: number;
}

export type PropertyValidation = NumberValidation | CategoryValidation;

const score = (v: number): Score => (Number.isFinite(v) ? v : null);
const list = (values: ArrayLike<number>): readonly number[] => Array.from(values);

/** Levels of the central bands whose coverage is reported. */
const LEVELS = [0.5, 0.8, LEVEL, 0.95];

/** Scores of some rows, each under its own calibration. */
export function numberScores(oof: NumberOutOfFold, calibrations: readonly NumberCalibration[], rows: readonly number[]): NumberScores {
  const part = takePredictions(oof, rows);
  const own = rows.map((i) => calibrations[i]);
  const marginal = calibratedLaw(part, own);
  const y = inUnit(part);
  return {
    rows: rows.length,
    r2: score(rSquared(y, marginal.mean)),
    mae: score(meanAbsoluteError(y, marginal.mean)),
    rmse: score(rootMeanSquaredError(y, marginal.mean)),
    coverage: score(coverage(y, marginal, LEVEL)),
    width: score(intervalWidth(marginal, LEVEL)),
    nll: score(negativeLogLikelihood(y, marginal)),
    crps: score(crpsOfRows(part, own) / (oof.scale === "log" ? Math.LN10 : 1)),
    ...(oof.scale === "log" ? { decades: decadesOf(part) } : {}),
  };
}

/** Mean score of the calibrated laws, on the scale that was learnt. */
function crpsOfRows(part: NumberOutOfFold, calibrations: readonly NumberCalibration[]): number {
  if (part.hurdle) return average(crpsOf(part.y, applyCalibration(part, calibrations)));
  const scale = part.sd.map((sd, i) => calibratedScale(sd, calibrations[i]));
  return average(crpsStudent(part.y, part.mean, scale, Float64Array.from(calibrations, ({ df }) => df)));
}

const average = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;

const listed = ({ share, loss, oracle, ...areas }: Retention): RetentionScores => ({ share: list(share), loss: list(loss), oracle: list(oracle), ...areas });

/** Absolute errors on the scale that was learnt, decades for logarithms, surest rows first. */
function retentionOf({ y, scale }: NumberOutOfFold, law: NumericMarginal): RetentionScores {
  const unit = scale === "log" ? Math.LN10 : 1;
  return listed(retention(y.map((v, i) => Math.abs(v - law.mean[i]) / unit), law.sd));
}

/** P(Y ≤ measured); of a heap a drawn part of its probability (Czado, Gneiting & Held 2009, doi 10.1111/j.1541-0420.2009.01191.x), by what was predicted, so that the order of rows changes nothing. */
function placesOf({ y, hurdle }: NumberOutOfFold, law: NumericMarginal): Float64Array {
  const pit = law.cdf(y);
  return hurdle ? pit.map((u, i) => (y[i] === hurdle.at ? u * stream(fold(key(0), String(u))).uniform() : u)) : pit;
}

const bandsOf = (y: Float64Array, marginal: NumericMarginal): NumberValidation["bands"] =>
  LEVELS.map((level) => ({ level, coverage: score(coverage(y, marginal, level)), width: score(intervalWidth(marginal, level)) }));

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
  const pit = placesOf(oof, law);
  return {
    kind: "number",
    name: oof.name,
    unit: oof.unit.symbol,
    learner,
    ...numberScores(oof, nested, list(oof.fold.keys().toArray())),
    calibrationError: score(calibrationError(pit)),
    miscalibrationArea: score(miscalibrationArea(pit)),
    ence: score(normalisedCalibrationError(oof.y, law.mean, law.sd)),
    bands: bandsOf(inUnit(oof), marginal),
    retention: retentionOf(oof, law),
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

const TENTHS = Array.from({ length: 11 }, (_, b) => b / 10);

const binned = (found: Float64Array, probability: Float64Array): readonly ReliabilityPoint[] => reliability(found, probability, TENTHS).filter(({ rows }) => rows > 0);

/** How well the probability of one class tells its rows from the others, and how often it comes true. */
function againstTheRest(codes: Int32Array, probability: Float64Array, cols: number, k: number): Pick<CategoryValidation["classes"][number], "auc" | "averagePrecision" | "reliability"> {
  const found = Float64Array.from(codes, (code) => Number(code === k));
  const p = Float64Array.from(codes, (_, i) => probability[i * cols + k]);
  return { auc: score(rocAuc(found, p)), averagePrecision: score(averagePrecision(found, p)), reliability: binned(found, p) };
}

/** Scores of some rows under calibrated probabilities (rows × levels, of all rows). */
export function categoryScores(oof: CategoryOutOfFold, probability: Float64Array, rows: readonly number[]) {
  const cols = oof.levels.length;
  const codes = Int32Array.from(rows, (i) => oof.codes[i]);
  const p: Matrix = { rows: rows.length, cols, data: Float64Array.from(rows.flatMap((i) => list(probability.subarray(i * cols, (i + 1) * cols)))) };
  const called = likeliest(p);
  const commonest = Math.max(...oof.levels.map((_, k) => codes.filter((code) => code === k).length)) / rows.length;
  return { codes, called, p, accuracy: score(codes.filter((c, i) => c === called[i]).length / rows.length), commonest: score(commonest), logLoss: score(logLoss(codes, p)) };
}

function validateCategory(oof: CategoryOutOfFold, learner: string): CategoryValidation {
  const cols = oof.levels.length;
  const calibration: CategoryCalibration = calibrateCategory(oof);
  const data = nestedProbabilities(oof, calibration.method);
  const scores = (rows: readonly number[]) => categoryScores(oof, data, rows);
  const all = scores(list(oof.fold.keys().toArray()));
  const confusion = confusionMatrix(all.codes, all.called, cols);
  const likely = Float64Array.from(all.called, (c, i) => data[i * cols + c]);
  const right = Float64Array.from(all.called, (c, i) => Number(c === all.codes[i]));
  return {
    kind: "category",
    name: oof.name,
    learner,
    rows: oof.codes.length,
    levels: oof.levels,
    accuracy: all.accuracy,
    commonest: all.commonest,
    logLoss: all.logLoss,
    brier: score(brierScore(all.codes, all.p)),
    ece: score(expectedCalibrationError(right, likely)),
    confusion: oof.levels.map((_, i) => list(confusion.data.subarray(i * cols, (i + 1) * cols))),
    classes: classScores(confusion).map(({ precision, recall, support }, k) => ({ level: oof.levels[k], precision: score(precision), recall: score(recall), support, ...againstTheRest(all.codes, data, cols, k) })),
    retention: listed(retention(right.map((r) => 1 - r), likely.map((p) => 1 - p))),
    reliability: binned(right, likely),
    folds: foldsOf(oof).map(({ fold, rows }) => {
      const { accuracy, commonest, logLoss: loss } = scores(rows);
      return { fold, rows: rows.length, accuracy, commonest, logLoss: loss };
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
