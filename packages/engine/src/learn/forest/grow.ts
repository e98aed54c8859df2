/* Growing the trees of one property, and what each training row looks like to the trees that have not seen it. */
import { treeGrower } from "@tatara/kernels";
import type { GrownTree } from "@tatara/kernels";
import { type Context, pause } from "../../base/context.ts";
import { type Key, fold } from "../../base/key.ts";
import type { Table } from "../../data/types.ts";
import { type Bagging, bagOf } from "./bags.ts";
import { type Binning, binColumns, binCounts, learnBins } from "./bins.ts";
import { type Trees, flatten, leafNumbers } from "./trees.ts";

/** How trees are grown; the options of a learner with every default filled in. */
export interface GrowSettings {
  readonly trees: number;
  readonly featureShare: number;
  readonly minLeaf: number;
  readonly maxDepth: number;
  readonly randomCuts: boolean;
  readonly criterion: "gini" | "entropy";
  readonly bagging: Bagging;
}

/** Rows in canonical order with a known target. */
export interface Training {
  readonly x: Table;
  /** Standardised values, or codes. */
  readonly target: Float64Array | Int32Array;
  /** 0 for numbers. */
  readonly classes: number;
  /** Mean one. */
  readonly weights: Float64Array;
  /** Two words a row: what its draws are keyed by. */
  readonly words: Uint32Array;
}

export interface Grown {
  readonly binning: Binning;
  readonly trees: Trees;
  /** Leaf of each training row in each tree. */
  readonly leafOf: readonly Int32Array[];
  /** How often each row stood in each tree's bag. */
  readonly bags: readonly Uint8Array[];
  /** Gain of each input, summing to one (or all zero). */
  readonly importance: Float64Array;
}

export async function growTrees(training: Training, settings: GrowSettings, key: Key, ctx: Context): Promise<Grown> {
  const { x, target, classes, weights, words } = training;
  const binning = learnBins(x);
  const table = { rows: x.rows, features: binning.features.length, bins: binColumns(binning, x), binCount: binCounts(binning), missing: binning.missing };
  const grower = treeGrower(table, { ...settings, target, classes });
  const grown: GrownTree[] = [];
  const bags: Uint8Array[] = [];
  for (let t = 0; t < settings.trees; t++) {
    await pause(ctx);
    const counts = bagOf(words, t, settings.bagging);
    const { hi, lo } = fold(key, t);
    grown.push(grower.grow(counts.map((c, i) => c * weights[i]), hi, lo));
    bags.push(Uint8Array.from(counts));
    ctx.report({ stage: "grow trees", done: t + 1, total: settings.trees });
  }
  const trees = flatten(grown, Math.max(1, classes), (t, node, out, leaf) => writeLeaf(grown[t].sums, node, classes, out, leaf));
  return { binning, trees, leafOf: leafNumbers(trees, grown.map(({ leafOf }) => leafOf)), bags, importance: shares(grower.gains(), binning.features, x.cols) };
}

function writeLeaf(sums: Float64Array, node: number, classes: number, out: Float64Array, leaf: number): void {
  if (classes === 0) {
    out[leaf] = sums[2 * node + 1] / sums[2 * node];
    return;
  }
  let total = 0;
  for (let k = 0; k < classes; k++) total += sums[node * classes + k];
  for (let k = 0; k < classes; k++) out[leaf * classes + k] = sums[node * classes + k] / total;
}

/** Gain of each input as a part of all. */
export function shares(gains: Float64Array, features: Int32Array, cols: number): Float64Array {
  const total = gains.reduce((a, b) => a + b, 0);
  const out = new Float64Array(cols);
  features.forEach((j, f) => (out[j] = total > 0 ? gains[f] / total : 0));
  return out;
}

/** Mean, variance and number over the trees whose bag lacks the row; values are the leaves'. */
export interface OutOfBag {
  /** rows × width; NaN where every tree has seen the row. */
  readonly mean: Float64Array;
  /** Standard deviation of the first value over trees; 0 with a single tree. */
  readonly disagreement: Float64Array;
  readonly seen: Int32Array;
}

export function outOfBag({ trees: { leafValues, width }, leafOf, bags }: Grown, rows: number): OutOfBag {
  const mean = new Float64Array(rows * width);
  const squares = new Float64Array(rows);
  const seen = new Int32Array(rows);
  leafOf.forEach((leaf, t) => {
    const bag = bags[t];
    for (let i = 0; i < rows; i++) {
      if (bag[i] > 0) continue;
      seen[i]++;
      const at = leaf[i] * width;
      for (let k = 0; k < width; k++) mean[i * width + k] += leafValues[at + k];
      squares[i] += leafValues[at] ** 2;
    }
  });
  const disagreement = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < width; k++) mean[i * width + k] /= seen[i];
    disagreement[i] = standardDeviation(squares[i], mean[i * width], seen[i]);
  }
  return { mean, disagreement, seen };
}

/** From Σ v² and the mean of `count` values. */
export const standardDeviation = (squares: number, mean: number, count: number): number => (count > 1 ? Math.sqrt(Math.max(0, (squares - count * mean * mean) / (count - 1))) : 0);

/** Mean absolute out-of-bag error of the rows in each leaf's bag; rows that every tree has seen do not count. */
export function leafErrors({ trees, leafOf, bags }: Grown, errors: Float64Array, weights: Float64Array): Float32Array {
  const leaves = trees.leafValues.length / trees.width;
  const sums = new Float64Array(leaves);
  const totals = new Float64Array(leaves);
  leafOf.forEach((leaf, t) => {
    const bag = bags[t];
    for (let i = 0; i < errors.length; i++) {
      if (bag[i] === 0 || Number.isNaN(errors[i])) continue;
      sums[leaf[i]] += bag[i] * weights[i] * Math.abs(errors[i]);
      totals[leaf[i]] += bag[i] * weights[i];
    }
  });
  return Float32Array.from(sums, (s, leaf) => (totals[leaf] > 0 ? s / totals[leaf] : Number.NaN));
}

/** The errors around each row, as the trees that have not seen it find them; NaN where there are none. */
export function errorsAround({ leafOf, bags }: Grown, leafError: Float32Array, rows: number): Float64Array {
  const sums = new Float64Array(rows);
  const counts = new Int32Array(rows);
  leafOf.forEach((leaf, t) => {
    for (let i = 0; i < rows; i++) {
      if (bags[t][i] > 0 || Number.isNaN(leafError[leaf[i]])) continue;
      sums[i] += leafError[leaf[i]];
      counts[i]++;
    }
  });
  return sums.map((s, i) => s / counts[i]);
}
