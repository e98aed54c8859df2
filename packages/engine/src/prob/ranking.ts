/*
 * How well a score tells one class from the rest: average precision, area under the ROC curve, and the expected
 * calibration error of a probability. Ties of the score are one threshold, so the order of rows never matters.
 * Weights count rows several times (0 leaves a row out): with them, a bootstrap sorts once.
 */
import { InputError } from "../base/errors.ts";

/** 1 where a row is of the class, else 0. */
type Positive = ArrayLike<number>;

function checkScores(positive: Positive, score: Float64Array): void {
  if (positive.length !== score.length || score.length === 0) throw new InputError(`nothing to score: ${score.length} scores of ${positive.length} rows — there is one for each, and at least one`);
  const bad = score.findIndex(Number.isNaN);
  if (bad >= 0) throw new InputError(`score of row ${bad} is NaN — rows are ranked by numbers`, { value: Number.NaN });
}

/** Hits and others of each threshold, highest first. */
type Visit = (hits: number, others: number) => void;

/** Sorts once; then leads a visitor from the highest score to the lowest, one call for each distinct score. */
function thresholds(positive: Positive, score: Float64Array): (weights: ArrayLike<number> | undefined, visit: Visit) => void {
  checkScores(positive, score);
  const order = Int32Array.from(score.keys()).sort((a, b) => score[b]! - score[a]! || a - b);
  return (weights, visit) => {
    for (let k = 0; k < order.length; ) {
      const level = score[order[k]!]!;
      let [hits, others] = [0, 0];
      for (; k < order.length && score[order[k]!] === level; k++) {
        const i = order[k]!;
        const w = weights ? weights[i]! : 1;
        if (positive[i]) hits += w;
        else others += w;
      }
      visit(hits, others);
    }
  };
}

/** The average precision as a function of row weights; the rows are sorted here, once. */
export function averagePrecisionBy(positive: Positive, score: Float64Array): (weights?: ArrayLike<number>) => number {
  const walk = thresholds(positive, score);
  return (weights) => {
    let [hits, called, sum] = [0, 0, 0];
    walk(weights, (h, o) => {
      hits += h;
      called += h + o;
      if (h > 0) sum += (h * hits) / called;
    });
    return sum / hits;
  };
}

/**
 * Average precision: Σ over thresholds of (rise in recall) · precision, without interpolation, in 0 .. 1; the share
 * of the class is what chance reaches. NaN when no row is of the class.
 */
export const averagePrecision = (positive: Positive, score: Float64Array, weights?: ArrayLike<number>): number => averagePrecisionBy(positive, score)(weights);

/** The area under the ROC curve as a function of row weights; the rows are sorted here, once. */
export function rocAucBy(positive: Positive, score: Float64Array): (weights?: ArrayLike<number>) => number {
  const walk = thresholds(positive, score);
  return (weights) => {
    let [hits, others, sum] = [0, 0, 0];
    walk(weights, (h, o) => {
      sum += o * (hits + h / 2);
      hits += h;
      others += o;
    });
    return sum / (hits * others);
  };
}

/** P(a row of the class scores above one of the rest), ties half: 0.5 is chance. NaN when either is empty. */
export const rocAuc = (positive: Positive, score: Float64Array, weights?: ArrayLike<number>): number => rocAucBy(positive, score)(weights);

/** One bin of a reliability diagram. */
export interface ReliabilityBin {
  /** Rows, or their weight. */
  readonly rows: number;
  /** Mean probability, and share of the class; NaN in an empty bin. */
  readonly predicted: number;
  readonly found: number;
}

/** Rows binned by their probability of the class, in bins between the edges given; the last edge belongs to its bin. */
export function reliability(positive: Positive, probability: Float64Array, edges: readonly number[], weights?: ArrayLike<number>): readonly ReliabilityBin[] {
  checkScores(positive, probability);
  const [rows, sums, hits] = [0, 1, 2].map(() => new Float64Array(edges.length - 1));
  probability.forEach((p, i) => {
    const at = Math.min(edges.length - 2, Math.max(0, edges.findLastIndex((edge) => edge <= p)));
    const w = weights ? weights[i]! : 1;
    rows[at]! += w;
    sums[at]! += w * p;
    if (positive[i]) hits[at]! += w;
  });
  return Array.from(rows, (count, b) => ({ rows: count, predicted: sums[b]! / count, found: hits[b]! / count }));
}

/**
 * Expected calibration error of one class: mean over rows of |mean probability − share found| of their bin, bins of
 * equal width (Naeini, Cooper & Hauskrecht 2015). With a rare class most rows lie in the lowest bin: read it beside
 * the reliability of the others.
 */
export function expectedCalibrationError(positive: Positive, probability: Float64Array, bins = 10, weights?: ArrayLike<number>): number {
  const parts = reliability(positive, probability, Array.from({ length: bins + 1 }, (_, b) => b / bins), weights).filter(({ rows }) => rows > 0);
  return parts.reduce((sum, { rows, predicted, found }) => sum + rows * Math.abs(predicted - found), 0) / parts.reduce((sum, { rows }) => sum + rows, 0);
}
