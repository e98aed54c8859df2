/*
 * How alike two elements are, and with that two compositions. Elements lie in the space of their standardised
 * properties; their likeness is a Gaussian of the distance whose width is the median distance to the nearest neighbour
 * (Kusaba et al. 2023), so that each element has a few relatives. Compositions are smeared over the relatives of their elements and compared
 * by what they share, Σ min / Σ max (Ružička's coefficient, Tanimoto's for vectors): NaCl is like KCl, and unlike MgO.
 */
import type { ElementTable } from "../elements/types.ts";
import { rowsOf, rowOf } from "./rows.ts";
import { LAST_Z } from "./symbols.ts";
import type { Composition } from "./type.ts";

export interface Likeness {
  /** In [0, 1], 1 for the same element; symmetric. Elements that the table does not have are like themselves alone. */
  of(a: number, b: number): number;
}

const SIDE = LAST_Z + 1;

export function likenessOf(table: ElementTable): Likeness {
  const known = standardised(table);
  const distances = known.map(({ x }) => known.map((other) => Math.sqrt(meanSquare(x, other.x))));
  const near = distances.map((row) => Math.min(...row.filter((d) => d > 0))).sort((a, b) => a - b);
  const width = near[near.length >> 1] || 1;
  const kernel = new Float64Array(SIDE * SIDE);
  for (let z = 0; z < SIDE; z++) kernel[z * SIDE + z] = 1;
  known.forEach(({ z: a }, i) => known.forEach(({ z: b }, j) => (kernel[a * SIDE + b] = Math.exp(-((distances[i]![j]! / width) ** 2)))));
  return { of: (a, b) => kernel[a * SIDE + b]! };
}

/** Elements with a full row, each property scaled to mean 0 and variance 1. */
function standardised(table: ElementTable): readonly { readonly z: number; readonly x: readonly number[] }[] {
  const rows = rowsOf(table);
  const full = Array.from({ length: LAST_Z }, (_, i) => i + 1)
    .map((z) => ({ z, x: Array.from(rows.values.subarray(rowOf(rows, z), rowOf(rows, z) + rows.width)) }))
    .filter(({ x }) => x.every(Number.isFinite));
  const scale = Array.from({ length: rows.width }, (_, j) => {
    const mean = full.reduce((sum, { x }) => sum + x[j]!, 0) / full.length;
    const sd = Math.sqrt(full.reduce((sum, { x }) => sum + (x[j]! - mean) ** 2, 0) / full.length);
    return { mean, sd: sd || 1 };
  });
  return full.map(({ z, x }) => ({ z, x: x.map((value, j) => (value - scale[j]!.mean) / scale[j]!.sd) }));
}

const meanSquare = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, j) => sum + (value - b[j]!) ** 2, 0) / a.length;

/** Similarity in [0, 1] of compositions under a likeness of elements. */
export function similarityUnder({ of }: Likeness): (a: Composition, b: Composition) => number {
  const smeared = new WeakMap<Composition, Float64Array>();
  const smear = (s: Composition): Float64Array => {
    let known = smeared.get(s);
    if (!known) {
      known = new Float64Array(SIDE);
      for (let z = 1; z < SIDE; z++) for (let i = 0; i < s.z.length; i++) known[z]! += s.fractions[i]! * of(z, s.z[i]!);
      smeared.set(s, known);
    }
    return known;
  };
  return (a, b) => {
    if (a.formula === b.formula) return 1;
    const [p, q] = [smear(a), smear(b)];
    let [common, either] = [0, 0];
    for (let z = 1; z < SIDE; z++) {
      common += Math.min(p[z]!, q[z]!);
      either += Math.max(p[z]!, q[z]!);
    }
    return common / either;
  };
}
