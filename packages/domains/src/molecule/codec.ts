/*
 * Text ⇄ molecule. The graph is always read from the canonical text, so that equal molecules have equal graphs, atom
 * for atom. Several fragments (salts) are kept as they are; atom-map numbers are annotations and are dropped.
 */
import { InputError } from "@tatara/engine/base";
import type { Codec } from "@tatara/engine/generate";
import { graphOf, withMol } from "../chem/rdkit.ts";
import { shown } from "../chem/reasons.ts";
import type { Graph, Rdkit } from "../chem/types.ts";
import type { Molecule } from "./type.ts";

const ROUNDS = 4; // canonical text of canonical text; RDKit's settles in the first round on all but a few cages

/** Parse throws InputError with the reason when the text is no molecule. */
export const moleculeCodec = (rdkit: Rdkit): Codec<Molecule> => ({
  parse: (text) => settle(rdkit, text.trim().replaceAll(/:\d+\]/g, "]"), text),
  format: ({ smiles }) => smiles,
  key: ({ smiles }) => smiles,
});

/** Canonicalise until the text stays the same; the last molecule gives the graph. */
function settle(rdkit: Rdkit, start: string, given: string): Molecule {
  let text = start;
  for (let round = 0; round < ROUNDS; round++) {
    const read = withMol(rdkit, text, (mol): { readonly smiles: string; readonly graph: Graph | undefined } => {
      const smiles = mol.get_smiles();
      return { smiles, graph: smiles === text ? graphOf(mol) : undefined };
    });
    if (read.graph) return Object.freeze({ smiles: read.smiles, graph: read.graph });
    text = read.smiles;
  }
  throw new InputError(`no canonical text: ${shown(given)} — its canonical form does not settle`, { value: given });
}
