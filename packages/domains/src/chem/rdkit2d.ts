/*
 * RDKit's 43 whole-structure descriptors as named features. Counts follow RDKit's definitions, whose details
 * change between versions: the domain records RDKit's version.
 */
import { one } from "@tatara/engine/base";
import type { Unit } from "@tatara/engine/base";
import type { Descriptor } from "@tatara/engine/generate";
import { withMol } from "./rdkit.ts";
import { cubicCentimetrePerMole, gramPerMole, squareAngstrom } from "./units.ts";
import type { Rdkit } from "./types.ts";

const COUNTS: readonly (readonly [string, string])[] = [
  ["lipinskiHBA", "nitrogen and oxygen atoms (Lipinski acceptors)"], ["lipinskiHBD", "hydrogens on nitrogen and oxygen (Lipinski donors)"],
  ["NumRotatableBonds", "rotatable bonds, strict definition"], ["NumHBD", "hydrogen-bond donors"], ["NumHBA", "hydrogen-bond acceptors"],
  ["NumHeavyAtoms", "heavy atoms"], ["NumAtoms", "atoms with hydrogens"], ["NumHeteroatoms", "heavy atoms other than carbon"], ["NumAmideBonds", "amide bonds"],
  ["NumRings", "rings"], ["NumAromaticRings", "aromatic rings"], ["NumAliphaticRings", "rings with a non-aromatic bond"], ["NumSaturatedRings", "saturated rings"],
  ["NumHeterocycles", "rings with a heteroatom"], ["NumAromaticHeterocycles", "aromatic rings with a heteroatom"], ["NumSaturatedHeterocycles", "saturated rings with a heteroatom"],
  ["NumAliphaticHeterocycles", "aliphatic rings with a heteroatom"], ["NumSpiroAtoms", "atoms shared by two rings that share no bond"], ["NumBridgeheadAtoms", "bridgehead atoms"],
  ["NumAtomStereoCenters", "tetrahedral stereocentres"], ["NumUnspecifiedAtomStereoCenters", "stereocentres without a given configuration"],
];

const REALS: readonly (readonly [string, Unit, string])[] = [
  ["exactmw", gramPerMole, "mass of the most abundant isotopes"], ["amw", gramPerMole, "molecular weight"], ["FractionCSP3", one, "share of carbon atoms that are sp3"],
  ["labuteASA", squareAngstrom, "Labute's approximate surface area"], ["tpsa", squareAngstrom, "topological polar surface area (N and O), Ertl 2000"],
  ["CrippenClogP", one, "octanol-water log P by Wildman and Crippen 1999"], ["CrippenMR", cubicCentimetrePerMole, "molar refraction by Wildman and Crippen 1999"],
  ...["v", "n"].flatMap((kind) => [0, 1, 2, 3, 4].map((order) => [`chi${order}${kind}`, one, `Kier-Hall connectivity of order ${order}, ${kind === "v" ? "valence" : "non-hydrogen valence"} deltas`] as const)),
  ["hallKierAlpha", one, "Hall-Kier alpha: size of atoms against sp3 carbon"], ["kappa1", one, "Kier's first shape index: cycles"], ["kappa2", one, "Kier's second shape index: branching"],
  ["kappa3", one, "Kier's third shape index: place of branching"], ["Phi", one, "Kier's flexibility: kappa1 × kappa2 / heavy atoms"],
];

/** `textOf` gives the structure that RDKit is to describe. */
export const rdkit2d = <S>(rdkit: Rdkit, textOf: (s: S) => string): Descriptor<S> => {
  const features = [
    ...COUNTS.map(([name, about]) => ({ name, unit: one, about, block: "rdkit2d", kind: "real" as const })),
    ...REALS.map(([name, unit, about]) => ({ name, unit, about, block: "rdkit2d", kind: "real" as const })),
  ];
  return {
    id: "rdkit2d",
    about: "RDKit's 43 whole-structure descriptors: sizes, counts, surface, lipophilicity, shape",
    features,
    write(s, row) {
      const values = withMol(rdkit, textOf(s), (mol) => JSON.parse(mol.get_descriptors()) as Readonly<Record<string, number>>);
      features.forEach(({ name }, i) => (row[i] = values[name] ?? Number.NaN));
    },
  };
};
