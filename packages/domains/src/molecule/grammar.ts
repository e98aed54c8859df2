/* How the chemical language reads molecules. */
import type { Grammar } from "../chem/language/grammar.ts";
import type { Molecule } from "./type.ts";

/** No attachment points, one component: salts are not said. */
export const moleculeGrammar: Grammar<Molecule> = { id: "molecule", textOf: ({ smiles }) => smiles, attachments: 0, components: false, roots: "any" };
