/*
 * What the monomers of a list become, ready to be put together: for every rule and each of its halves the two-ended
 * units, found again by a fingerprint of the open unit that needs no toolkit. A few hundred units stand for the
 * thousands of polymers that their pairs make, which are never all written down.
 */
import { ecfp4 } from "../chem/circular.ts";
import { withMol, graphOf } from "../chem/rdkit.ts";
import { topologyOf } from "../chem/topology.ts";
import type { Counts } from "../chem/morgan.ts";
import type { Graph, Rdkit } from "../chem/types.ts";
import { classify } from "./monomerClasses.ts";
import { readings, units } from "./reaction.ts";
import { rules, type Half } from "./rules.ts";

/** A two-ended unit of one half of a rule. */
export interface LibraryUnit {
  /** Text with two `*`. */
  readonly text: string;
  readonly monomer: string;
  /** Texts begun at each end, without that `*`. */
  readonly readings: readonly string[];
  readonly print: Counts;
}

/** One half of a rule with its units. */
export interface Role {
  readonly rule: string;
  readonly class: string;
  /** 0 or 1: which half. */
  readonly side: 0 | 1;
  readonly units: readonly LibraryUnit[];
  /** What the ends of a unit look like: a fragment with other ends cannot play this role. */
  readonly ends: ReadonlySet<string>;
}

export interface Library {
  /** Roles of one monomer, and pairs of roles. */
  readonly homo: readonly Role[];
  readonly pairs: readonly (readonly [Role, Role])[];
}

/** Run the monomers through the rules' halves. About 1 s for 500 monomers. Throws InputError at a text that is no structure. */
export function libraryOf(rdkit: Rdkit, monomers: readonly string[]): Library {
  const classes = monomers.map((monomer) => classify(rdkit, monomer));
  const known = new Map<Half, readonly LibraryUnit[]>();
  const unitsOf = (half: Half) => {
    let found = known.get(half);
    if (!found) known.set(half, (found = unitsOfHalf(rdkit, monomers.filter((_, i) => half.classes.some((name) => classes[i]!.includes(name))), half)));
    return found;
  };
  const roles = Object.entries(rules).map(([rule, { class: name, halves }]) => halves.map((half, side) => roleOf(rdkit, { rule, class: name, side: side as 0 | 1, units: unitsOf(half) })));
  return {
    homo: roles.flatMap((all) => (all.length === 1 && all[0]!.units.length > 0 ? [all[0]!] : [])),
    pairs: roles.flatMap(([a, b]) => (b && a!.units.length > 0 && b.units.length > 0 ? [[a!, b] as const] : [])),
  };
}

const roleOf = (rdkit: Rdkit, role: Omit<Role, "ends">): Role => ({ ...role, ends: new Set(role.units.flatMap(({ text }) => endsOf(withMol(rdkit, text, graphOf)))) });

/** Units of a half, each text once. */
function unitsOfHalf(rdkit: Rdkit, monomers: readonly string[], { steps }: Half): readonly LibraryUnit[] {
  const seen = new Set<string>();
  return monomers.flatMap((monomer) =>
    units(rdkit, steps, monomer).flatMap((text) => {
      if (seen.has(text)) return [];
      seen.add(text);
      return [{ text, monomer, readings: readings(rdkit, text), print: ecfp4(topologyOf(withMol(rdkit, text, graphOf))) }];
    }));
}

/** What is bonded to each `*`: element, hydrogens, aromatic or not, doubly bonded elements. */
export function endsOf({ atoms, bonds }: Graph): readonly string[] {
  const partners = (at: number) => bonds.flatMap(({ a, b, order, aromatic }) => (a === at ? [{ to: b, order, aromatic }] : b === at ? [{ to: a, order, aromatic }] : []));
  return atoms.flatMap(({ z }, star) => {
    if (z !== 0) return [];
    const end = partners(star)[0]!.to;
    const { z: element, hydrogens, aromatic } = atoms[end]!;
    const doubles = partners(end).flatMap(({ to, order, aromatic: inRing }) => (order === 2 && !inRing ? [atoms[to]!.z] : [])).toSorted((a, b) => a - b);
    return [`${element}:${element === 6 ? 0 : hydrogens}:${Number(aromatic)}:${doubles.join(",")}`];
  });
}
