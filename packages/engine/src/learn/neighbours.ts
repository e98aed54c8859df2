/*
 * Distances of rows to a set of reference rows: one minus the similarity on count blocks (averaged over the
 * blocks), and the root mean square difference of standardised real features. The distance of a row to the set
 * is the mean over its k nearest. Rows are computed in blocks of fixed size; a row's answer is its own.
 */
import { multiplyTransposed } from "./dense.ts";
import type { Design, Encoded } from "./design.ts";
import { squaredNorms } from "./gp/kernel.ts";
import { invert, similarities } from "./tanimoto.ts";

/** Distances of one row to its nearest reference rows; NaN for a part that the design does not have. */
export interface Nearness {
  /** 1 − mean similarity of the k most similar. */
  readonly set: number;
  /** Mean distance of the k nearest in real features. */
  readonly real: number;
  /** Similarity of the most similar. */
  readonly similarity: number;
  /** Reference row that is most similar (or, without count blocks, nearest); −1 when all are left out. */
  readonly nearest: number;
}

const BLOCK = 256;

/** For each row, its nearness to the reference rows for which `counts(row, reference)` holds. */
export type Nearest = (x: Encoded, k: number, counts?: (row: number, reference: number) => boolean) => readonly Nearness[];

/** Make the reference rows ready. */
export function nearestTo(design: Design, reference: Encoded): Nearest {
  const indexes = reference.sets.map(invert);
  const n = reference.rows;
  const d = design.real.length;
  const norms = squaredNorms(reference.real, n, d);
  const part = new Float64Array(n);
  const similar = new Float64Array(n);
  const far = new Float64Array(n);
  return (x, k, counts) => {
    const out: Nearness[] = [];
    for (let from = 0; from < x.rows; from += BLOCK) {
      const rows = Math.min(BLOCK, x.rows - from);
      const z = x.real.subarray(from * d, (from + rows) * d);
      const inner = d > 0 ? multiplyTransposed(z, reference.real, rows, d, n) : new Float64Array(0);
      const own = squaredNorms(z, rows, d);
      for (let i = 0; i < rows; i++) {
        const keep = counts && ((j: number) => counts(from + i, j));
        far.fill(0);
        similar.fill(0);
        indexes.forEach((index, b) => {
          similarities(index, x.sets[b], from + i, part);
          for (let j = 0; j < n; j++) similar[j] += (1 - part[j]) / indexes.length;
        });
        if (d > 0) for (let j = 0; j < n; j++) far[j] = Math.sqrt(Math.max(0, own[i] + norms[j] - 2 * inner[i * n + j]) / d);
        const set = indexes.length > 0 ? smallest(similar, k, keep) : undefined;
        const real = d > 0 ? smallest(far, k, keep) : undefined;
        out.push({ set: set?.mean ?? Number.NaN, real: real?.mean ?? Number.NaN, similarity: set ? 1 - set.least : Number.NaN, nearest: (set ?? real)?.at ?? -1 });
      }
    }
    return out;
  };
}

/** Mean of the k smallest, the smallest, and where it stands. Ties go to the first. */
function smallest(values: Float64Array, k: number, keep?: (j: number) => boolean): { readonly mean: number; readonly least: number; readonly at: number } {
  const best = new Float64Array(k).fill(Number.POSITIVE_INFINITY);
  let at = -1;
  for (let j = 0; j < values.length; j++) {
    const v = values[j];
    if (!(v < best[k - 1]) || (keep && !keep(j))) continue;
    if (v < best[0]) at = j;
    let p = k - 1;
    for (; p > 0 && best[p - 1] > v; p--) best[p] = best[p - 1];
    best[p] = v;
  }
  let sum = 0;
  let found = 0;
  for (; found < k && best[found] < Number.POSITIVE_INFINITY; found++) sum += best[found];
  return { mean: found > 0 ? sum / found : Number.NaN, least: best[0], at };
}
