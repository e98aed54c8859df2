/* Molecules: the domain of small structures, named by RDKit's canonical SMILES. */
import type { Catalog } from "@tatara/engine/base";
import type { Descriptor, Domain, PriorRecipe, ProposalRecipe } from "@tatara/engine/generate";
import { circular, ecfp4 } from "../chem/circular.ts";
import { structureConstraints } from "../chem/constraints.ts";
import { drawStructure } from "../chem/draw.ts";
import { inFamiliarBounds } from "../chem/familiar.ts";
import { graphRow } from "../chem/graph.ts";
import { languageProposals, ngramRecipe, normalise } from "../chem/language/index.ts";
import { maccs } from "../chem/maccs.ts";
import { physchem } from "../chem/physchem.ts";
import { qed } from "../chem/qed.ts";
import { rdkit2d } from "../chem/rdkit2d.ts";
import { saScore } from "../chem/saScore.ts";
import { TANIMOTO, tanimotoBits } from "../chem/tanimoto.ts";
import { topologyOf } from "../chem/topology.ts";
import type { Rdkit } from "../chem/types.ts";
import { moleculeCodec } from "./codec.ts";
import { moleculeFaults } from "./faults.ts";
import { moleculeGrammar } from "./grammar.ts";
import { moleculeGroups } from "./groups.ts";
import type { Molecule } from "./type.ts";

export type { Molecule } from "./type.ts";
export { moleculeGrammar } from "./grammar.ts";

export interface MoleculeOptions {
  /** Further priors and proposals over token strings, beside the language model's. */
  readonly priors?: Catalog<PriorRecipe<Molecule, string>>;
  readonly proposals?: Catalog<ProposalRecipe<Molecule, string>>;
}

const view = ({ graph }: Molecule) => topologyOf(graph);
const text = ({ smiles }: Molecule) => smiles;

/** The domain over one RDKit instance, whose thread it stays in. States are SMILES in the language's form; `project` reads any writing. */
export function molecule(rdkit: Rdkit, { priors = {}, proposals = {} }: MoleculeOptions = {}): Domain<Molecule> {
  const codec = moleculeCodec(rdkit);
  return {
    id: "molecule",
    column: "smiles",
    versions: { rdkit: rdkit.version() },
    codec,
    faults: moleculeFaults,
    lift: ({ smiles }) => normalise(smiles),
    project: codec.parse,
    descriptors: descriptors(rdkit),
    defaultDescriptors: ["ecfp", "physchem"],
    readable: { descriptors: ["physchem"], without: [] },
    priors: { ngram: ngramRecipe(moleculeGrammar), ...priors },
    proposals: { ...inFamiliarBounds(languageProposals(moleculeGrammar), view, codec.parse), ...proposals },
    constraints: structureConstraints(rdkit, { text, synthesisText: text, topology: view }),
    similarityMeans: TANIMOTO,
    similarity: (a, b) => (a.smiles === b.smiles ? 1 : tanimotoBits(ecfp4(view(a)), ecfp4(view(b)))),
    groups: moleculeGroups(rdkit),
    draw: ({ smiles }, size, highlight) => drawStructure(rdkit, smiles, size, highlight),
  };
}

const descriptors = (rdkit: Rdkit): Catalog<Descriptor<Molecule>> => ({
  ecfp: circular("ecfp", view),
  ecfp_bits: circular("ecfp_bits", view, { bits: true }),
  fcfp: circular("fcfp", view, { features: true }),
  fcfp_bits: circular("fcfp_bits", view, { features: true, bits: true }),
  maccs: maccs(rdkit, text),
  rdkit2d: rdkit2d(rdkit, text),
  physchem: physchem(view),
  qed: qed(rdkit, text),
  sa: saScore(rdkit, text),
  graph: graphRow(view),
});
