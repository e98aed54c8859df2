/*
 * What molecule, polymer and their calculators share: the RDKit handle and a plain molecular graph.
 * RDKit decides validity, aromaticity and canonical text; everything counted on a graph is ours.
 */
import type { MainModule } from "@rdkit/rdkit";

/** The toolkit instance that domain factories take as an argument; one per thread. */
export type Rdkit = MainModule;

/** One atom as sanitised by RDKit. An attachment point `*` has z = 0. */
export interface Atom {
  /** Atomic number; 0 for `*`. */
  readonly z: number;
  readonly charge: number;
  /** Hydrogens attached that are not atoms of the graph. */
  readonly hydrogens: number;
  /** Mass number, 0 when natural. */
  readonly isotope: number;
  readonly aromatic: boolean;
  /** Unpaired electrons. */
  readonly radicals: number;
  /** Tetrahedral centre: seen from order[0], order[1..3] run counter-clockwise if `ccw`; −1 stands for the implicit hydrogen. */
  readonly stereo?: { readonly order: readonly number[]; readonly ccw: boolean };
}

export interface Bond {
  readonly a: number;
  readonly b: number;
  /** Kekulé order 1, 2, 3 (4 rarely); dative bonds count 1. */
  readonly order: number;
  readonly aromatic: boolean;
  /** Double-bond configuration: whether neighbour `refA` of a and `refB` of b lie on the same side. */
  readonly stereo?: { readonly refA: number; readonly refB: number; readonly cis: boolean };
}

/** Heavy atoms and bonds; plain frozen data. */
export interface Graph {
  readonly atoms: readonly Atom[];
  readonly bonds: readonly Bond[];
}
