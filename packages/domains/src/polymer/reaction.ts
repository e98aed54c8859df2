/*
 * Runs reaction SMARTS on one monomer, and joins two-ended units. RDKit's products are not sanitised, so each
 * one is written and read again; a product that cannot be read is no product. Everything RDKit hands out is freed.
 */
import type { Mol, Reaction } from "@rdkit/rdkit";
import { readMol } from "../chem/rdkit.ts";
import type { Rdkit } from "../chem/types.ts";

/** More ways than this to react once are not told apart: no monomer here has as many. */
const MAX_PRODUCTS = 64;

const reactions = new WeakMap<Rdkit, Map<string, Reaction>>();

/** The compiled reaction, kept for the life of the RDKit instance. */
function compiled(rdkit: Rdkit, smarts: string): Reaction {
  let known = reactions.get(rdkit);
  if (!known) reactions.set(rdkit, (known = new Map()));
  let reaction = known.get(smarts);
  if (!reaction) known.set(smarts, (reaction = rdkit.get_rxn(smarts)!));
  return reaction;
}

/** Distinct canonical products of reacting one reactant once, sorted. */
export function react(rdkit: Rdkit, smarts: string, reactant: string): readonly string[] {
  const read = readMol(rdkit, reactant);
  if ("reason" in read) return [];
  const reactants = new rdkit.MolList();
  reactants.append(read.mol);
  const sets = compiled(rdkit, smarts).run_reactants(reactants, MAX_PRODUCTS);
  const texts = new Set<string>();
  for (let i = 0; i < sets.size(); i++) {
    const set = sets.get(i)!;
    for (let j = 0; j < set.size(); j++) {
      const product = set.at(j)!;
      texts.add(product.get_smiles());
      product.delete();
    }
    set.delete();
  }
  for (const handle of [sets, reactants, read.mol]) handle.delete();
  return [...new Set([...texts].flatMap((text) => canonical(rdkit, text)))].toSorted();
}

function canonical(rdkit: Rdkit, text: string): readonly string[] {
  const read = readMol(rdkit, text);
  if ("reason" in read) return [];
  const out = read.mol.get_smiles();
  read.mol.delete();
  return [out];
}

/** Apply the steps one after the other, every outcome of one to the next, and keep units with exactly two `*`. */
export function units(rdkit: Rdkit, steps: readonly string[], monomer: string): readonly string[] {
  let texts: readonly string[] = [monomer];
  for (const step of steps) texts = [...new Set(texts.flatMap((text) => react(rdkit, step, text)))].toSorted();
  return texts.filter((text) => starsOf(text).length === 2 && !text.includes("."));
}

const TOKEN = /\[[^\]]*\]|Br|Cl|%\d\d|./g;
const ATOM = /^(\[.*\]|Br|Cl|[A-Za-z*])$/;

/** Atom numbers of the `*` of a text. */
function starsOf(text: string): readonly number[] {
  const atoms = text.match(TOKEN)!.filter((token) => ATOM.test(token));
  return atoms.flatMap((atom, i) => (atom === "*" ? [i] : []));
}

/** The text of a unit, begun at each of its two ends and without that leading `*`; one text if both read the same. */
export function readings(rdkit: Rdkit, unit: string): readonly string[] {
  const read = readMol(rdkit, unit);
  if ("reason" in read) return [];
  const texts = starsOf(unit).map((rootedAtAtom) => rooted(read.mol, rootedAtAtom));
  read.mol.delete();
  return [...new Set(texts)];
}

const rooted = (mol: Mol, rootedAtAtom: number): string => mol.get_smiles(JSON.stringify({ rootedAtAtom })).replace(/^\*-?/, "");

/** Join `first` to `second`, both readings without their leading `*`: a text with two `*`. The bond is single. */
export function join(first: string, second: string): string {
  const rings = Math.max(0, ...first.replaceAll(/\[[^\]]*\]/g, "").match(/%\d\d|\d/g)?.map(ringNumber) ?? []);
  const shifted = second.match(TOKEN)!.map((token) => (/^(%\d\d|\d)$/.test(token) ? ringText(ringNumber(token) + rings) : token)).join("");
  return `*${first.replace(/-?\*/, `-${shifted}`)}`;
}

const ringText = (ring: number): string => (ring < 10 ? String(ring) : `%${ring}`);
const ringNumber = (token: string): number => Number(token.replace("%", ""));
