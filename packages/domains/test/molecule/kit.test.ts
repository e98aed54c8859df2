import { expect, test } from "vitest";
import { key, stream } from "@tatara/engine/base";
import { checkDomain } from "@tatara/engine/testing";
import { writeSmiles } from "../../src/chem/smiles/index.ts";
import { molecule } from "../../src/molecule/index.ts";
import { rdkit } from "../chem/reference.ts";

const domain = molecule(rdkit);
const TEXTS = ["CCO", "c1ccccc1", "CC(=O)Oc1ccccc1C(=O)O", "C[C@H](N)C(=O)O", "F/C=C/Cl", "C1CC2CCC1C2", "Cn1cnc2c1c(=O)n(C)c(=O)n2C", "O=[N+]([O-])c1ccccc1", "C#CCOC", "CS(=O)(=O)N", "BrCC(Cl)I", "[O-]C(=O)CC[NH3+]", "C[Si](C)(C)O", "N#Cc1ccsc1"];

const corpus = TEXTS.map((text) => domain.codec.parse(text));
const prior = domain.priors["ngram"]!.fit(corpus, { order: 6, rerootings: 10 }, key(5));
const proposals = Object.values(domain.proposals).map((recipe) => recipe.make(prior, corpus, {}));

const claims = checkDomain(domain, {
  key: key(11),
  texts: TEXTS,
  nonsense: ["C1CC", "C(C)(C)(C)(C)C", "c1cccc1"],
  rewrite: (k, { graph }) => domain.codec.parse(writeSmiles(graph, { root: stream(k).below(graph.atoms.length), key: k })),
  prior,
  proposals,
  draws: 60,
  // The guard knows valence, not stability: radicals, odd charges and strained rings are left to `faults`.
  soundDraws: 0.9,
  soundProposals: 0.8,
  constraints: [
    { name: "require", value: "c1ccccc1", keeps: "Cc1ccccc1", refuses: "CCC", illegal: "c1cc" },
    { name: "forbid", value: ["[N+](=O)[O-]"], keeps: "CCC", refuses: "C[N+](=O)[O-]", illegal: [7] },
    { name: "elements", value: ["C", "H"], keeps: "CCC", refuses: "CCO", illegal: ["Q"] },
    { name: "max_heavy_atoms", value: 3, keeps: "CCC", refuses: "CCCC", illegal: "many" },
    { name: "min_heavy_atoms", value: 3, keeps: "CCC", refuses: "CC", illegal: -1 },
    { name: "ring_sizes", value: [6], keeps: "C1CCCCC1", refuses: "C1CC1", illegal: 6 },
    { name: "max_rings", value: 0, keeps: "CCC", refuses: "C1CC1", illegal: 0.5 },
    { name: "charge", value: 0, keeps: "CCC", refuses: "C[NH3+]", illegal: "neutral" },
    { name: "max_sa", value: 3, keeps: "CCO", refuses: "CC12CCC3C(C1CCC2O)CCC4=CC(=O)CCC34C", illegal: 11 },
    { name: "max_weight", value: "50 g/mol", keeps: "CCO", refuses: "CCCCCC", illegal: "50 kg" },
    { name: "min_weight", value: 40, keeps: "CCO", refuses: "C", illegal: 0 },
  ],
});

test.each(claims.map((claim) => [claim.name, claim] as const))("molecule: %s", (_, claim) => claim.check());

test("every constraint of the catalogue is tried", () => expect(Object.keys(domain.constraints)).toHaveLength(11));
