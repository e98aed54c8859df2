/* Polymers: the domain of linear homopolymers and regular copolymers, named by one repeat unit with two `*`. */
import type { Catalog } from "@tatara/engine/base";
import type { Domain, PriorRecipe, ProposalRecipe } from "@tatara/engine/generate";
import { ecfp4 } from "../chem/circular.ts";
import { drawStructure } from "../chem/draw.ts";
import { inFamiliarBounds } from "../chem/familiar.ts";
import { languageProposals } from "../chem/language/proposals.ts";
import { ngramRecipe } from "../chem/language/recipe.ts";
import { normalise } from "../chem/language/spelling.ts";
import { TANIMOTO, tanimotoBits } from "../chem/tanimoto.ts";
import type { Rdkit } from "../chem/types.ts";
import { chainTopology, polymerCodec } from "./codec.ts";
import { polymerConstraints } from "./constraints.ts";
import { polymerDescriptors } from "./descriptors.ts";
import { polymerFaults } from "./faults.ts";
import { polymerGrammar } from "./grammar.ts";
import { polymerGroups } from "./groups.ts";
import { monomerProposals } from "./proposals.ts";
import { polymerise } from "./rules.ts";
import type { Polymer } from "./type.ts";

export type { Polymer } from "./type.ts";
export { canonicalText } from "./canonical.ts";
export { polymerGrammar } from "./grammar.ts";
export { classify, groupCounts, monomerClasses } from "./monomerClasses.ts";
export { polymerise, rules } from "./rules.ts";
export type { PolymerisationRule, Product } from "./rules.ts";

export interface PolymerOptions {
  /** Monomers, as texts, of the proposals `monomer` and `monomer-edit`; without them there are none. */
  readonly monomers?: readonly string[];
  /** Further priors and proposals over texts, beside those of the language and of the monomers. */
  readonly priors?: Catalog<PriorRecipe<Polymer, string>>;
  readonly proposals?: Catalog<ProposalRecipe<Polymer, string>>;
}

/** The domain over one RDKit instance, whose thread it stays in. States are texts of repeat units in any writing. */
export function polymer(rdkit: Rdkit, { monomers = [], priors = {}, proposals = {} }: PolymerOptions = {}): Domain<Polymer> {
  const codec = polymerCodec(rdkit);
  return {
    id: "polymer",
    column: "smiles",
    versions: { rdkit: rdkit.version() },
    codec,
    faults: polymerFaults,
    lift: ({ smiles }) => normalise(smiles),
    project: codec.parse,
    descriptors: polymerDescriptors(rdkit),
    defaultDescriptors: ["ecfp", "physchem"],
    readable: { descriptors: ["physchem"], without: [] },
    priors: { ngram: ngramRecipe(polymerGrammar), ...priors },
    proposals: { ...inFamiliarBounds({ ...languageProposals(polymerGrammar), ...(monomers.length > 0 ? monomerProposals(rdkit, monomers) : {}) }, chainTopology, codec.parse), ...proposals },
    constraints: polymerConstraints(rdkit),
    similarityMeans: TANIMOTO,
    similarity: (a, b) => (a.smiles === b.smiles ? 1 : tanimotoBits(ecfp4(chainTopology(a)), ecfp4(chainTopology(b)))),
    ...(monomers.length > 0 ? { library: () => [...new Set(Array.from(polymerise(rdkit, monomers), (product) => product.polymer))] } : {}),
    groups: polymerGroups(rdkit),
    draw: (s, size, highlight) => drawStructure(rdkit, s.smiles, size, highlight && overUnit(s, highlight)),
  };
}

/** Weights per atom of the repeat unit as weights per atom of its text, where the two `*` have none. */
function overUnit({ stars }: Polymer, weights: readonly number[]): readonly number[] {
  const rest = [...weights];
  for (const star of stars) rest.splice(star, 0, 0);
  return rest;
}
