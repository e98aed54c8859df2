/*
 * Finite stretches of a chain as plain structures, for tools that know only molecules. Stereochemistry is left out.
 */
import { writeSmiles } from "../chem/smiles/index.ts";
import { CAPS } from "../chem/rdkit.ts";
import type { Atom, Bond, Graph } from "../chem/types.ts";
import type { Polymer } from "./type.ts";

const STAR: Atom = { z: 0, charge: 0, hydrogens: 0, isotope: 0, aromatic: false, radicals: 0 };

/** n units in a row. The atoms of unit i are i·u … (i + 1)·u − 1, u the atoms of one unit; the two caps come last. */
export function oligomer({ repeat, link }: Polymer, n: number, caps: readonly [Atom, Atom] = [STAR, STAR]): Graph {
  const u = repeat.atoms.length;
  const units = Array.from({ length: n }, (_, i) => i * u);
  const joint = (a: number, b: number): Bond => ({ a, b, order: link.order, aromatic: false });
  const atoms = [...units.flatMap(() => repeat.atoms), ...caps];
  const bonds = [
    ...units.flatMap((shift) => repeat.bonds.map(({ a, b, order, aromatic }) => ({ a: a + shift, b: b + shift, order, aromatic }))),
    ...units.slice(1).map((shift) => joint(shift - u + link.tail, shift + link.head)),
    joint(n * u, link.head),
    joint((n - 1) * u + link.tail, n * u + 1),
  ];
  return { atoms, bonds };
}

/** Text of n units whose caps are the next units' end atoms, bare: what lies beyond looks right to its neighbours. */
export function mimicked(polymer: Polymer, n: number): string {
  const { repeat, link } = polymer;
  const bare = (atom: number): Atom => ({ ...STAR, z: repeat.atoms[atom]!.z });
  return writeSmiles(oligomer(polymer, n, [bare(link.tail), bare(link.head)]));
}

/** The largest number of units, at most `wanted`, that RDKit can take; 0 when not even one. */
export function unitsThatFit({ repeat, smiles }: Polymer, wanted: number): number {
  const text = smiles.length - 2 + 4; // ring numbers may grow to %nn, and joints may need a bond
  return Math.min(wanted, Math.floor((CAPS.atoms - 2) / repeat.atoms.length), Math.floor((CAPS.characters - 20) / text));
}
