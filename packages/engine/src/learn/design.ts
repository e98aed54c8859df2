/*
 * How linear models, Gaussian processes and the applicability domain see a table: its real features
 * standardised, and its count and bit features as sparse blocks, one for each descriptor that wrote them.
 *
 * A missing or infinite real feature takes the training mean, a missing count takes zero. Real features are
 * clipped to the training range widened by its own width on either side, so that one wild descriptor value
 * (some grow like factorials) cannot carry a prediction to infinity. Real features that do not vary are
 * dropped; counts never seen in training are kept, because a row that has them is less like the training rows.
 * A category becomes a bit for each of its values: a block of sets of its own.
 */
import { withoutCodes } from "../data/graphRows.ts";
import type { Feature, Table } from "../data/types.ts";
import { alignColumns } from "./inputs.ts";

/** Compressed sparse rows: row i has indices[k], values[k] for offsets[i] ≤ k < offsets[i + 1], indices ascending. */
export interface SparseRows {
  readonly rows: number;
  readonly cols: number;
  readonly offsets: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float64Array;
}

/** What was learnt about the columns of the training table. */
export interface Design {
  readonly inputs: readonly Feature[];
  /** Positions (in `inputs`) of the real features that vary. */
  readonly real: Int32Array;
  readonly mean: Float64Array;
  /** Standard deviation of each real feature. */
  readonly scale: Float64Array;
  /** Clipping bounds, in raw units. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** One for each block of count or bit features, or of categories: its name and the positions of its features; of categories also the value that each stands for. */
  readonly sets: readonly { readonly name: string; readonly columns: Int32Array; readonly values?: Float64Array }[];
}

/** A table as a learner sees it. */
export interface Encoded {
  readonly rows: number;
  /** rows × design.real.length, standardised. */
  readonly real: Float64Array;
  /** One for each of design.sets. */
  readonly sets: readonly SparseRows[];
}

interface Moments {
  readonly mean: number;
  readonly sd: number;
  readonly low: number;
  readonly high: number;
}

/** Weighted mean and standard deviation of the finite values of one column. */
function moments(x: Table, column: number, weights?: Float64Array): Moments {
  let total = 0;
  let mean = 0;
  let squares = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < x.rows; i++) {
    const v = x.data[i * x.cols + column];
    const w = weights ? weights[i] : 1;
    if (!Number.isFinite(v) || w === 0) continue;
    total += w;
    const shift = v - mean;
    mean += (w / total) * shift;
    squares += w * shift * (v - mean);
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return { mean, sd: total > 0 ? Math.sqrt(squares / total) : 0, low, high };
}

/** Relative spread below which a feature counts as constant; a rounding error is no information. */
const CONSTANT = 1e-10;

/** Learn means, scales, ranges and blocks from the training rows. Packed graphs are no part of it. */
export function fitDesign(whole: Table, weights?: Float64Array): Design {
  const x = withoutCodes(whole);
  const real: number[] = [];
  const stats: Moments[] = [];
  const sets = new Map<string, { columns: number[]; varies: boolean }>();
  for (let j = 0; j < x.cols; j++) {
    const m = moments(x, j, weights);
    const varies = m.sd > CONSTANT * Math.max(Math.abs(m.mean), Number.MIN_VALUE) && Number.isFinite(m.sd);
    const { kind = "real", block = "" } = x.features[j];
    if (kind === "category") continue;
    if (kind !== "real" && !(m.low < 0)) {
      const set = sets.get(block) ?? { columns: [], varies: false };
      set.columns.push(j);
      set.varies ||= varies;
      sets.set(block, set);
    } else if (varies) {
      real.push(j);
      stats.push(m);
    }
  }
  return {
    inputs: x.features,
    real: Int32Array.from(real),
    mean: Float64Array.from(stats, (m) => m.mean),
    scale: Float64Array.from(stats, (m) => m.sd),
    low: Float64Array.from(stats, (m) => m.low - (m.high - m.low)),
    high: Float64Array.from(stats, (m) => m.high + (m.high - m.low)),
    sets: [
      ...[...sets]
        .filter(([, set]) => set.varies)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, { columns }]) => ({ name, columns: Int32Array.from(columns) })),
      ...categorySets(x),
    ],
  };
}

