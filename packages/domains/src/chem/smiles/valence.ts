/*
 * The standard valence model of SMILES, as RDKit applies it: an ion has the valences of its isoelectronic
 * neutral element (N+ those of C, O− those of F), atoms outside brackets are filled with hydrogen up to the
 * next valence, and bracket atoms say their hydrogens. Elements without a list take any number of bonds.
 */

const LISTS: Readonly<Record<number, readonly number[]>> = {
  1: [1], 2: [0], 3: [1], 4: [2], 5: [3], 6: [4], 7: [3], 8: [2], 9: [1], 10: [0], 11: [1], 12: [2], 13: [3], 14: [4], 15: [3, 5, 7], 16: [2, 4, 6], 17: [1], 18: [0],
  19: [1], 20: [2], 31: [3], 32: [4], 33: [3, 5, 7], 34: [2, 4, 6], 35: [1], 36: [0], 37: [1], 38: [2], 49: [3], 50: [2, 4], 51: [3, 5, 7], 52: [2, 4, 6], 53: [1, 3, 5], 54: [0, 2, 4, 6],
};

const ORGANIC: ReadonlySet<number> = new Set([5, 6, 7, 8, 9, 15, 16, 17, 35, 53]);

/** Whether the element may stand without brackets. */
export const isOrganic = (z: number): boolean => z === 0 || ORGANIC.has(z);

/** Valences of an element and charge, ascending; undefined where any number of bonds goes (metals, `*`). */
export function valences(z: number, charge: number): readonly number[] | undefined {
  if (LISTS[z] === undefined) return undefined;
  if (z === 1 || z === 3 || z === 11 || z === 19 || z === 37) return charge === 0 ? LISTS[z] : [0];
  return LISTS[z - charge];
}

/**
 * Hydrogens that an atom without brackets gets: up to the next valence that holds `bonds`.
 * @param bonds sum of bond orders; for an aromatic atom its σ bonds alone, one being kept for the ring's π system.
 */
export function implicitHydrogens(z: number, aromatic: boolean, bonds: number): number {
  if (aromatic) return z === 6 ? Math.max(0, 3 - bonds) : 0;
  for (const valence of valences(z, 0) ?? []) if (valence >= bonds) return valence - bonds;
  return 0;
}

/** Unpaired electrons of a bracket atom whose bonds and hydrogens add up to `total`; 0 where no list applies. */
export function radicals(z: number, charge: number, total: number): number {
  const list = valences(z, charge);
  if (list === undefined) return 0;
  for (const valence of list) if (valence >= total) return valence - total;
  return 0;
}
