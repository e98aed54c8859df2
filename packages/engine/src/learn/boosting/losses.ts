/*
 * What boosting lowers: losses of a target and raw scores, with their first and second derivatives by the scores.
 * Where the second derivative is zero almost everywhere (absolute, Huber, quantile) one stands in for it, which bounds
 * it, and the leaf's own optimum is found from its residuals (Friedman 2001, doi 10.1214/aos/1013203451, sections 4.3
 * and 4.4). Weights are multiplied in.
 */
import { InputError } from "../../base/errors.ts";
import { goldenSection } from "../../numeric/minimise1d.ts";

/** The measured values or class codes of all rows, and their weights. */
export interface Known {
  readonly target: Float64Array | Int32Array;
  readonly weights: Float64Array;
}

/** What a leaf's optimum is found from: target minus score, and weight, of each of its rows. */
export interface LeafRows {
  readonly residuals: Float64Array;
  readonly weights: Float64Array;
}

export interface Loss {
  readonly name: string;
  /** Raw scores of a row. */
  readonly width: number;
  /** Whether the Hessian is the weight alone. */
  readonly plainHessian: boolean;
  /** The scores, the same for all rows, of least loss on some rows. */
  start(known: Known, rows: Int32Array): Float64Array;
  /** Loss of one row, without its weight; scores are rows × width. */
  value(target: number, scores: Float64Array, row: number): number;
  /** Gradient and Hessian by the k-th score of every row. */
  slopes(known: Known, scores: Float64Array, k: number, gradient: Float64Array, hessian: Float64Array): void;
  /** The step of a leaf of least loss; that of Newton, −G / (H + l2), when there is none. */
  leaf?(rows: LeafRows): number;
}

/** Smallest value that at least the share p of the weight lies at or below; half-way to the next where it is exactly p. */
export function weightedQuantile(values: Float64Array, weights: Float64Array, p: number): number {
  const order = Int32Array.from(values.keys()).sort((i, j) => values[i] - values[j] || i - j);
  const total = order.reduce((sum, i) => sum + weights[i], 0);
  let below = 0;
  for (let k = 0; k < order.length; k++) {
    below += weights[order[k]];
    if (below > p * total || k === order.length - 1) return values[order[k]];
    if (below === p * total) return values[order[k]] / 2 + values[order[k + 1]] / 2;
  }
  return Number.NaN;
}

const take = (from: ArrayLike<number>, rows: Int32Array): Float64Array => Float64Array.from(rows, (i) => from[i]);

function mean({ target, weights }: Known, rows: Int32Array): number {
  let total = 0;
  let sum = 0;
  for (const i of rows) {
    total += weights[i];
    sum += weights[i] * target[i];
  }
  return sum / total;
}

/** ½ (y − f)². */
export const squared: Loss = {
  name: "squared",
  width: 1,
  plainHessian: true,
  start: (known, rows) => Float64Array.of(mean(known, rows)),
  value: (y, scores, i) => 0.5 * (y - scores[i]) ** 2,
  slopes({ target, weights }, scores, _, gradient, hessian) {
    for (let i = 0; i < gradient.length; i++) {
      gradient[i] = weights[i] * (scores[i] - target[i]);
      hessian[i] = weights[i];
    }
  },
};

/** (p − 1[y < f]) (y − f): least at the p-quantile (Koenker & Bassett 1978, doi 10.2307/1913643). Throws InputError unless 0 < p < 1. */
export function quantile(p: number): Loss {
  if (!(p > 0 && p < 1)) throw new InputError(`bad quantile: ${p} — in (0, 1)`, { path: "learn.options.quantile", value: p });
  return {
    name: `quantile ${p}`,
    width: 1,
    plainHessian: true,
    start: ({ target, weights }, rows) => Float64Array.of(weightedQuantile(take(target, rows), take(weights, rows), p)),
    value: (y, scores, i) => (y < scores[i] ? (1 - p) * (scores[i] - y) : p * (y - scores[i])),
    slopes({ target, weights }, scores, _, gradient, hessian) {
      for (let i = 0; i < gradient.length; i++) {
        gradient[i] = weights[i] * (target[i] < scores[i] ? 1 - p : target[i] > scores[i] ? -p : 0);
        hessian[i] = weights[i];
      }
    },
    leaf: ({ residuals, weights }) => weightedQuantile(residuals, weights, p),
  };
}

/** Half of |y − f|. */
export const absolute: Loss = { ...quantile(0.5), name: "absolute" };

