/*
 * A polymer: one repeat unit of a linear chain without ends, written with two `*`. Where the chain was cut, in
 * which direction it was read and how often the unit was repeated are not part of it. Not here: tacticity,
 * sequence distributions, branching, end groups, length.
 */
import type { Graph } from "../chem/types.ts";

export interface Polymer {
  /** Canonical text of the repeat unit with two `*`; equal exactly when two polymers are the same. */
  readonly smiles: string;
  /** The repeat unit with its two `*`, atoms in the order of the text. */
  readonly unit: Graph;
  /** The atom numbers of the two `*` in `unit`. */
  readonly stars: readonly [number, number];
  /** The repeat unit without its `*`, atoms in the order of the text. */
  readonly repeat: Graph;
  /** How units follow each other: `tail` of one is bonded to `head` of the next. Atom numbers in `repeat`. */
  readonly link: { readonly head: number; readonly tail: number; readonly order: number };
  /** Atoms of `repeat` in the main chain: those on some path from head to tail, whole rings in the chain included. */
  readonly backbone: readonly number[];
}
