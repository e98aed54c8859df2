/*
 * Text ⇄ molecule. The graph is always read from the canonical text, so that equal molecules have equal graphs, atom
 * for atom. Several fragments (salts) are kept as they are; atom-map numbers are annotations and are dropped.
 */
import { InputError } from "@tatara/engine/base";
import type { Codec } from "@tatara/engine/generate";
import { graphOf, withMol } from "../chem/rdkit.ts";
import { shown } from "../chem/reasons.ts";
import type { Rdkit } from "../chem/types.ts";
import type { Molecule } from "./type.ts";

const ROUNDS = 4; // canonical text of canonical text; RDKit's settles in the first round on all but a few cages
const REMEMBERED = 1000; // a sampler evaluates a text, then describes it: the second reading is free

/** Parse throws InputError with the reason when the text is no molecule. */
export function moleculeCodec(rdkit: Rdkit): Codec<Molecule> {
  const recent = new Map<string, Molecule>();
  const remember = (s: Molecule): Molecule => {
    if (recent.size >= REMEMBERED) recent.delete(recent.keys().next().value!);
    recent.set(s.smiles, s);
    return s;
  };
  return {
    parse(given) {
      let text = given.trim().replaceAll(/:\d+\]/g, "]");
      for (let round = 0; round < ROUNDS; round++) {
        const known = recent.get(text);
        if (known) return known;
        const read = readOnce(rdkit, text);
        if (typeof read !== "string") return remember(whole(read, given));
        text = read;
      }
      throw new InputError(`no canonical text: ${shown(given)} — its canonical form does not settle`, { value: given });
    },
    format: ({ smiles }) => smiles,
    key: ({ smiles }) => smiles,
  };
}

/** A * stands for what is not there: a piece, not a molecule. */
function whole(read: Molecule, given: string): Molecule {
  if (read.graph.atoms.every(({ z }) => z !== 0)) return read;
  throw new InputError(`attachment point: ${shown(given)} — a molecule has no *; repeat units belong to domain: polymer`, { value: given });
}

/** The molecule of a canonical text; the canonical text of any other. */
const readOnce = (rdkit: Rdkit, text: string): Molecule | string =>
  withMol(rdkit, text, (mol) => {
    const smiles = mol.get_smiles();
    return smiles === text ? Object.freeze({ smiles, graph: graphOf(mol) }) : smiles;
  });
