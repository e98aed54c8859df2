/*
 * Trees for gradient boosting: grown best first on binned features from gradients and Hessians that change from tree to
 * tree. A booster holds one binned table in an instance of its own, whose memory goes when the booster goes.
 */
import { checkTable, commonest, type BinnedTable } from "./trees.ts";
import { boost } from "./wasm/boost.ts";
import { growTo, instantiate, layout } from "./wasm/host.ts";
import type { Memory } from "./wasm/host.ts";

/** Features that may be categories: bins without an order. */
export interface BoostTable extends BinnedTable {
  /** 1 where a feature's bins are categories. A missing value is then a category of its own. Default none. */
  readonly category?: Uint8Array;
}

export interface BoostOptions {
  readonly maxLeaves: number;
  readonly maxDepth: number;
  /** Least number of rows in a leaf. */
  readonly minLeaf: number;
  /** Least sum of Hessians in a leaf. */
  readonly minHessian: number;
  /** Added to the Hessian of every leaf. */
  readonly l2: number;
  /** Per feature: 1 where leaves to the right may not be lower than those to the left at each cut, −1 where they may not be higher. Default 0. */
  readonly monotone?: Int8Array;
}

/** A tree as parallel arrays; the right child of a node stands after the left one. */
export interface BoostedTree {
  /** Feature that a node asks for, −1 in a leaf. */
  readonly feature: Int32Array;
  /** Bins up to this one go left; of a category, see `sets`. */
  readonly cut: Int32Array;
  /** 1 where missing values go left. */
  readonly missingLeft: Int32Array;
  /** Left child, −1 in a leaf. */
  readonly left: Int32Array;
  /** What the cut of a node gains; 0 in a leaf. */
  readonly gain: Float64Array;
  /** Eight words a node: a bit for each bin that goes left, where the feature is a category. */
  readonly sets: Uint32Array;
  /** The leaf of every row of the table, those that the tree was not grown on too. */
  readonly leafOf: Int32Array;
}

/** What a tree is grown on. */
export interface BoostSample {
  /** Different rows, ascending. */
  readonly rows: Int32Array;
  /** Features to search, ascending; all by default. */
  readonly features?: Int32Array;
  /** The Hessian that every row has; when left out, `hessian` of the booster is read. */
  readonly equalHessian?: number;
}

export interface Booster {
  /** One for each row, to be written before each tree. */
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
  grow(sample: BoostSample): BoostedTree;
}

/** The exports of assembly/boost.ts. */
interface Boost {
  readonly memory: Memory;
  heapStart(): number;
  setTable(...args: number[]): void;
  setTask(...args: number[]): void;
  setWork(...args: number[]): void;
  setTree(...args: number[]): void;
  prepare(two: number, gradientUnit: number, hessianUnit: number, dense: number, packAnew: number): void;
  grow(rows: number, sparse: number): number;
}

/** Features of a block, cells of a feature, bytes of an open leaf: as in assembly/boost. */
const WIDTH = 8;
const BINS = 256;
const LEAF_BYTES = 128;
/** Rows that a word can count. */
const MOST_ROWS = 2 ** 24 - 1;
/** Least part of the rows in the commonest bin for a feature to be stored by its other values. */
const SPARSE_SHARE = 0.7;

interface Sparse {
  /** First cell of each feature among the sparse cells, −1 when dense. */
  readonly at: Int32Array;
  readonly leftOut: Int32Array;
  readonly offsets: Int32Array;
  readonly entries: Int32Array;
  readonly cells: number;
}

/** Features that mostly take one value, by their other values, row by row. */
function sparsify(table: BinnedTable): Sparse {
  const { rows, features, bins, binCount } = table;
  const at = new Int32Array(features).fill(-1);
  const leftOut = new Int32Array(features);
  const offsets = new Int32Array(rows + 1);
  let cells = 0;
  for (let f = 0; f < features; f++) {
    const { bin, count } = commonest(table, f);
    if (count < SPARSE_SHARE * rows) continue;
    at[f] = cells;
    leftOut[f] = bin;
    cells += binCount[f]!;
    for (let i = 0; i < rows; i++) if (bins[f * rows + i] !== bin) offsets[i + 1]!++;
  }
  for (let i = 0; i < rows; i++) offsets[i + 1]! += offsets[i]!;
  const entries = new Int32Array(offsets[rows]!);
  const next = offsets.slice();
  for (let f = 0; f < features; f++) {
    if (at[f]! < 0) continue;
    for (let i = 0; i < rows; i++) if (bins[f * rows + i] !== leftOut[f]) entries[next[i]!++] = at[f]! + bins[f * rows + i]!;
  }
  return { at, leftOut, offsets, entries, cells };
}

/** A power of two so small that `rows` values of this size add up below `limit` units. */
const unitOf = (largest: number, rows: number, limit: number): number => 2 ** Math.max(-1000, Math.ceil(Math.log2((largest * rows) / limit)));

