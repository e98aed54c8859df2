/*
 * Which monomers a polymer is made of: the rules run backwards. A polymer of a pair rule is cut at two joints into
 * two fragments with the ends of the rule's halves; fragments that are library units are known monomers, others are
 * monomers that the library lacks but the rule would take.
 */
import { ecfp4 } from "../chem/circular.ts";
import type { Counts } from "../chem/morgan.ts";
import { graphOf, withMol } from "../chem/rdkit.ts";
import { topologyOf } from "../chem/topology.ts";
import type { Rdkit } from "../chem/types.ts";
import { canonicalText } from "./canonical.ts";
import { chainOf, type Chain } from "./chain.ts";
import { readUnit } from "./ends.ts";
import { fragmentText } from "./fragment.ts";
import type { Library, LibraryUnit, Role } from "./library.ts";

/** A stretch of the polymer in the role of one monomer. */
export interface Part {
  readonly role: Role;
  /** Canonical text with two `*`. */
  readonly text: string;
  readonly print: Counts;
  /** The library's unit, if it has this one. */
  readonly unit: LibraryUnit | undefined;
}

/** The parts of one way to make the polymer, in the order of the rule's halves. */
export type Recipe = readonly [Part] | readonly [Part, Part];

/** More joints than this are not tried: a polymer with as many has no two-monomer recipe worth finding. */
const MAX_PAIRS = 40;

/** Finds recipes: those of known monomers alone, or, where there are none, those with one known monomer. */
export function decomposer(rdkit: Rdkit, library: Library): (polymer: string) => readonly Recipe[] {
  const homo = new Map<string, Part>();
  for (const role of library.homo) for (const unit of role.units) homo.set(canonicalText(rdkit, unit.text), { role, text: unit.text, print: unit.print, unit });
  const indices = new Map(library.pairs.flat().map((role) => [role, new Map(role.units.map((unit) => [unit.text, unit]))]));
  const part = (role: Role, text: string): Part => {
    const unit = indices.get(role)!.get(text);
    return { role, text, unit, print: unit?.print ?? ecfp4(topologyOf(withMol(rdkit, text, graphOf))) };
  };
  return (polymer) => {
    const whole = homo.get(polymer);
    const chain = chainOf(readUnit(rdkit, polymer));
    const pairs = jointsOf(chain, library);
    const recipes = pairs.map(({ a, b, from, count }): Recipe => [part(a, canon(rdkit, fragmentText(chain, from, count))), part(b, canon(rdkit, fragmentText(chain, (from + count) % chain.cuts.length, chain.cuts.length - count)))]);
    const known = (least: number) => recipes.filter((parts) => parts.filter(({ unit }) => unit).length >= least);
    return [...(whole ? [[whole] as const] : []), ...(known(2).length > 0 ? known(2) : known(1))];
  };
}

const canon = (rdkit: Rdkit, text: string): string => withMol(rdkit, text, (mol) => mol.get_smiles());

interface Joint { readonly a: Role; readonly b: Role; readonly from: number; readonly count: number }

/** Pairs of cuts between which a stretch has the ends of a rule's first half, and the rest those of its second. */
function jointsOf(chain: Chain, { pairs }: Library): readonly Joint[] {
  const ends = chain.cuts.map(({ from, to }) => ({ before: endOf(chain, from), after: endOf(chain, to) }));
  const n = chain.cuts.length;
  const found: Joint[] = [];
  for (const [a, b] of pairs) {
    const enters = ends.flatMap(({ before, after }, i) => (b.ends.has(before) && a.ends.has(after) ? [i] : []));
    const leaves = ends.flatMap(({ before, after }, i) => (a.ends.has(before) && b.ends.has(after) ? [i] : []));
    for (const i of enters) for (const j of leaves) if (i !== j && found.length < MAX_PAIRS) found.push({ a, b, from: i, count: (j - i + n) % n });
  }
  return found;
}

/** As endsOf of the library, for an atom of the chain. */
function endOf({ atoms, bonds, topology: { neighbours } }: Chain, at: number): string {
  const { z, hydrogens, aromatic } = atoms[at]!;
  const doubles = neighbours[at]!.flatMap(({ atom, bond }) => (bonds[bond]!.order === 2 && !bonds[bond]!.aromatic ? [atoms[atom]!.z] : [])).toSorted((x, y) => x - y);
  return `${z}:${z === 6 ? 0 : hydrogens}:${Number(aromatic)}:${doubles.join(",")}`;
}
