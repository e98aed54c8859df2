/*
 * Decision trees on binned features. A grower holds one binned table in an instance of its own, whose memory
 * goes when the grower goes; each tree is grown from one set of row weights.
 */
import { growTo, instantiate, layout } from "./wasm/host.ts";
import type { Memory } from "./wasm/host.ts";
import { trees } from "./wasm/trees.ts";

/** Features as small whole numbers that keep their order. */
export interface BinnedTable {
  readonly rows: number;
  readonly features: number;
  /** features × rows: one feature after another. */
  readonly bins: Uint8Array;
  /** Bins of each feature, at most 256. */
  readonly binCount: Int32Array;
  /** 1 where bin 0 of a feature stands for a missing value; it is then not ordered among the others. */
  readonly missing: Uint8Array;
}

export interface TreeOptions {
  /** Values of a regression (Float64Array) or class codes (Int32Array, 0 … classes − 1), one per row. */
  readonly target: Float64Array | Int32Array;
  /** Number of classes; 0 for regression. */
  readonly classes: number;
  /** Part of the features that vary in a node to search there, in (0, 1]. */
  readonly featureShare: number;
  /** Least number of different rows in a leaf. */
  readonly minLeaf: number;
  readonly maxDepth: number;
  /** One random cut per feature (extremely randomised trees) instead of the best one. */
  readonly randomCuts: boolean;
  /** What a cut lowers when there are classes. Default `gini`; `entropy` weighs rare classes more. */
  readonly criterion?: "gini" | "entropy";
}

/** A tree as parallel arrays; the right child of a node stands after the left one. */
export interface GrownTree {
  /** Feature that a node asks for, −1 in a leaf. */
  readonly feature: Int32Array;
  /** Bins up to this one go left. */
  readonly cut: Int32Array;
  /** 1 where missing values go left. */
  readonly missingLeft: Int32Array;
  /** Left child, −1 in a leaf. */
  readonly left: Int32Array;
  /** Per node: (Σ w, Σ w y), or Σ w of each class. */
  readonly sums: Float64Array;
  /** The leaf of every row, in the bag or not. */
  readonly leafOf: Int32Array;
}

export interface TreeGrower {
  /** Grow on the rows of positive weight. The two 32-bit words seed the draws of features and cuts. */
  grow(weights: Float64Array, seedHigh: number, seedLow: number): GrownTree;
  /** Total gain of each feature over the trees grown so far. */
  gains(): Float64Array;
}

/** The exports of assembly/trees.ts. */
interface Trees {
  readonly memory: Memory;
  heapStart(): number;
  setTable(...args: number[]): void;
  setTask(...args: number[]): void;
  setWork(...args: number[]): void;
  setTree(...args: number[]): void;
  grow(seedHigh: number, seedLow: number): number;
  histogramPairs(...args: number[]): void;
  histogramByClass(...args: number[]): void;
}

/** Features of many bins gain nothing from row storage: clearing their histograms costs more than it saves. */
const SPARSE_BINS = 32;
/** Least part of the rows in the commonest bin. */
const SPARSE_SHARE = 0.7;

interface Sparse {
  /** Features kept by columns alone. */
  readonly dense: Int32Array;
  /** Start of each feature in the sparse histogram, −1 when dense. */
  readonly base: Int32Array;
  readonly leftOut: Int32Array;
  readonly offsets: Int32Array;
  readonly entries: Int32Array;
  /** Bins of all sparse features together. */
  readonly bins: number;
}

/** The bin that holds most rows of a feature, and how many. */
export function commonest(table: BinnedTable, feature: number): { readonly bin: number; readonly count: number } {
  const tally = new Int32Array(256);
  const start = feature * table.rows;
  for (let i = 0; i < table.rows; i++) tally[table.bins[start + i]!]!++;
  const count = Math.max(...tally);
  return { bin: tally.indexOf(count), count };
}

