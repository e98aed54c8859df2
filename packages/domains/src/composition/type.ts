/*
 * A composition: which elements, in which fractions of all atoms. It says nothing of structure, phase or charge, and
 * nothing of size: Fe2O3 and Fe4O6 are one composition. Fractions are known to one in a million; everything else is
 * read off them, so that equal compositions are equal to the last bit.
 */

/** Frozen plain data; the arrays run in parallel, in order of atomic number. */
export interface Composition {
  /** Canonical text, which is also the identity: `Fe2O3`, `La1.85Sr0.15CuO4`, `Al65Cu20Fe15`. */
  readonly formula: string;
  /** Atomic numbers, ascending. */
  readonly z: readonly number[];
  /** Shares of the atoms; they sum to one. */
  readonly fractions: readonly number[];
  /** Amounts as the canonical text has them: what a sum over the formula runs over. */
  readonly amounts: readonly number[];
  /** The same amounts as whole numbers without a common divisor. */
  readonly reduced: readonly number[];
}

/** Elements with positive amounts on any scale, in order of atomic number: what a formula says, as it was written. */
export interface Amounts {
  readonly z: readonly number[];
  readonly amounts: readonly number[];
}
