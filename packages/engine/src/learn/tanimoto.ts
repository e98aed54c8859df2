/*
 * MinMax (Tanimoto on counts) similarity of sparse rows, through an inverted index:
 * s(a, b) = Σ min(a, b) / Σ max(a, b), which is the Jaccard index on bits. It is a positive definite kernel
 * (Ralaivola, Swamidass, Saigo & Baldi 2005, doi 10.1016/j.neunet.2005.07.009). Two empty rows are equal: 1.
 * Only the postings of a row's own features are read, so a row costs its number of shared features.
 */
import type { SparseRows } from "./design.ts";

/** Rows by feature: feature k stands in rows[p], values[p] for offsets[k] ≤ p < offsets[k + 1]. */
export interface InvertedIndex {
  readonly rows: number;
  readonly cols: number;
  readonly offsets: Int32Array;
  readonly members: Int32Array;
  readonly values: Float64Array;
  /** Sum of the counts of each row. */
  readonly totals: Float64Array;
}

/** Sum of the counts of each row. */
function rowTotals(set: SparseRows): Float64Array {
  const totals = new Float64Array(set.rows);
  for (let i = 0; i < set.rows; i++) for (let p = set.offsets[i]; p < set.offsets[i + 1]; p++) totals[i] += set.values[p];
  return totals;
}

/** Index rows by their features. */
export function invert(set: SparseRows): InvertedIndex {
  const offsets = new Int32Array(set.cols + 1);
  for (const k of set.indices) offsets[k + 1]++;
  for (let k = 0; k < set.cols; k++) offsets[k + 1] += offsets[k];
  const next = offsets.slice();
  const members = new Int32Array(set.indices.length);
  const values = new Float64Array(set.indices.length);
  for (let i = 0; i < set.rows; i++)
    for (let p = set.offsets[i]; p < set.offsets[i + 1]; p++) {
      const at = next[set.indices[p]]++;
      members[at] = i;
      values[at] = set.values[p];
    }
  return { rows: set.rows, cols: set.cols, offsets, members, values, totals: rowTotals(set) };
}

/** Similarity of row i of `set` to every indexed row, into out[0 .. index.rows − 1]. */
export function similarities(index: InvertedIndex, set: SparseRows, i: number, out: Float64Array): void {
  const { offsets, members, values, totals, rows } = index;
  for (let j = 0; j < rows; j++) out[j] = 0;
  let total = 0;
  for (let p = set.offsets[i]; p < set.offsets[i + 1]; p++) {
    const count = set.values[p];
    const k = set.indices[p];
    total += count;
    for (let q = offsets[k]; q < offsets[k + 1]; q++) {
      const other = values[q];
      out[members[q]] += other < count ? other : count;
    }
  }
  for (let j = 0; j < rows; j++) {
    const shared = out[j];
    const union = total + totals[j] - shared;
    out[j] = union > 0 ? shared / union : 1;
  }
}

/** All similarities of `set` (n rows) to the indexed rows (m), n × m. */
export function similarityMatrix(index: InvertedIndex, set: SparseRows): Float64Array {
  const out = new Float64Array(set.rows * index.rows);
  for (let i = 0; i < set.rows; i++) similarities(index, set, i, out.subarray(i * index.rows, (i + 1) * index.rows));
  return out;
}
