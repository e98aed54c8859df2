/*
 * The kernel mean descriptor of Kusaba, Hayashi, Liu, Wakiuchi and Yoshida (Phys. Rev. B 108, 134107, 2023, doi
 * 10.1103/PhysRevB.108.134107), one-dimensional variant: each property of the elements is scaled to [0, 1] and smeared
 * over G grid points, K[e, (j, g)] = exp(−(x_ej − g)² / Δ²), and a composition is described by the mean of its
 * elements' rows, kᵀ = wᵀ K. With as many columns as elements or more the map has an inverse: the fractions are the
 * point of the simplex whose image comes closest.
 */
import { one } from "@tatara/engine/base";
import type { Descriptor } from "@tatara/engine/generate";
import { simplexLeastSquares, type Matrix } from "@tatara/engine/numeric";
import { atomicNumber } from "../../chem/elements.ts";
import type { ElementTable } from "../../elements/types.ts";
import { composition } from "../canonical.ts";
import { insert } from "../formula/scan.ts";
import { LAST_Z } from "../symbols.ts";
import type { Composition } from "../type.ts";

export interface KmdOptions {
  /** Grid points of each property. */
  readonly grid?: number;
  /** Width Δ of the kernel on the scaled axis. Default: the distance of two grid points. */
  readonly width?: number;
}

export interface Kmd {
  /** Atomic numbers of the rows: elements that have every property. */
  readonly z: readonly number[];
  /** Elements × (properties · grid). */
  readonly kernel: Matrix;
}

/** Inverted fractions below this are rounding. */
const NOISE = 1e-12;

/** The kernel rows of a table's elements. */
export function kernelMean(table: ElementTable, { grid = 20, width = 1 / (grid - 1) }: KmdOptions = {}): Kmd {
  const d = table.properties.length;
  const full = table.symbols.map((_, i) => i).filter((i) => table.values.subarray(i * d, (i + 1) * d).every(Number.isFinite));
  const data = new Float64Array(full.length * d * grid);
  for (let j = 0; j < d; j++) {
    const column = full.map((i) => table.values[i * d + j]!);
    const [low, high] = [Math.min(...column), Math.max(...column)];
    column.forEach((value, row) => {
      const x = high > low ? (value - low) / (high - low) : 0;
      for (let g = 0; g < grid; g++) data[(row * d + j) * grid + g] = Math.exp(-(((x - g / (grid - 1)) / width) ** 2));
    });
  }
  return { z: full.map((i) => atomicNumber(table.symbols[i]!)!), kernel: { rows: full.length, cols: d * grid, data } };
}

/** The descriptor `kmd`; NaN throughout for a composition with an element that lacks a property. */
export function kmd(table: ElementTable, options: KmdOptions = {}): Descriptor<Composition> {
  const { grid = 20 } = options;
  let made: { readonly kernel: Matrix; readonly rows: Int32Array } | undefined;
  const prepare = () => {
    const { z, kernel } = kernelMean(table, options);
    const rows = new Int32Array(LAST_Z + 1).fill(-1);
    z.forEach((element, row) => (rows[element] = row));
    return { kernel, rows };
  };
  return {
    id: "kmd",
    about: `kernel means of ${table.properties.length} properties of the elements on ${grid} grid points each: the distribution of each property over the atoms`,
    features: table.properties.flatMap(({ name, about }) => Array.from({ length: grid }, (_, g) => ({ name: `kmd:${name}:${g}`, unit: one, about: `share of atoms near ${(g / (grid - 1)).toFixed(2)} of the range of ${about}`, block: "kmd" }))),
    write({ z, fractions }, row) {
      const { kernel: { cols, data }, rows } = (made ??= prepare());
      const at = z.map((element) => rows[element]!);
      row.fill(at.includes(-1) ? Number.NaN : 0);
      at.forEach((from, i) => {
        if (from >= 0) for (let k = 0; k < cols; k++) row[k]! += fractions[i]! * data[from * cols + k]!;
      });
    },
  };
}

/** The composition whose kernel mean comes closest to `mean`, and how close: exact quadratic programming over all elements' fractions. */
export function invertKernelMean({ z, kernel }: Kmd, mean: ArrayLike<number>): { readonly fractions: ReadonlyMap<number, number>; readonly composition: Composition; readonly residual: number } {
  const { weights, residual } = simplexLeastSquares(kernel, mean);
  const kept = z.map((element, i) => [element, weights[i]!] as const).filter(([, w]) => w > NOISE);
  const total = kept.reduce((sum, [, w]) => sum + w, 0);
  const [elements, amounts]: [number[], number[]] = [[], []];
  for (const [element, w] of kept) if (w / total >= 5e-7) insert(elements, amounts, element, w / total);
  return { fractions: new Map(kept.map(([element, w]) => [element, w / total])), composition: composition({ z: elements, amounts }), residual };
}