/** ½ r² up to |r| = delta, a line of the same slope beyond (Huber 1964, doi 10.1214/aoms/1177703732). Throws InputError unless delta is positive. */
export function huber(delta: number): Loss {
  if (!(delta > 0)) throw new InputError(`bad delta of the Huber loss: ${delta} — a positive number`, { path: "learn.options.delta", value: delta });
  const clipped = (r: number) => Math.max(-delta, Math.min(delta, r));
  /** Friedman (2001), section 4.4: one step from the median. */
  const step = (residuals: Float64Array, weights: Float64Array): number => {
    const middle = weightedQuantile(residuals, weights, 0.5);
    let total = 0;
    let sum = 0;
    residuals.forEach((r, i) => {
      total += weights[i];
      sum += weights[i] * clipped(r - middle);
    });
    return middle + sum / total;
  };
  return {
    name: `huber ${delta}`,
    width: 1,
    plainHessian: true,
    start: ({ target, weights }, rows) => Float64Array.of(step(take(target, rows), take(weights, rows))),
    value(y, scores, i) {
      const size = Math.abs(y - scores[i]);
      return size <= delta ? 0.5 * size * size : delta * (size - 0.5 * delta);
    },
    slopes({ target, weights }, scores, _, gradient, hessian) {
      for (let i = 0; i < gradient.length; i++) {
        gradient[i] = -weights[i] * clipped(target[i] - scores[i]);
        hessian[i] = weights[i];
      }
    },
    leaf: ({ residuals, weights }) => step(residuals, weights),
  };
}

/** Degrees of freedom with which spreads are boosted: errors far out count, but do not lead. */
const FREEDOM = 5;
/** Errors of zero say that a spread is small, not that it is nothing; in standard deviations of the target. */
const LEAST = 1e-6;

/**
 * Negative log likelihood, but for a constant, of errors y under a Student-t law of scale e^s: it boosts the spread of
 * errors. 1 stands in for the Hessian, the expected one being 2 df / (df + 3).
 */
export const spreading: Loss = {
  name: "spreading",
  width: 1,
  plainHessian: true,
  start({ target, weights }, rows) {
    const own = take(weights, rows);
    const sizes = take(target, rows).map((y) => Math.max(LEAST, Math.abs(y)));
    const cost = (s: number) => sizes.reduce((sum, y, i) => sum + own[i] * studentCost(y, s), 0);
    const sorted = sizes.toSorted();
    return Float64Array.of(goldenSection(cost, Math.log(sorted[0]), Math.log(sorted.at(-1)!) + 1, { tolerance: 1e-4 }).x);
  },
  value: (y, scores, i) => studentCost(y, scores[i]),
  slopes({ target, weights }, scores, _, gradient, hessian) {
    for (let i = 0; i < gradient.length; i++) {
      const z2 = (target[i] * Math.exp(-scores[i])) ** 2;
      gradient[i] = weights[i] * (1 - ((FREEDOM + 1) * z2) / (FREEDOM + z2));
      hessian[i] = weights[i];
    }
  },
};

const studentCost = (y: number, s: number): number => s + ((FREEDOM + 1) / 2) * Math.log1p((y * Math.exp(-s)) ** 2 / FREEDOM);

/** Rows of each class that are counted beside those seen: a class that has not been seen is not impossible. */
const SEEN = 0.5;

/** Weight of each class among some rows, the pseudo-rows added. */
function classWeights({ target, weights }: Known, rows: Int32Array, classes: number): Float64Array {
  const totals = new Float64Array(classes).fill(SEEN);
  for (const i of rows) totals[target[i]] += weights[i];
  return totals;
}

/** log(1 + e^x), for any x. */
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** Two classes: −log p of the class found, where p of the second is 1 / (1 + e^−f). */
export const logistic: Loss = {
  name: "logistic",
  width: 1,
  plainHessian: false,
  start(known, rows) {
    const [without, within] = classWeights(known, rows, 2);
    return Float64Array.of(Math.log(within / without));
  },
  value: (y, scores, i) => softplus(y === 1 ? -scores[i] : scores[i]),
  slopes({ target, weights }, scores, _, gradient, hessian) {
    for (let i = 0; i < gradient.length; i++) {
      const p = 1 / (1 + Math.exp(-scores[i]));
      gradient[i] = weights[i] * (p - target[i]);
      hessian[i] = weights[i] * p * (1 - p);
    }
  },
};

/** Class probabilities of one row of scores, into `out`. */
export function softmax(scores: Float64Array, row: number, width: number, out: Float64Array): void {
  let top = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < width; k++) top = Math.max(top, scores[row * width + k]);
  let total = 0;
  for (let k = 0; k < width; k++) total += out[k] = Math.exp(scores[row * width + k] - top);
  for (let k = 0; k < width; k++) out[k] /= total;
}

/** −log p of the class found, where p is the softmax of one score for each class; one tree a class and round. */
export function multinomial(classes: number): Loss {
  const p = new Float64Array(classes);
  return {
    name: "multinomial",
    width: classes,
    plainHessian: false,
    start: (known, rows) => {
      const totals = classWeights(known, rows, classes);
      const all = totals.reduce((a, b) => a + b, 0);
      return totals.map((t) => Math.log(t / all));
    },
    value(y, scores, i) {
      softmax(scores, i, classes, p);
      return -Math.log(Math.max(p[y], Number.MIN_VALUE));
    },
    slopes({ target, weights }, scores, k, gradient, hessian) {
      for (let i = 0; i < gradient.length; i++) {
        softmax(scores, i, classes, p);
        gradient[i] = weights[i] * (p[k] - (target[i] === k ? 1 : 0));
        hessian[i] = weights[i] * p[k] * (1 - p[k]);
      }
    },
  };
}
