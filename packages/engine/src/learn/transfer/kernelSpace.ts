/*
 * A similarity of rows that has nothing to be fitted: the mean of exp(−γ‖z − z′‖²) on the standardised real features,
 * γ = 1/(2 d) (Minami et al. 2023, arXiv 2210.09745, section 4), and of MinMax similarities, one for each block of counts.
 * With tens of rows a fixed width is worth more than fitted ones.
 */
import type { Table } from "../../data/types.ts";
import { type Design, type Encoded, encode, fitDesign } from "../design.ts";
import { multiplyTransposed } from "../dense.ts";
import { squaredNorms } from "../gp/kernel.ts";
import { invert, similarities } from "../tanimoto.ts";

/** Training rows with what was learnt of their columns: plain data. */
export interface KernelSpace {
  readonly design: Design;
  readonly rows: Encoded;
}

export function kernelSpace(x: Table, weights?: Float64Array): KernelSpace {
  const design = fitDesign(x, weights);
  return { design, rows: encode(design, x) };
}

/** Parts of the mean; none when no feature varies. */
const partsOf = ({ design }: KernelSpace): number => (design.real.length > 0 ? 1 : 0) + design.sets.length;

/** k(x, x): the same for every row. */
export const selfSimilarity = (space: KernelSpace): number => (partsOf(space) > 0 ? 1 : 0);

/** Similarities of some rows to the training rows. */
export type CrossGram = (x: Encoded, from: number, count: number) => Float64Array;

/** A function that gives rows `from` … of an encoded table, count × n. */
export function crossGram(space: KernelSpace): CrossGram {
  const { design, rows } = space;
  const d = design.real.length;
  const n = rows.rows;
  const share = 1 / Math.max(1, partsOf(space));
  const indexes = rows.sets.map(invert);
  const norms = squaredNorms(rows.real, n, d);
  const similar = new Float64Array(n);
  return (x, from, count) => {
    const out = new Float64Array(count * n);
    if (d > 0) {
      const z = x.real.subarray(from * d, (from + count) * d);
      const inner = multiplyTransposed(z, rows.real, count, d, n);
      const own = squaredNorms(z, count, d);
      for (let i = 0; i < count; i++) for (let j = 0; j < n; j++) out[i * n + j] = share * Math.exp(-Math.max(0, own[i] + norms[j] - 2 * inner[i * n + j]) / (2 * d));
    }
    for (let i = 0; i < count; i++)
      indexes.forEach((index, b) => {
        similarities(index, x.sets[b], from + i, similar);
        for (let j = 0; j < n; j++) out[i * n + j] += share * similar[j];
      });
    return out;
  };
}

/** Similarities of the training rows, n × n, exactly symmetric. */
export function gram(space: KernelSpace): Float64Array {
  const n = space.rows.rows;
  const out = crossGram(space)(space.rows, 0, n);
  const self = selfSimilarity(space);
  for (let i = 0; i < n; i++) {
    out[i * n + i] = self;
    for (let j = 0; j < i; j++) out[j * n + i] = out[i * n + j];
  }
  return out;
}
