/*
 * How far a new measurement may lie from a forest's mean, per row. Two clues are at hand: the trees' disagreement,
 * which grows away from the training rows, and the out-of-bag errors of the training rows that share the row's
 * leaves (the weights of quantile regression forests, Meinshausen, JMLR 7 (2006) 983), which see noise and bias.
 * Neither is a variance as it stands. Their powers are combined, scale = e^c₀ · error^c₁ · disagreement^c₂, and
 * a Student-t tail is added, all by maximum likelihood on the training rows' out-of-bag errors: for these, both
 * clues come from trees that have not seen the row.
 */
import { lbfgs } from "../../numeric/lbfgs.ts";
import { logStudentDensity } from "../../numeric/student.ts";

/** Per row: the mean over trees, their standard deviation, and the mean absolute out-of-bag error around the row. */
export interface Clues {
  readonly mean: Float64Array;
  readonly disagreement: Float64Array;
  readonly error: Float64Array;
}

export interface Spread {
  /** (c₀, c₁, c₂). */
  readonly powers: Float64Array;
  /** Degrees of freedom of the tail. */
  readonly df: number;
}

/** Least clue, in standard deviations of the target: trees may agree exactly where the target has a common value. */
const LEAST = 1e-3;
/** Where the powers start and are drawn to: the geometric mean of both clues. */
const PRIOR = [0, 0.5, 0.5];
/** Prior standard deviations of the powers. */
const PRIOR_SD = [1, 0.25, 0.25];
const DEGREES = [3, 4, 5, 7, 10, 15, 30];
/** Few errors say nothing of tails: each candidate is charged rows' worth of difference from this one. */
const USUAL_DF = 5;
/** Rows whose errors suffice to fit three numbers. */
const MOST_ROWS = 5000;

/** Scale of one row, in standardised units. */
export const scaleAt = ({ powers }: Spread, error: number, disagreement: number): number =>
  Math.exp(powers[0] + powers[1] * Math.log(Math.max(error, LEAST)) + powers[2] * Math.log(Math.max(disagreement, LEAST)));

/** Fit to out-of-bag clues and errors (weighted), in standardised units. */
export function fitSpread(clues: Clues, errors: Float64Array, weights: Float64Array): Spread {
  const step = Math.max(1, Math.ceil(errors.length / MOST_ROWS));
  const rows = Array.from(errors.keys()).filter((i) => i % step === 0);
  let best: { readonly value: number; readonly spread: Spread } | undefined;
  for (const df of DEGREES) {
    const { x, value } = lbfgs((powers) => cost(clues, errors, weights, rows, powers, df), best ? best.spread.powers.slice() : Float64Array.from(PRIOR), { iterations: 40, tolerance: 1e-6 });
    const charged = value + Math.abs(Math.log(df / USUAL_DF));
    if (!best || charged < best.value) best = { value: charged, spread: { powers: x, df } };
  }
  return best!.spread;
}

/** Negative log likelihood and log prior of the powers, with gradient. */
function cost(clues: Clues, errors: Float64Array, weights: Float64Array, rows: readonly number[], powers: Float64Array, df: number): { readonly value: number; readonly gradient: Float64Array } {
  const gradient = powers.map((p, k) => (p - PRIOR[k]) / PRIOR_SD[k] ** 2);
  let value = powers.reduce((sum, p, k) => sum + 0.5 * ((p - PRIOR[k]) / PRIOR_SD[k]) ** 2, 0);
  const constant = logStudentDensity(0, df);
  for (const i of rows) {
    const a = Math.log(Math.max(clues.error[i], LEAST));
    const b = Math.log(Math.max(clues.disagreement[i], LEAST));
    const logScale = powers[0] + powers[1] * a + powers[2] * b;
    const z2 = (errors[i] * Math.exp(-logScale)) ** 2;
    value += weights[i] * (logScale + 0.5 * (df + 1) * Math.log1p(z2 / df) - constant);
    // d/d log scale of −log density: 1 − (df + 1) z² / (df + z²).
    const slope = weights[i] * (1 - ((df + 1) * z2) / (df + z2));
    gradient[0] += slope;
    gradient[1] += slope * a;
    gradient[2] += slope * b;
  }
  return { value, gradient };
}
