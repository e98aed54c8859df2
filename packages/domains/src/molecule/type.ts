/* A molecule: a canonical text and the graph read from it. */
import type { Graph } from "../chem/types.ts";

export interface Molecule {
  /** RDKit's canonical SMILES; equal exactly when two molecules are the same. */
  readonly smiles: string;
  /** Atoms in the order of the text. */
  readonly graph: Graph;
}