function largestOf(values: Float64Array): number {
  let most = Number.MIN_VALUE;
  for (const v of values) most = Math.max(most, Math.abs(v));
  return most;
}

/** A booster on one table. Throws RangeError when sizes disagree, or there are too many rows. */
export function booster(table: BoostTable, { maxLeaves, maxDepth, minLeaf, minHessian, l2, monotone }: BoostOptions): Booster {
  const { rows, features } = table;
  checkTable(table, rows);
  if (rows > MOST_ROWS) throw new RangeError(`too many rows: ${rows} — at most ${MOST_ROWS}`);
  const sparse = sparsify(table);
  const all = Int32Array.from({ length: features }, (_, f) => f);
  const dense = all.filter((f) => sparse.at[f]! < 0);
  const wasm = instantiate<Boost>(boost);
  const space = layout(wasm.heapStart() >>> 0);
  const i32 = (count: number) => space.take(4 * count);
  const f64 = (count: number) => space.take(8 * count);
  const padded = Math.ceil(dense.length / WIDTH) * WIDTH;
  const nodes = 2 * maxLeaves;
  const at = {
    bins: space.take(table.bins.length), offsets: i32(rows + 1), entries: i32(sparse.entries.length), binCount: i32(features), sparseAt: i32(features), leftOut: i32(features),
    missing: space.take(features), category: space.take(features), monotone: space.take(features),
  };
  const work = {
    gradient: f64(rows), hessian: f64(rows), cells: space.take(16 * rows), gathered: space.take(16 * rows), order: i32(rows), spare: i32(rows + 1), denseList: i32(features), sparseList: i32(features),
    blocks: space.take(padded * rows), slots: space.take((maxLeaves + 1) * (padded * BINS + sparse.cells) * 16), ranked: i32(BINS), ranks: f64(BINS), leaves: space.take((maxLeaves + 1) * (LEAF_BYTES + 4)),
  };
  const tree = { feature: i32(nodes), cut: i32(nodes), missing: i32(nodes), left: i32(nodes), gain: f64(nodes), sets: space.take(32 * nodes), leafOf: i32(rows) };
  growTo(wasm.memory, space.size());
  const { buffer } = wasm.memory;
  const ints = (where: number, count: number) => new Int32Array(buffer, where, count);
  const bytes = (where: number, values: Uint8Array | Int8Array | undefined) => new Uint8Array(buffer, where, features).set(values ?? new Uint8Array(features));
  new Uint8Array(buffer, at.bins, table.bins.length).set(table.bins);
  ints(at.offsets, rows + 1).set(sparse.offsets);
  ints(at.entries, sparse.entries.length).set(sparse.entries);
  ints(at.binCount, features).set(table.binCount);
  ints(at.sparseAt, features).set(sparse.at);
  ints(at.leftOut, features).set(sparse.leftOut);
  bytes(at.missing, table.missing);
  bytes(at.category, table.category);
  bytes(at.monotone, monotone);
  wasm.setTable(rows, at.bins, at.offsets, at.entries, sparse.cells, at.binCount, at.sparseAt, at.leftOut, at.missing, at.category, at.monotone);
  wasm.setTask(maxLeaves, maxDepth, minLeaf, minHessian, l2);
  wasm.setWork(...Object.values(work));
  wasm.setTree(...Object.values(tree));
  const gradient = new Float64Array(buffer, work.gradient, rows);
  const hessian = new Float64Array(buffer, work.hessian, rows);
  let packed = Int32Array.of(-1);
  return {
    gradient,
    hessian,
    grow({ rows: sample, features: wanted = all, equalHessian }) {
      const chosen = wanted === all ? dense : wanted.filter((f) => sparse.at[f]! < 0);
      const others = wanted.filter((f) => sparse.at[f]! >= 0);
      const anew = chosen.length !== packed.length || chosen.some((f, k) => f !== packed[k]);
      packed = chosen;
      ints(work.denseList, chosen.length).set(chosen);
      ints(work.sparseList, others.length).set(others);
      ints(work.order, sample.length).set(sample);
      const two = equalHessian === undefined;
      const gradientUnit = unitOf(largestOf(gradient), rows, two ? 2 ** 50 : 2 ** 38);
      wasm.prepare(two ? 1 : 0, gradientUnit, two ? unitOf(largestOf(hessian), rows, 2 ** 38) : equalHessian, chosen.length, anew ? 1 : 0);
      const count = wasm.grow(sample.length, others.length);
      return {
        feature: ints(tree.feature, count).slice(),
        cut: ints(tree.cut, count).slice(),
        missingLeft: ints(tree.missing, count).slice(),
        left: ints(tree.left, count).slice(),
        gain: new Float64Array(buffer, tree.gain, count).slice(),
        sets: new Uint32Array(buffer, tree.sets, 8 * count).slice(),
        leafOf: ints(tree.leafOf, rows).slice(),
      };
    },
  };
}
