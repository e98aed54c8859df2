/*
 * Features as at most 256 ordered bins, learnt from the training rows: one bin per distinct value where there
 * are few, bins of about equal numbers of rows otherwise. A missing or infinite value has bin 0 to itself. Of a category
 * every value has a bin, the commonest ones first served; bin 0 holds all others, those not seen in training too.
 */
import type { Table } from "../../data/types.ts";

/** What was learnt about the features that vary. */
export interface Binning {
  /** Position of each binned feature among the model's inputs, ascending. */
  readonly features: Int32Array;
  /** Upper edges of feature f's known bins but the last: edges[start[f]] … edges[start[f + 1] − 1], ascending. Of a category, the values themselves. */
  readonly edges: Float64Array;
  readonly start: Int32Array;
  /** 1 where bin 0 stands for a missing value. */
  readonly missing: Uint8Array;
  /** 1 where bins are categories, without an order; absent when none are. */
  readonly category?: Uint8Array;
}

/** Most bins of a feature, that of missing values included. */
export const MOST_BINS = 256;

interface Edges {
  readonly edges: readonly number[];
  readonly missing: boolean;
}

/** Learn the bins of every column of `x`; columns that do not vary are left out. */
export function learnBins(x: Table): Binning {
  const features: number[] = [];
  const edges: number[] = [];
  const start: number[] = [0];
  const missing: number[] = [];
  const category: number[] = [];
  const column = new Float64Array(x.rows);
  for (let j = 0; j < x.cols; j++) {
    const named = x.features[j].kind === "category";
    const learnt = named ? valuesOf(x, j) : edgesOf(x, j, column);
    if (learnt.edges.length < (named ? 2 : 1) && !learnt.missing) continue;
    features.push(j);
    for (const edge of learnt.edges) edges.push(edge);
    start.push(edges.length);
    missing.push(named || learnt.missing ? 1 : 0);
    category.push(named ? 1 : 0);
  }
  const binning = { features: Int32Array.from(features), edges: Float64Array.from(edges), start: Int32Array.from(start), missing: Uint8Array.from(missing) };
  return category.includes(1) ? { ...binning, category: Uint8Array.from(category) } : binning;
}

/** The values of a category, ascending: at most as many as there are bins for, the commonest. */
function valuesOf(x: Table, j: number): Edges {
  const counts = new Map<number, number>();
  for (let i = 0, at = j; i < x.rows; i++, at += x.cols) if (Number.isFinite(x.data[at])) counts.set(x.data[at], (counts.get(x.data[at]) ?? 0) + 1);
  const kept = [...counts].sort(([v, m], [w, n]) => n - m || v - w).slice(0, MOST_BINS - 1);
  const known = kept.reduce((sum, [, count]) => sum + count, 0);
  return { edges: kept.map(([v]) => v).sort((a, b) => a - b), missing: known < x.rows && known > 0 };
}

/** Zeros are counted, not sorted: most entries of count features are zero. */
function edgesOf(x: Table, j: number, scratch: Float64Array): Edges {
  let others = 0;
  let zeros = 0;
  for (let i = 0, at = j; i < x.rows; i++, at += x.cols) {
    const v = x.data[at];
    if (v === 0) zeros++;
    else if (Number.isFinite(v)) scratch[others++] = v;
  }
  const known = zeros + others;
  const [values, counts] = distinct(scratch.subarray(0, others).sort(), zeros);
  const missing = known < x.rows && known > 0;
  return { edges: cutBetween(values, counts, MOST_BINS - (missing ? 1 : 0), known), missing };
}

function distinct(sorted: Float64Array, zeros: number): readonly [readonly number[], readonly number[]] {
  const values: number[] = [];
  const counts: number[] = [];
  const add = (v: number, count: number) => {
    if (values.length > 0 && values[values.length - 1] === v) counts[counts.length - 1] += count;
    else {
      values.push(v);
      counts.push(count);
    }
  };
  let zeroDone = zeros === 0;
  for (const v of sorted) {
    if (!zeroDone && v > 0) {
      add(0, zeros);
      zeroDone = true;
    }
    add(v, 1);
  }
  if (!zeroDone) add(0, zeros);
  return [values, counts];
}

/** Edges half-way between neighbouring values, so that at most `most` bins hold about equally many rows. */
function cutBetween(values: readonly number[], counts: readonly number[], most: number, rows: number): readonly number[] {
  const edges: number[] = [];
  let inside = 0;
  let left = rows;
  for (let k = 0; k + 1 < values.length; k++) {
    inside += counts[k];
    const full = values.length <= most || inside >= left / (most - edges.length);
    if (!full) continue;
    edges.push(between(values[k], values[k + 1]));
    left -= inside;
    inside = 0;
    if (edges.length === most - 1) break;
  }
  return edges;
}

/** A number t with a ≤ t < b. */
function between(a: number, b: number): number {
  const t = a / 2 + b / 2;
  return t >= a && t < b ? t : a;
}

/** The bin of one value. */
function binOf({ edges, start, missing, category }: Binning, f: number, value: number): number {
  if (!Number.isFinite(value)) return 0;
  let low = start[f];
  let high = start[f + 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= edges[middle]) high = middle;
    else low = middle + 1;
  }
  if (category?.[f] === 1) return low < start[f + 1] && edges[low] === value ? low - start[f] + 1 : 0;
  return low - start[f] + missing[f];
}

/** Number of bins of each feature. */
export const binCounts = ({ features, start, missing, category }: Binning): Int32Array => Int32Array.from(features, (_, f) => start[f + 1] - start[f] + 1 + (category?.[f] === 1 ? 0 : missing[f]));

/**
 * Bins of some rows of `x` for some features of the binning, rows × wanted; `columns` says where the model's inputs
 * stand in x. A value missing where none was in training gets bin 0 and a 1 in `unknown`, where that is given.
 */
export function binRows(binning: Binning, x: Table, columns: Int32Array, rows: { readonly from: number; readonly to: number }, wanted: Int32Array): { readonly bins: Uint8Array; readonly unknown: Uint8Array | undefined } {
  const width = wanted.length;
  const bins = new Uint8Array((rows.to - rows.from) * width);
  let unknown: Uint8Array | undefined;
  const zero = Uint8Array.from(wanted, (f) => binOf(binning, f, 0));
  const at = Int32Array.from(wanted, (f) => columns[binning.features[f]]);
  for (let i = rows.from; i < rows.to; i++) {
    const out = (i - rows.from) * width;
    const row = i * x.cols;
    bins.set(zero, out);
    for (let k = 0; k < width; k++) {
      const v = x.data[row + at[k]];
      if (v === 0) continue;
      bins[out + k] = binOf(binning, wanted[k], v);
      if (!Number.isFinite(v) && binning.missing[wanted[k]] === 0) (unknown ??= new Uint8Array(bins.length))[out + k] = 1;
    }
  }
  return { bins, unknown };
}

/** Bins of all training rows, one feature after another. */
export function binColumns(binning: Binning, x: Table): Uint8Array {
  const out = new Uint8Array(binning.features.length * x.rows);
  binning.features.forEach((j, f) => {
    const zero = binOf(binning, f, 0);
    for (let i = 0, at = j, to = f * x.rows; i < x.rows; i++, at += x.cols, to++) {
      const v = x.data[at];
      out[to] = v === 0 ? zero : binOf(binning, f, v);
    }
  });
  return out;
}
