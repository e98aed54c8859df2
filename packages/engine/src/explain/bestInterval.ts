/*
 * The interval of one feature that is worth most, exactly: a walk in ascending order over positive points (gain) and
 * negatives (loss), keeping the run of greatest sum (Kadane's algorithm; Bentley, Commun. ACM 27, 865 (1984)).
 * Equal values stay together. Of equal runs the longest is kept, so that an end which pays for nothing is left open.
 */
import type { Points } from "./intervalData.ts";

/** A run of values, and the values next to it that are outside; infinite where nothing is outside. */
export interface Run {
  gain: number;
  /** Least and greatest value inside. */
  first: number;
  last: number;
  /** Greatest value below and least value above. */
  below: number;
  above: number;
}

export interface Walk {
  /** Negatives, ascending. */
  readonly order: Int32Array;
  /** Loss of each row. */
  readonly loss: Float64Array;
  /** Values of the feature by row. */
  readonly column: Float64Array;
  /** Gain of each positive's point, by place. */
  readonly gains: Float64Array;
}

/** Writes the best run into `out`; gain −∞ when there are no points. */
export function bestRun({ order, loss, column, gains }: Walk, points: Points, feature: number, out: Run): void {
  const values = points.values[feature];
  const owner = points.owner[feature];
  const [count, n] = [order.length, values.length];
  out.gain = Number.NEGATIVE_INFINITY;
  let [i, k] = [0, 0];
  let [sum, first, below] = [0, Number.NaN, Number.NEGATIVE_INFINITY];
  let previous = Number.NEGATIVE_INFINITY;
  let closing = false;
  while (i < count || k < n) {
    const a = i < count ? column[order[i]] : Number.POSITIVE_INFINITY;
    const b = k < n ? values[k] : Number.POSITIVE_INFINITY;
    const v = a < b ? a : b;
    // A block of equal values.
    let change = 0;
    while (i < count && column[order[i]] === v) change -= loss[order[i++]];
    while (k < n && values[k] === v) change += gains[owner[k++]];
    if (closing) {
      out.above = v;
      closing = false;
    }
    if (sum < 0 || previous === Number.NEGATIVE_INFINITY) {
      sum = 0;
      first = v;
      below = previous;
    }
    sum += change;
    if (sum >= out.gain) {
      out.gain = sum;
      out.first = first;
      out.last = v;
      out.below = below;
      out.above = Number.POSITIVE_INFINITY;
      closing = true;
    }
    previous = v;
  }
}
