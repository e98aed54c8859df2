/*
 * The features of the Bayesian linear model: standardised real features, and the logarithm log(1 + count) of
 * each count, all centred at their weighted training mean. A block (all real features together, each count
 * block by itself) is scaled by one number so that its rows have mean squared length one; its counts are not
 * standardised one by one, which would make the rarest fragments the loudest.
 *
 * Centring is done on inner products, (φ − μ)·(φ′ − μ) = φ·φ′ − φ·μ − φ′·μ + μ·μ, so that sparse rows stay sparse.
 */
import { multiplyTransposed } from "../dense.ts";
import type { Encoded, SparseRows } from "../design.ts";
import { type InvertedIndex, invert } from "../tanimoto.ts";

/** Uncentred rows of one block. */
export interface Block {
  readonly rows: number;
  readonly d: number;
  readonly dense?: Float64Array;
  readonly sparse?: SparseRows;
}

/** What centring and scaling need of one block. */
export interface BlockScale {
  readonly mean: Float64Array;
  /** μ·μ. */
  readonly norm: number;
  /** Multiplies every centred feature. */
  readonly scale: number;
}

/** The blocks of an encoded table: the real features first, if any. */
export function blocksOf({ rows, real, sets }: Encoded, d: number): readonly Block[] {
  const counts = sets.map((set): Block => ({ rows, d: set.cols, sparse: { ...set, values: set.values.map(Math.log1p) } }));
  return d > 0 ? [{ rows, d, dense: real }, ...counts] : counts;
}

/** Weighted mean and scale of a training block. */
export function scaleOf(block: Block, weights: Float64Array): BlockScale {
  const total = weights.reduce((a, b) => a + b, 0);
  const mean = new Float64Array(block.d);
  let squares = 0;
  each(block, (i, k, v) => {
    mean[k] += (weights[i] * v) / total;
    squares += (weights[i] * v * v) / total;
  });
  const norm = mean.reduce((s, m) => s + m * m, 0);
  return { mean, norm, scale: 1 / Math.sqrt(Math.max(squares - norm, 1e-12 * squares)) };
}

/** Visit every stored entry. */
export function each({ rows, d, dense, sparse }: Block, visit: (row: number, column: number, value: number) => void): void {
  if (dense) for (let i = 0; i < rows; i++) for (let k = 0; k < d; k++) visit(i, k, dense[i * d + k]);
  if (sparse) for (let i = 0; i < rows; i++) for (let p = sparse.offsets[i]; p < sparse.offsets[i + 1]; p++) visit(i, sparse.indices[p], sparse.values[p]);
}

/** φ_i · v for every row. */
export function project(block: Block, v: Float64Array): Float64Array {
  const out = new Float64Array(block.rows);
  each(block, (i, k, value) => {
    out[i] += value * v[k];
  });
  return out;
}

/** Scaled squared length of every centred row. */
export function lengths(block: Block, { mean, norm, scale }: BlockScale): Float64Array {
  const onMean = project(block, mean);
  const out = new Float64Array(block.rows);
  each(block, (i, _, v) => {
    out[i] += v * v;
  });
  return out.map((s, i) => Math.max(0, s - 2 * onMean[i] + norm) * scale * scale);
}

/** A block made ready to be multiplied by many others. */
export interface Prepared {
  readonly block: Block;
  readonly scale: BlockScale;
  readonly onMean: Float64Array;
  readonly index?: InvertedIndex;
}

export const prepare = (block: Block, scale: BlockScale): Prepared => ({ block, scale, onMean: project(block, scale.mean), ...(block.sparse && { index: invert(block.sparse) }) });

/** Scaled inner products of centred rows: `block` (q rows) with the prepared one (n rows), q × n. */
export function products(block: Block, { block: other, scale, onMean, index }: Prepared): Float64Array {
  const out = block.dense ? multiplyTransposed(block.dense, other.dense!, block.rows, block.d, other.rows) : sparseProducts(block.sparse!, index!);
  const own = project(block, scale.mean);
  const n = other.rows;
  const factor = scale.scale * scale.scale;
  for (let i = 0; i < block.rows; i++) for (let j = 0; j < n; j++) out[i * n + j] = (out[i * n + j] - own[i] - onMean[j] + scale.norm) * factor;
  return out;
}

function sparseProducts(set: SparseRows, { offsets, members, values, rows }: InvertedIndex): Float64Array {
  const out = new Float64Array(set.rows * rows);
  for (let i = 0; i < set.rows; i++) {
    const start = i * rows;
    for (let p = set.offsets[i]; p < set.offsets[i + 1]; p++) {
      const v = set.values[p];
      const k = set.indices[p];
      for (let q = offsets[k]; q < offsets[k + 1]; q++) out[start + members[q]] += v * values[q];
    }
  }
  return out;
}

/** Rows from .. from + rows − 1. */
export function sliceBlock({ d, dense, sparse }: Block, from: number, rows: number): Block {
  if (dense) return { rows, d, dense: dense.subarray(from * d, (from + rows) * d) };
  const { offsets, indices, values, cols } = sparse!;
  const start = offsets[from];
  const end = offsets[from + rows];
  return { rows, d, sparse: { rows, cols, offsets: offsets.slice(from, from + rows + 1).map((o) => o - start), indices: indices.subarray(start, end), values: values.subarray(start, end) } };
}

/** Centred, scaled rows written out, rows × d, each multiplied by `stretch`; `offset` is the first column in `out`. */
export function writeDense(block: Block, { mean, scale }: BlockScale, stretch: number, out: Float64Array, width: number, offset: number): void {
  for (let i = 0; i < block.rows; i++) for (let k = 0; k < block.d; k++) out[i * width + offset + k] = -mean[k] * scale * stretch;
  each(block, (i, k, v) => {
    out[i * width + offset + k] += v * scale * stretch;
  });
}
