/*
 * SMARTS patterns. Each is compiled once per RDKit instance and lives as long as the instance does: patterns come
 * from studies and from tables in this package, so there are few.
 */
import type { Mol } from "@rdkit/rdkit";
import { InputError } from "@tatara/engine/base";
import { errorLog } from "./rdkit.ts";
import { reasonOf, shown } from "./reasons.ts";
import type { Rdkit } from "./types.ts";

const LONGEST = 500; // characters; RDKit's SMARTS code is recursive like its SMILES code
const compiled = new WeakMap<Rdkit, Map<string, Mol>>();

/** The compiled pattern, owned by this module: never delete it. Throws InputError naming the pattern and the reason. */
export function pattern(rdkit: Rdkit, smarts: string): Mol {
  const known = compiled.get(rdkit) ?? new Map<string, Mol>();
  compiled.set(rdkit, known);
  const found = known.get(smarts) ?? compile(rdkit, smarts);
  known.set(smarts, found);
  return found;
}

function compile(rdkit: Rdkit, smarts: string): Mol {
  const refuse = (reason: string) => new InputError(`not a SMARTS pattern: ${shown(smarts)} — ${reason}`, { value: smarts });
  if (smarts.trim() === "") throw refuse("empty text");
  if (smarts.length > LONGEST) throw refuse(`${smarts.length} characters, at most ${LONGEST}`);
  const log = errorLog(rdkit);
  log?.clear_buffer();
  const made = rdkit.get_qmol(smarts);
  if (made === null) throw refuse(reasonOf(log?.get_buffer() ?? "", smarts).replace("a structure", "a pattern"));
  return made;
}

/** Whether the pattern occurs in the molecule. */
export const hasMatch = (mol: Mol, query: Mol): boolean => mol.get_substruct_match(query) !== "{}";

/** Atoms of every match, each set of atoms once. */
export function matchesOf(mol: Mol, query: Mol): readonly (readonly number[])[] {
  const found = JSON.parse(mol.get_substruct_matches(query)) as readonly { readonly atoms: readonly number[] }[] | Record<string, never>;
  return Array.isArray(found) ? found.map(({ atoms }: { atoms: readonly number[] }) => atoms) : [];
}
