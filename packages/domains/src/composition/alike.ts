/*
 * How alike two elements are, and with that two compositions. Elements lie in the space of their standardised
 * properties; their likeness is a Gaussian of the distance whose width is the median distance to the third neighbour,
 * so that each element has a few relatives. Compositions are compared by the Tanimoto coefficient of their fractions
 * under that kernel, a·b / (a·a + b·b − a·b): NaCl is like KCl, and less like MgO.
 */
import type { ElementTable } from "../elements/types.ts";
import { rowsOf, rowOf } from "./rows.ts";
import { LAST_Z } from "./symbols.ts";
import type { Composition } from "./type.ts";

const NEIGHBOUR = 3;

export interface Likeness {
  /** In [0, 1], 1 for the same element; symmetric. Elements that the table does not have are like themselves alone. */
  of(a: number, b: number): number;
}

const SIDE = LAST_Z + 1;

export function likenessOf(table: ElementTable): Likeness {
  const known = standardised(table);
  const distances = known.map(({ x }) => known.map((other) => Math.sqrt(meanSquare(x, other.x))));
  const near = distances.map((row) => row.toSorted((a, b) => a - b)[Math.min(NEIGHBOUR, row.length - 1)]!).sort((a, b) => a - b);
  const width = near[near.length >> 1] || 1;
  const kernel = new Float64Array(SIDE * SIDE);
  for (let z = 0; z < SIDE; z++) kernel[z * SIDE + z] = 1;
  known.forEach(({ z: a }, i) => known.forEach(({ z: b }, j) => (kernel[a * SIDE + b] = Math.exp(-((distances[i]![j]! / width) ** 2) / 2))));
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
  const dot = (a: Composition, b: Composition): number => {
    let sum = 0;
    for (let i = 0; i < a.z.length; i++) for (let j = 0; j < b.z.length; j++) sum += a.fractions[i]! * b.fractions[j]! * of(a.z[i]!, b.z[j]!);
    return sum;
  };
  const squares = new WeakMap<Composition, number>();
  const square = (s: Composition): number => {
    let known = squares.get(s);
    if (known === undefined) squares.set(s, (known = dot(s, s)));
    return known;
  };
  return (a, b) => {
    if (a.formula === b.formula) return 1;
    const [first, second] = a.formula < b.formula ? [a, b] : [b, a]; // the order of summing must not show
    const common = dot(first, second);
    return Math.max(0, Math.min(1, common / (square(first) + square(second) - common)));
  };
}
