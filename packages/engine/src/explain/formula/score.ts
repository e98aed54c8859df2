/*
 * What one descriptor alone says of the target. For two classes: the best single threshold, found by sorting; for
 * numbers: the square of the correlation. Rows where the descriptor is undefined count as "no" (classes).
 */
import { InputError } from "../../base/errors.ts";
import { lowEnd } from "../roundEnd.ts";
import type { Labels } from "../types.ts";

export type FormulaTarget =
  | { readonly kind: "class"; readonly labels: Labels }
  | { readonly kind: "number"; readonly values: Float64Array };

/** Yes where value ≤ threshold (`below`) or value ≥ threshold. */
export interface Cut {
  readonly threshold: number;
  readonly below: boolean;
}

/** A scorer of descriptors over the same rows. */
export interface Scorer {
  /** Accuracy of the best threshold, or R² of a straight line; −∞ when the descriptor is no use. */
  readonly score: (values: Float64Array) => number;
  /** Settles ties between scores: how well it ranks (area under the ROC curve from ½ up), or the same R². */
  readonly tie: () => number;
}

/** Share of rows on which a descriptor may be undefined. */
export const MOST_UNDEFINED = 0.02;

export const scorerOf = (target: FormulaTarget, rows: Int32Array): Scorer => (target.kind === "class" ? thresholdScorer(target.labels, rows) : lineScorer(target.values, rows));

/**
 * The lowest bit of each value carries its label, so that a plain numeric sort of one array keeps them together
 * (several times faster than sorting rows by a comparator; values differ in their last bit at most).
 */
function thresholdScorer(labels: Labels, rows: Int32Array): Scorer {
  const n = rows.length;
  const label = Uint8Array.from(rows, (i) => labels[i]);
  const negatives = n - label.reduce((a, b) => a + b, 0);
  const packed = new Float64Array(n);
  const words = new Uint32Array(packed.buffer);
  let area = 0;
  return {
    tie: () => area,
    score(values) {
      let defined = 0;
      for (let i = 0; i < n; i++) {
        const v = values[i];
        if (!(v - v === 0)) continue; // NaN and infinities
        packed[defined] = v;
        words[2 * defined] = (words[2 * defined] & ~1) | label[i];
        defined++;
      }
      if (defined < n * (1 - MOST_UNDEFINED)) return Number.NEGATIVE_INFINITY;
      const sorted = packed.subarray(0, defined).sort();
      let above = 0;
      for (let k = 0; k < defined; k++) above += words[2 * k] & 1;
      let [hits, misses, best, pairs] = [0, 0, 0, 0];
      // Yes up to k: hits right, and every negative that is not among the misses.
      for (let k = 0; k < defined; ) {
        const v = sorted[k];
        let [h, m] = [0, 0];
        do {
          if (words[2 * k] & 1) h++;
          else m++;
          k++;
        } while (k < defined && sorted[k] - v <= TIE * Math.abs(v) + TINY);
        pairs += m * (hits + h / 2);
        hits += h;
        misses += m;
        if (k === defined) break;
        best = Math.max(best, hits + negatives - misses, above - hits + negatives - (defined - above - misses));
      }
      area = Math.abs(pairs / (above * (defined - above)) - 0.5) + 0.5;
      return best / n;
    },
  };
}

/** Values this near are one value: the last bit carries the label. */
const TIE = 1e-14;
/** Zero with a label in its last bit. */
const TINY = 1e-300;

function lineScorer(target: Float64Array, rows: Int32Array): Scorer {
  const n = rows.length;
  const y = Float64Array.from(rows, (i) => target[i]);
  const mean = y.reduce((a, b) => a + b, 0) / n;
  const centred = y.map((v) => v - mean);
  const yy = centred.reduce((sum, v) => sum + v * v, 0);
  let last = 0;
  return {
    tie: () => last,
    score(values) {
      let [sum, sxx, sxy] = [0, 0, 0];
      for (let i = 0; i < n; i++) sum += values[i];
      if (!(sum - sum === 0)) return Number.NEGATIVE_INFINITY;
      const centre = sum / n;
      for (let i = 0; i < n; i++) {
        const d = values[i] - centre;
        sxx += d * d;
        sxy += d * centred[i];
      }
      if (!(sxx > CONSTANT * centre * centre * n) || !Number.isFinite(sxx)) return Number.NEGATIVE_INFINITY;
      last = (sxy * sxy) / (sxx * yy);
      return last;
    },
  };
}

/** Relative variance below which a descriptor is constant but for rounding. */
const CONSTANT = 1e-20;

/** The best threshold of one descriptor, at the shortest decimal between the values beside it; of equals the first. */
export function bestCut(values: Float64Array, labels: Labels, rows: Int32Array): Cut {
  const defined = rows.filter((i) => Number.isFinite(values[i])).sort((a, b) => values[a] - values[b] || a - b);
  if (defined.length < 2) throw new InputError(`descriptor defined in ${defined.length} rows — a threshold needs at least 2`);
  const positives = defined.reduce((sum, i) => sum + labels[i], 0);
  let [hits, misses, best] = [0, 0, Number.NEGATIVE_INFINITY];
  let cut: Cut = { threshold: 0, below: true };
  for (let k = 0; k + 1 < defined.length; k++) {
    if (labels[defined[k]] === 1) hits++;
    else misses++;
    const [v, next] = [values[defined[k]], values[defined[k + 1]]];
    if (next - v <= TIE * Math.abs(v)) continue;
    for (const below of [true, false]) {
      const right = below ? hits - misses : positives - hits - (defined.length - positives - misses);
      if (right <= best) continue;
      best = right;
      cut = { threshold: below ? 0 - lowEnd(0 - next, 0 - v) : lowEnd(v, next), below };
    }
  }
  return cut;
}

/** 1 where the cut says yes; undefined values are no. */
export const said = (values: Float64Array, { threshold, below }: Cut): Uint8Array => Uint8Array.from(values, (v) => (Number.isFinite(v) && (below ? v <= threshold : v >= threshold) ? 1 : 0));