/** The values of the categories that vary, as sets by block. */
function categorySets(x: Table): Design["sets"] {
  const blocks = new Map<string, { columns: number[]; values: number[] }>();
  x.features.forEach(({ kind, block = "" }, j) => {
    if (kind !== "category") return;
    const seen = new Set<number>();
    for (let i = 0, at = j; i < x.rows; i++, at += x.cols) if (Number.isFinite(x.data[at])) seen.add(x.data[at]);
    if (seen.size < 2) return;
    const set = blocks.get(block) ?? { columns: [], values: [] };
    blocks.set(block, set);
    for (const value of [...seen].sort((a, b) => a - b)) {
      set.columns.push(j);
      set.values.push(value);
    }
  });
  return [...blocks].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, { columns, values }]) => ({ name: `categories ${name}`.trim(), columns: Int32Array.from(columns), values: Float64Array.from(values) }));
}

/** See a table through a design. Throws InputError when a feature is missing or in another unit. */
export function encode(design: Design, x: Table): Encoded {
  const columns = alignColumns(x, design.inputs);
  return {
    rows: x.rows,
    real: encodeReal(design, x, columns),
    sets: design.sets.map((set) => sparseRows(x, Int32Array.from(set.columns, (j) => columns[j]), set.values)),
  };
}

function encodeReal(design: Design, x: Table, columns: Int32Array): Float64Array {
  const d = design.real.length;
  const out = new Float64Array(x.rows * d);
  for (let k = 0; k < d; k++) {
    const column = columns[design.real[k]];
    const mean = design.mean[k];
    for (let i = 0; i < x.rows; i++) {
      const v = x.data[i * x.cols + column];
      if (Number.isFinite(v)) out[i * d + k] = (Math.min(Math.max(v, design.low[k]), design.high[k]) - mean) / design.scale[k];
    }
  }
  return out;
}

/** The positive entries of some columns; of categories, a one where a column has the value. */
function sparseRows(x: Table, columns: Int32Array, wanted?: Float64Array): SparseRows {
  const offsets = new Int32Array(x.rows + 1);
  const indices: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < x.rows; i++) {
    const start = i * x.cols;
    for (let k = 0; k < columns.length; k++) {
      const v = x.data[start + columns[k]];
      if (wanted ? v === wanted[k] : v > 0 && v !== Number.POSITIVE_INFINITY) {
        indices.push(k);
        values.push(wanted ? 1 : v);
      }
    }
    offsets[i + 1] = indices.length;
  }
  return { rows: x.rows, cols: columns.length, offsets, indices: Int32Array.from(indices), values: Float64Array.from(values) };
}

/** Some rows of an encoded table. */
export function takeEncoded(x: Encoded, rows: Int32Array, d: number): Encoded {
  const real = new Float64Array(rows.length * d);
  for (let i = 0; i < rows.length; i++) real.set(x.real.subarray(rows[i] * d, (rows[i] + 1) * d), i * d);
  return { rows: rows.length, real, sets: x.sets.map((set) => takeSparse(set, rows)) };
}

function takeSparse(set: SparseRows, rows: Int32Array): SparseRows {
  const offsets = new Int32Array(rows.length + 1);
  for (let i = 0; i < rows.length; i++) offsets[i + 1] = offsets[i] + set.offsets[rows[i] + 1] - set.offsets[rows[i]];
  const indices = new Int32Array(offsets[rows.length]);
  const values = new Float64Array(offsets[rows.length]);
  for (let i = 0; i < rows.length; i++) {
    indices.set(set.indices.subarray(set.offsets[rows[i]], set.offsets[rows[i] + 1]), offsets[i]);
    values.set(set.values.subarray(set.offsets[rows[i]], set.offsets[rows[i] + 1]), offsets[i]);
  }
  return { rows: rows.length, cols: set.cols, offsets, indices, values };
}
