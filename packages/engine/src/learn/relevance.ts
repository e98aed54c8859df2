/*
 * Features chosen by relevance and redundancy (mRMR, Peng, Long & Ding 2005, doi 10.1109/TPAMI.2005.159; the quotient
 * form of Ding & Peng 2005): one after another, each the one whose relevance to the target is largest in proportion to
 * its mean redundancy with those chosen before.
 *
 * Relevance is the mutual information of feature and target, both cut into bins of about equally many rows, less its
 * bias (Miller 1955), as the correlation that two normal variables of this information have (Joe 1989). Redundancy is the
 * size of the rank correlation (Spearman). Both lie in [0, 1] and do not change when a feature is measured on another scale.
 */
import type { CategoryColumn, NumberColumn, Table } from "../data/types.ts";

/** Rows that suffice to judge features by. */
const MOST_ROWS = 5000;
/** Bins of a feature and of a target, at most; and rows that a pair of bins should hold. */
const MOST_BINS = 16;
const ROWS_A_CELL = 5;
/** Redundancy below this is none: a quotient of two numbers near zero means nothing. */
const LEAST_REDUNDANCY = 0.1;

/** Ranks from 0 to 1, equal values their mean rank, missing ones the middle. */
function ranks(values: Float64Array): Float64Array {
  const order = Int32Array.from(values.keys()).filter((i) => Number.isFinite(values[i])).sort((a, b) => values[a] - values[b]);
  const out = new Float64Array(values.length).fill(0.5);
  for (let i = 0; i < order.length; ) {
    let j = i;
    while (j < order.length && values[order[j]] === values[order[i]]) j++;
    for (let k = i; k < j; k++) out[order[k]] = (i + j - 1) / 2 / Math.max(1, order.length - 1);
    i = j;
  }
  return out;
}

/** Bins of about equally many rows from ranks; the missing have one of their own. */
function binned(values: Float64Array, rank: Float64Array, bins: number): Int32Array {
  return Int32Array.from(values, (v, i) => (Number.isFinite(v) ? Math.min(bins - 1, Math.floor(rank[i] * bins)) : bins));
}

/** The same for values without an order. */
function coded(values: Float64Array): Int32Array {
  const codes = new Map<number, number>();
  return Int32Array.from(values, (v) => {
    if (!codes.has(v)) codes.set(v, codes.size);
    return codes.get(v)!;
  });
}

const plogp = (counts: Iterable<number>, n: number): { readonly sum: number; readonly cells: number } => {
  let [sum, cells] = [0, 0];
  for (const c of counts) {
    if (c === 0) continue;
    sum += (c / n) * Math.log(c / n);
    cells++;
  }
  return { sum, cells };
};

/** Mutual information of two lists of codes, in nats, less the bias that so many cells have by chance. */
export function mutualInformation(a: Int32Array, b: Int32Array): number {
  const n = a.length;
  const [most, other] = [Math.max(...a) + 1, Math.max(...b) + 1];
  const joint = new Float64Array(most * other);
  const [left, right] = [new Float64Array(most), new Float64Array(other)];
  for (let i = 0; i < n; i++) {
    joint[a[i] * other + b[i]]++;
    left[a[i]]++;
    right[b[i]]++;
  }
  const [j, l, r] = [plogp(joint, n), plogp(left, n), plogp(right, n)];
  return j.sum - l.sum - r.sum - ((l.cells - 1) * (r.cells - 1)) / (2 * n);
}

/** The correlation of two normal variables of this information. */
const asCorrelation = (information: number): number => Math.sqrt(Math.max(0, 1 - Math.exp(-2 * information)));

/** Standardised, for correlations as inner products; zero where nothing varies. */
function centred(rank: Float64Array): Float64Array {
  const mean = rank.reduce((a, b) => a + b, 0) / rank.length;
  const size = Math.sqrt(rank.reduce((sum, r) => sum + (r - mean) ** 2, 0));
  return rank.map((r) => (size > 0 ? (r - mean) / size : 0));
}

/** Categories have no ranks of their own: they take those of the target's mean in each. */
function targetMeans(codes: Int32Array, target: Float64Array): Float64Array {
  const [sums, counts] = [new Float64Array(Math.max(...codes) + 1), new Float64Array(Math.max(...codes) + 1)];
  codes.forEach((c, i) => {
    sums[c] += target[i];
    counts[c]++;
  });
  return Float64Array.from(codes, (c) => sums[c] / counts[c]);
}

export interface Relevance {
  /** Position of each chosen feature in the table, the best first. */
  readonly chosen: Int32Array;
  /** Relevance of every feature of the table, in [0, 1]. */
  readonly relevance: Float64Array;
}

/** At most `count` features; fewer where fewer have to do with the target. Every row has a known target. */
export function relevantFeatures(x: Table, target: NumberColumn | CategoryColumn, count: number): Relevance {
  const step = Math.max(1, x.rows / MOST_ROWS);
  const rows = Int32Array.from({ length: Math.floor(x.rows / step) }, (_, i) => Math.floor(i * step));
  const bins = Math.max(2, Math.min(MOST_BINS, Math.floor(Math.sqrt(rows.length / ROWS_A_CELL))));
  const wanted = target.kind === "number" ? Float64Array.from(rows, (i) => target.values[i]) : Float64Array.from(rows, (i) => target.codes[i]);
  const wantedRank = ranks(wanted);
  const wantedCodes = target.kind === "number" ? binned(wanted, wantedRank, bins) : coded(wanted);
  const relevance = new Float64Array(x.cols);
  const shape: Float64Array[] = [];
  for (let j = 0; j < x.cols; j++) {
    const values = Float64Array.from(rows, (i) => x.data[i * x.cols + j]);
    const named = x.features[j].kind === "category";
    const rank = ranks(named ? targetMeans(coded(values), wantedRank) : values);
    relevance[j] = asCorrelation(mutualInformation(named ? coded(values) : binned(values, rank, bins), wantedCodes));
    shape.push(centred(rank));
  }
  return { chosen: pick(relevance, shape, count), relevance };
}

/** Greedily: the largest relevance in proportion to the mean redundancy with those chosen. */
function pick(relevance: Float64Array, shape: readonly Float64Array[], count: number): Int32Array {
  const chosen: number[] = [];
  const redundancy = new Float64Array(relevance.length);
  const open = new Set(Array.from(relevance.keys()).filter((j) => relevance[j] > 0));
  while (chosen.length < count && open.size > 0) {
    let [best, top] = [-1, Number.NEGATIVE_INFINITY];
    for (const j of open) {
      const score = chosen.length === 0 ? relevance[j] : relevance[j] / Math.max(LEAST_REDUNDANCY, redundancy[j] / chosen.length);
      if (score > top) [best, top] = [j, score];
    }
    open.delete(best);
    chosen.push(best);
    for (const j of open) redundancy[j] += Math.abs(inner(shape[j], shape[best]));
  }
  return Int32Array.from(chosen);
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
