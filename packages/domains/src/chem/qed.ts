/*
 * Quantitative estimate of drug-likeness: the weighted geometric mean of eight desirabilities (mean weights).
 * G. R. Bickerton, G. V. Paolini, J. Besnard, S. Muresan & A. L. Hopkins, Nat. Chem. 4 (2012) 90,
 * doi 10.1038/nchem.1243; property definitions as in RDKit, which differ a little from the paper's.
 */
import type { Mol } from "@rdkit/rdkit";
import { one } from "@tatara/engine/base";
import type { Descriptor } from "@tatara/engine/generate";
import { ACCEPTOR, ALERTS, ALIPHATIC_RING_ATOM } from "./alerts.ts";
import { hasMatch, matchesOf, pattern } from "./patterns.ts";
import { graphOf, withMol } from "./rdkit.ts";
import { topologyOf } from "./topology.ts";
import type { Graph, Rdkit } from "./types.ts";

/** Asymmetric double sigmoid a + b / (1 + e^−(x−c+d/2)/e) · (1 − 1 / (1 + e^−(x−c−d/2)/f)), divided by its maximum; with its weight. */
interface Desirability { readonly a: number; readonly b: number; readonly c: number; readonly d: number; readonly e: number; readonly f: number; readonly most: number; readonly weight: number }

const desirability = (text: string): Desirability => {
  const [a, b, c, d, e, f, most, weight] = text.split(" ").map(Number) as [number, number, number, number, number, number, number, number];
  return { a, b, c, d, e, f, most, weight };
};

// Supplementary table 1 of the paper; the last number is the mean weight.
const DESIRABILITIES = {
  weight: desirability("2.817065973 392.5754953 290.7489764 2.419764353 49.22325677 65.37051707 104.9805561 0.66"),
  logP: desirability("3.172690585 137.8624751 2.534937431 4.581497897 0.822739154 0.576295591 131.3186604 0.46"),
  acceptors: desirability("2.948620388 160.4605972 3.615294657 4.435986202 0.290141953 1.300669958 148.7763046 0.05"),
  donors: desirability("1.618662227 1010.051101 0.985094388 0.000000001 0.713820843 0.920922555 258.1632616 0.61"),
  polarSurface: desirability("1.876861559 125.2232657 62.90773554 87.83366614 12.01999824 28.51324732 104.5686167 0.06"),
  rotatable: desirability("0.010000000 272.4121427 2.558379970 1.565547684 1.271567166 2.758063707 105.4420403 0.65"),
  aromaticRings: desirability("3.217788970 957.7374108 2.274627939 0.000000001 1.317690384 0.375760881 312.3372610 0.48"),
  alerts: desirability("0.010000000 1199.094025 -0.09002883 0.000000001 0.185904477 0.875193782 417.7253140 0.95"),
} as const;

type Properties = Readonly<Record<keyof typeof DESIRABILITIES, number>>;

/** QED in (0, 1) of a parsed molecule. */
export function qedOf(rdkit: Rdkit, mol: Mol): number {
  const properties = propertiesOf(rdkit, mol);
  let [sum, weights] = [0, 0];
  for (const [name, curve] of Object.entries(DESIRABILITIES)) {
    sum += curve.weight * Math.log(value(curve, properties[name as keyof Properties]));
    weights += curve.weight;
  }
  return Math.exp(sum / weights);
}

const value = ({ a, b, c, d, e, f, most }: Desirability, x: number): number =>
  (a + (b / (1 + Math.exp(-(x - c + d / 2) / e))) * (1 - 1 / (1 + Math.exp(-(x - c - d / 2) / f)))) / most;

function propertiesOf(rdkit: Rdkit, mol: Mol): Properties {
  const known = JSON.parse(mol.get_descriptors()) as Readonly<Record<string, number>>;
  return {
    weight: known["amw"]!,
    logP: known["CrippenClogP"]!,
    acceptors: matchesOf(mol, pattern(rdkit, ACCEPTOR)).length,
    donors: known["NumHBD"]!,
    polarSurface: known["tpsa"]!,
    rotatable: known["NumRotatableBonds"]!,
    aromaticRings: aromaticRings(graphOf(mol), matchesOf(mol, pattern(rdkit, ALIPHATIC_RING_ATOM)).flat()),
    alerts: ALERTS.filter((alert) => hasMatch(mol, pattern(rdkit, alert))).length,
  };
}

/** Rings left when the given atoms are taken away: more than RDKit's aromatic rings, and what QED was made with. */
function aromaticRings({ atoms, bonds }: Graph, without: readonly number[]): number {
  const gone = new Set(without);
  return topologyOf({ atoms, bonds: bonds.filter(({ a, b }) => !gone.has(a) && !gone.has(b)) }).rings.length;
}

/** One feature. `textOf` gives the structure that is judged. */
export const qed = <S>(rdkit: Rdkit, textOf: (s: S) => string): Descriptor<S> => ({
  id: "qed",
  about: "quantitative estimate of drug-likeness (Bickerton 2012), 0 to 1",
  features: [{ name: "qed", unit: one, block: "qed", about: "quantitative estimate of drug-likeness, 0 to 1" }],
  write: (s, row) => void (row[0] = withMol(rdkit, textOf(s), (mol) => qedOf(rdkit, mol))),
});