/** Choose the features worth storing by rows, and store them so. */
function sparsify(table: BinnedTable): Sparse {
  const { rows, features, bins } = table;
  const dense: number[] = [];
  const base = new Int32Array(features).fill(-1);
  const leftOut = new Int32Array(features);
  const offsets = new Int32Array(rows + 1);
  let total = 0;
  for (let f = 0; f < features; f++) {
    const { bin, count } = table.binCount[f]! <= SPARSE_BINS && table.missing[f] === 0 ? commonest(table, f) : { bin: 0, count: 0 };
    if (count < SPARSE_SHARE * rows || rows === 0) {
      dense.push(f);
      continue;
    }
    base[f] = total;
    leftOut[f] = bin;
    total += table.binCount[f]!;
    for (let i = 0; i < rows; i++) if (bins[f * rows + i] !== bin) offsets[i + 1]!++;
  }
  for (let i = 0; i < rows; i++) offsets[i + 1]! += offsets[i]!;
  const entries = new Int32Array(offsets[rows]!);
  const next = offsets.slice();
  for (let f = 0; f < features; f++) {
    if (base[f]! < 0) continue;
    for (let i = 0; i < rows; i++) if (bins[f * rows + i] !== leftOut[f]) entries[next[i]!++] = (f << 8) | bins[f * rows + i]!;
  }
  return { dense: Int32Array.from(dense), base, leftOut, offsets, entries, bins: total };
}

/** A grower of trees on one table for one target. Throws RangeError when sizes disagree. */
export function treeGrower(table: BinnedTable, options: TreeOptions): TreeGrower {
  checkTable(table, options.target.length);
  const { rows, features } = table;
  const width = options.classes === 0 ? 2 : options.classes;
  const sparse = sparsify(table);
  const wasm = instantiate<Trees>(trees);
  const space = layout(wasm.heapStart() >>> 0);
  const i32 = (count: number) => space.take(4 * count);
  const f64 = (count: number) => space.take(8 * count);
  const nodes = 2 * Math.max(rows, 1);
  const at = {
    bins: space.take(table.bins.length), dense: i32(features), offsets: i32(rows + 1), entries: i32(sparse.entries.length), base: i32(features),
    binCount: i32(features), leftOut: i32(features), missing: space.take(features), target: f64(rows), weights: f64(rows),
    byRow: space.take(rows * sparse.dense.length), place: i32(features),
  };
  const work = [i32(rows), i32(rows), f64(2 * rows), f64(256 * width), i32(256), f64(sparse.bins * width), i32(sparse.bins), i32(features), i32(features), i32(256), f64(width), f64(width), space.take(24 * (rows + 2)), i32(8)];
  const tree = { feature: i32(nodes), cut: i32(nodes), missing: i32(nodes), left: i32(nodes), sums: f64(nodes * width), leafOf: i32(rows), gains: f64(features) };
  growTo(wasm.memory, space.size());
  const { buffer } = wasm.memory;
  const putInts = (where: number, values: Int32Array) => new Int32Array(buffer, where, values.length).set(values);
  putInts(at.dense, sparse.dense);
  putInts(at.offsets, sparse.offsets);
  putInts(at.entries, sparse.entries);
  putInts(at.base, sparse.base);
  putInts(at.binCount, table.binCount);
  putInts(at.leftOut, sparse.leftOut);
  putByRow(table, sparse.dense, new Uint8Array(buffer, at.byRow, rows * sparse.dense.length), new Int32Array(buffer, at.place, features));
  new Uint8Array(buffer, at.bins, table.bins.length).set(table.bins);
  new Uint8Array(buffer, at.missing, features).set(table.missing);
  if (options.target instanceof Int32Array) putInts(at.target, options.target);
  else new Float64Array(buffer, at.target, rows).set(options.target);
  const weightView = new Float64Array(buffer, at.weights, rows);
  wasm.setTable(rows, features, at.bins, sparse.dense.length, at.dense, at.offsets, at.entries, at.base, at.binCount, at.leftOut, at.missing, at.byRow, at.place);
  wasm.setTask(options.classes, at.target, at.weights, options.featureShare, options.minLeaf, options.maxDepth, options.randomCuts ? 1 : 0, options.criterion === "entropy" && options.classes > 0 ? 1 : 0);
  wasm.setWork(...work);
  wasm.setTree(tree.feature, tree.cut, tree.missing, tree.left, tree.sums, tree.leafOf, tree.gains);
  const ints = (where: number, count: number) => new Int32Array(buffer, where, count).slice();
  return {
    grow(weights, seedHigh, seedLow) {
      weightView.set(weights);
      const count = wasm.grow(seedHigh | 0, seedLow | 0);
      return {
        feature: ints(tree.feature, count),
        cut: ints(tree.cut, count),
        missingLeft: ints(tree.missing, count),
        left: ints(tree.left, count),
        sums: new Float64Array(buffer, tree.sums, count * width).slice(),
        leafOf: ints(tree.leafOf, rows),
      };
    },
    gains: () => new Float64Array(buffer, tree.gains, features).slice(),
  };
}

