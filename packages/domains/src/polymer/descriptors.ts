/*
 * Descriptors of polymers. Circular fingerprints and physchem are computed on the infinite chain itself: counts are
 * per repeat unit and neighbourhoods run on across the link. MACCS keys and RDKit's descriptors know only molecules,
 * so they look at oligomers: the keys at one long enough for every key, the descriptors at two that differ by one
 * unit, whose difference is the amount per unit. All are read off the canonical form, so that equal polymers have
 * equal rows to the last bit.
 */
import type { Catalog } from "@tatara/engine/base";
import type { Descriptor } from "@tatara/engine/generate";
import { circular } from "../chem/circular.ts";
import { graphRow } from "../chem/graph.ts";
import { maccs } from "../chem/maccs.ts";
import { physchem } from "../chem/physchem.ts";
import { rdkit2d } from "../chem/rdkit2d.ts";
import { saScore } from "../chem/saScore.ts";
import type { Rdkit } from "../chem/types.ts";
import { chainTopology } from "./codec.ts";
import { mimicked, unitsThatFit } from "./oligomer.ts";
import type { Polymer } from "./type.ts";

/** Main-chain atoms that an oligomer needs so that the longest path counted (4 bonds, and hydrogens beyond) lies inside. */
const INTERIOR = 12;
/** Main-chain atoms that hold every MACCS key. */
const KEY_LENGTH = 18;

const unitsFor = (polymer: Polymer, atoms: number): number => Math.max(2, Math.ceil(atoms / chainLength(polymer)));

/** Fewest bonds from a unit to the next, along the chain. */
function chainLength(polymer: Polymer): number {
  return Math.max(1, Math.floor(polymer.backbone.length / 2));
}

export const polymerDescriptors = (rdkit: Rdkit): Catalog<Descriptor<Polymer>> => ({
  ecfp: circular("ecfp", chainTopology),
  ecfp_bits: circular("ecfp_bits", chainTopology, { bits: true }),
  fcfp: circular("fcfp", chainTopology, { features: true }),
  fcfp_bits: circular("fcfp_bits", chainTopology, { features: true, bits: true }),
  maccs: { ...maccs(rdkit, (s: Polymer) => mimicked(s, Math.max(1, unitsThatFit(s, unitsFor(s, KEY_LENGTH))))), about: "166 public structural keys (MACCS) of a long oligomer, present or not" },
  rdkit2d: perUnit(rdkit),
  physchem: physchem(chainTopology, { backbone: ({ backbone }) => backbone }),
  sa: { ...saScore(rdkit, synthesisText), about: "synthetic accessibility of the repeat unit closed with methyl groups, 1 easy to 10 hard (Ertl and Schuffenhauer 2009)" },
  graph: graphRow(chainTopology, { backbone: ({ backbone }) => backbone }),
});

/** The repeat unit with a carbon at each end, as a molecule whose synthesis can be judged. */
export const synthesisText = ({ smiles }: Polymer): string => smiles.replaceAll("*", "C");

/** Features whose value is an average over atoms: here the share of a growing chain is taken, not the growth of the share. */
const SHARES: Readonly<Record<string, (s: Polymer) => number>> = { FractionCSP3: ({ repeat }) => repeat.atoms.filter(({ z }) => z === 6).length };

/**
 * RDKit's descriptors per repeat unit: D(n + 1) − D(n) of open oligomers long enough that the ends do not matter.
 * Additive ones (weights, counts, surfaces, log P, chi) are exact; kappa and Phi are their growth at that length.
 * NaN where not even two units fit into what RDKit takes.
 */
function perUnit(rdkit: Rdkit): Descriptor<Polymer> {
  const finite = rdkit2d<string>(rdkit, (text) => text);
  const [long, short] = [new Float64Array(finite.features.length), new Float64Array(finite.features.length)];
  return {
    id: finite.id,
    features: finite.features,
    about: "RDKit's 43 whole-structure descriptors per repeat unit: their growth from an oligomer to the next longer one",
    write(s, row) {
      const n = unitsThatFit(s, unitsFor(s, INTERIOR) + 1);
      if (n < 2) return void row.fill(Number.NaN);
      finite.write(mimicked(s, n), long);
      finite.write(mimicked(s, n - 1), short);
      finite.features.forEach(({ name }, i) => {
        const atoms = SHARES[name]?.(s);
        row[i] = atoms === undefined ? long[i]! - short[i]! : atoms === 0 ? 0 : sharePerUnit({ long: long[i]!, short: short[i]!, n, atoms, capped: cappedCarbons(s) });
      });
    },
  };
}

/** Carbon atoms among the two caps. */
const cappedCarbons = ({ repeat, link }: Polymer): number => [link.head, link.tail].filter((end) => repeat.atoms[end]!.z === 6).length;

/** The share among one unit's atoms, from the shares in n and n − 1 units with their caps. */
function sharePerUnit({ long, short, n, atoms, capped }: { readonly long: number; readonly short: number; readonly n: number; readonly atoms: number; readonly capped: number }): number {
  return (Math.round(long * (n * atoms + capped)) - Math.round(short * ((n - 1) * atoms + capped))) / atoms;
}
