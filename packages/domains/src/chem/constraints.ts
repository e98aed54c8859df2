/*
 * Hard conditions on structures, shared by every kind of material made of atoms: what must occur, what must not,
 * sizes, charge and ease of synthesis. Each is built from a study's value, checked and compiled once, and then
 * judges one material at a time: undefined when it is met, else the reason in words.
 */
import type { Catalog } from "@tatara/engine/base";
import type { ConstraintRecipe } from "@tatara/engine/generate";
import { atomicNumber, elements } from "./elements.ts";
import { hasMatch, pattern } from "./patterns.ts";
import { withMol } from "./rdkit.ts";
import { saScoreOf } from "./saScore.ts";
import type { Topology } from "./topology.ts";
import type { Rdkit } from "./types.ts";
import { count, list, number, patterns, range, symbols, weight } from "./values.ts";
import type { Reader } from "./values.ts";

export interface Access<S> {
  /** Structure in which patterns are looked for; of a polymer, enough units that every pattern fits. */
  text(s: S): string;
  /** Structure whose synthetic accessibility is judged. */
  synthesisText(s: S): string;
  /** Atoms and bonds to be counted; `*` is never counted. */
  topology(s: S): Topology;
}

/** The catalogue of constraints over materials that `access` can show to RDKit and as a topology. */
export function structureConstraints<S>(rdkit: Rdkit, { text, synthesisText, topology }: Access<S>): Catalog<ConstraintRecipe<S>> {
  return {
    require: recipe("patterns (SMARTS) that must all occur", patterns, (smarts) => {
      const wanted = smarts.map((one) => [one, pattern(rdkit, one)] as const);
      return (s) => withMol(rdkit, text(s), (mol) => say(wanted.filter(([, query]) => !hasMatch(mol, query)), ([one]) => `lacks required ${one}`));
    }),
    forbid: recipe("patterns (SMARTS) none of which may occur", patterns, (smarts) => {
      const unwanted = smarts.map((one) => [one, pattern(rdkit, one)] as const);
      return (s) => withMol(rdkit, text(s), (mol) => say(unwanted.filter(([, query]) => hasMatch(mol, query)), ([one]) => `contains forbidden ${one}`));
    }),
    elements: recipe("symbols of the elements allowed; hydrogen always is", symbols, (allowed) => {
      const set = new Set([0, 1, ...allowed.map((symbol) => atomicNumber(symbol)!)]);
      return (s) => say([...new Set(topology(s).graph.atoms.map(({ z }) => z).filter((z) => !set.has(z)))].toSorted((a, b) => a - b), (z) => `contains ${elements[z]!.name}`);
    }),
    max_heavy_atoms: recipe("most heavy atoms, attachment points not counted", count, (most) => (s) => over("heavy atoms", heavyAtoms(topology(s)), most)),
    min_heavy_atoms: recipe("fewest heavy atoms, attachment points not counted", count, (least) => (s) => under("heavy atoms", heavyAtoms(topology(s)), least)),
    ring_sizes: recipe("sizes of rings allowed; an empty list forbids rings", list(count), (allowed) => (s) =>
      say(topology(s).rings.filter((ring) => !allowed.includes(ring.length)), (ring) => `ring of ${ring.length} atoms, allowed ${allowed.length === 0 ? "none" : allowed.join(", ")}`)),
    max_rings: recipe("most rings", count, (most) => (s) => over("rings", topology(s).rings.length, most)),
    charge: recipe("net formal charge: a number, or lowest and highest", range, ([low, high]) => (s) => {
      const charge = topology(s).graph.atoms.reduce((sum, atom) => sum + atom.charge, 0);
      return charge >= low && charge <= high ? undefined : `charge ${signed(charge)}, allowed ${low === high ? signed(low) : `${signed(low)} to ${signed(high)}`}`;
    }),
    max_sa: recipe("hardest synthesis allowed: SA score from 1 (easy) to 10 (hard)", number(1, 10), (most) => (s) => over("SA score", Number(withMol(rdkit, synthesisText(s), saScoreOf).toFixed(4)), most)),
    max_weight: recipe("largest molecular weight: a number in g/mol, or text with a unit", weight, (most) => (s) => over("g/mol", Number(weightOf(topology(s)).toFixed(3)), most)),
    min_weight: recipe("smallest molecular weight: a number in g/mol, or text with a unit", weight, (least) => (s) => under("g/mol", Number(weightOf(topology(s)).toFixed(3)), least)),
  };
}

/** Mass of a molecule or of a repeat unit, g/mol; isotope labels are ignored. */
const weightOf = ({ graph }: Topology): number => graph.atoms.reduce((sum, { z, hydrogens }) => sum + elements[z]!.weight + hydrogens * elements[1]!.weight, 0);

const heavyAtoms = ({ graph }: Topology): number => graph.atoms.reduce((sum, { z }) => sum + Number(z > 1), 0);
const signed = (charge: number): string => (charge > 0 ? `+${charge}` : String(charge));

const recipe = <S, V>(about: string, read: Reader<V>, build: (value: V) => (s: S) => string | undefined): ConstraintRecipe<S> => ({ about, schema: { parse: read }, make: (value) => build(read(value)) });

/** One reason for everything found, or none. */
const say = <T>(found: readonly T[], reason: (item: T) => string): string | undefined => (found.length === 0 ? undefined : [...new Set(found.map(reason))].join(", "));

const over = (what: string, value: number, most: number): string | undefined => (value <= most ? undefined : `${worded(what, value)}, at most ${most}`);
const under = (what: string, value: number, least: number): string | undefined => (value >= least ? undefined : `${worded(what, value)}, at least ${least}`);
const worded = (what: string, value: number): string => (what === "SA score" ? `${what} ${value}` : `${value} ${what}`);