/** The dense features' bins, one row after another, and each feature's place in them. */
function putByRow({ bins, rows }: BinnedTable, dense: Int32Array, out: Uint8Array, place: Int32Array): void {
  dense.forEach((f, k) => {
    place[f] = k;
    for (let i = 0; i < rows; i++) out[i * dense.length + k] = bins[f * rows + i]!;
  });
}

/** Throws RangeError when the sizes of a table disagree. */
export function checkTable({ rows, features, bins, binCount, missing }: BinnedTable, targets: number): void {
  if (bins.length !== rows * features) throw new RangeError(`binned table: ${bins.length} bins — ${features} features of ${rows} rows need ${rows * features}`);
  if (binCount.length !== features || missing.length !== features) throw new RangeError(`binned table: ${binCount.length} bin counts, ${missing.length} missing marks — there are ${features} features`);
  if (features >= 2 ** 23) throw new RangeError(`too many features: ${features} — at most ${2 ** 23 - 1}`);
  if (targets !== rows) throw new RangeError(`target: ${targets} values — there are ${rows} rows`);
}

export interface HistogramOptions {
  /** features × rows, one feature after another. */
  readonly bins: Uint8Array;
  readonly rows: number;
  readonly features: number;
  /** Rows to count; all by default. */
  readonly list?: Int32Array;
  /** One weight per row; 1 by default. */
  readonly weights?: Float64Array;
}

/** One small instance for plain histograms, made when first needed. */
let shared: Trees | undefined;

function openShared(sizes: readonly number[]): { readonly wasm: Trees; readonly at: readonly number[] } {
  shared ??= instantiate<Trees>(trees);
  const space = layout(shared.heapStart() >>> 0);
  const at = sizes.map((bytes) => space.take(bytes));
  growTo(shared.memory, space.size());
  return { wasm: shared, at };
}

const everyRow = (rows: number): Int32Array => Int32Array.from({ length: rows }, (_, i) => i);

/** (Σ value, Σ weight) per feature and bin: features × 256 × 2. Values count as they come; weights stand beside them (gradients and Hessians). */
export function histogramRegression({ bins, rows, features, list = everyRow(rows), weights, values }: HistogramOptions & { readonly values: Float64Array }): Float64Array {
  checkTable({ rows, features, bins, binCount: new Int32Array(features), missing: new Uint8Array(features) }, values.length);
  const { wasm, at } = openShared([bins.length, 4 * list.length, 16 * rows, features * 4096]);
  const { buffer } = wasm.memory;
  new Uint8Array(buffer, at[0], bins.length).set(bins);
  new Int32Array(buffer, at[1], list.length).set(list);
  const packed = new Float64Array(buffer, at[2], 2 * rows);
  for (let i = 0; i < rows; i++) {
    packed[2 * i] = values[i]!;
    packed[2 * i + 1] = weights ? weights[i]! : 1;
  }
  wasm.histogramPairs(at[0]!, rows, features, at[1]!, list.length, at[2]!, at[3]!);
  return new Float64Array(buffer, at[3], features * 512).slice();
}

/** Σ weight per feature, bin and class: features × 256 × classes. */
export function histogramClasses({ bins, rows, features, list = everyRow(rows), weights, codes, classes }: HistogramOptions & { readonly codes: Int32Array; readonly classes: number }): Float64Array {
  checkTable({ rows, features, bins, binCount: new Int32Array(features), missing: new Uint8Array(features) }, codes.length);
  const { wasm, at } = openShared([bins.length, 4 * list.length, 4 * rows, 8 * rows, features * 256 * classes * 8]);
  const { buffer } = wasm.memory;
  new Uint8Array(buffer, at[0], bins.length).set(bins);
  new Int32Array(buffer, at[1], list.length).set(list);
  new Int32Array(buffer, at[2], rows).set(codes);
  new Float64Array(buffer, at[3], rows).set(weights ?? new Float64Array(rows).fill(1));
  wasm.histogramByClass(at[0]!, rows, features, at[1]!, list.length, at[2]!, at[3]!, classes, at[4]!);
  return new Float64Array(buffer, at[4], features * 256 * classes).slice();
}
