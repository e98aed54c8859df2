/*
 * Units of measurement as plain data: a dimension vector and an affine scale to SI.
 */

/** Exponents of m, kg, s, A, K, mol, cd. */
export type Dimension = readonly [number, number, number, number, number, number, number];

/** Affine scale to SI: si = value · scale + offset. */
export interface Unit {
  readonly symbol: string;
  readonly dimension: Dimension;
  readonly scale: number;
  readonly offset: number;
}

export interface Quantity {
  readonly value: number;
  readonly unit: Unit;
}

/** The unit of a pure number. */
export const one: Unit = { symbol: "1", dimension: [0, 0, 0, 0, 0, 0, 0], scale: 1, offset: 0 };
