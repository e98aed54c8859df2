/*
 * A compact block of interpretable numbers for optical, electronic and thermal properties, computed on the graph
 * alone and alike for molecules and for the infinite chain of a polymer. Most are intensive (per atom, per heavy
 * atom, per bond), so that they do not depend on size; a few totals per molecule or repeat unit stand beside them.
 */
import { one } from "@tatara/engine/base";
import type { Unit } from "@tatara/engine/base";
import type { Descriptor } from "@tatara/engine/generate";
import { bondingOf } from "./bonding.ts";
import { elements } from "./elements.ts";
import { countGroups, GROUPS } from "./groups.ts";
import { huckel } from "./huckel.ts";
import { polarityOf } from "./polarity.ts";
import { refractionOf } from "./refraction.ts";
import { aromaticRings, ringStatistics } from "./ringStatistics.ts";
import type { Topology } from "./topology.ts";
import { cubicAngstrom, gramPerMole } from "./units.ts";

interface Row {
  readonly name: string;
  readonly about: string;
  readonly unit?: Unit;
}

const SIZE: readonly Row[] = [
  { name: "heavy_atoms", about: "heavy atoms per molecule or repeat unit" },
  { name: "weight", unit: gramPerMole, about: "mass per molecule or repeat unit" },
  { name: "polarizability", unit: cubicAngstrom, about: "sum of Miller's atomic hybrid polarizabilities" },
  { name: "volume", unit: cubicAngstrom, about: "van der Waals volume after Zhao, Abraham and Zissimos" },
  { name: "rotatable_bonds", about: "single bonds outside rings between atoms with further heavy neighbours" },
  { name: "ring_count", about: "rings" },
  { name: "pi_electrons", about: "electrons in conjugated systems" },
];

const ELEMENTS: readonly (readonly [string, readonly number[]])[] = [["carbon", [6]], ["nitrogen", [7]], ["oxygen", [8]], ["fluorine", [9]], ["silicon", [14]], ["phosphorus", [15]], ["sulfur", [16, 34, 52]], ["chlorine", [17]], ["heavy_halogen", [35, 53]]];

const SHARES: readonly Row[] = [
  ...ELEMENTS.map(([name, zs]) => ({ name: `${name}_share`, about: `share of heavy atoms that are ${zs.map((z) => elements[z]!.name).join(", ")}` })),
  { name: "other_element_share", about: "share of heavy atoms of any other element" },
  { name: "hydrogen_ratio", about: "hydrogens per heavy atom" },
  { name: "mass_per_heavy_atom", unit: gramPerMole, about: "mass per heavy atom, hydrogens included" },
  { name: "sp_share", about: "share of heavy atoms that are sp" },
  { name: "sp2_share", about: "share of heavy atoms that are sp2 or aromatic" },
  { name: "sp3_share", about: "share of heavy atoms that are sp3" },
  { name: "aromatic_share", about: "share of heavy atoms that are aromatic" },
  { name: "branch_share", about: "share of heavy atoms outside rings with three or more heavy neighbours" },
  { name: "terminal_share", about: "share of heavy atoms with one heavy neighbour" },
  { name: "rotatable_share", about: "share of bonds between heavy atoms that are rotatable" },
  { name: "unsaturation", about: "multiple-bond order beyond one plus ring closures, per heavy atom" },
];

const RINGS: readonly Row[] = [
  { name: "ring_share", about: "share of heavy atoms in rings" },
  { name: "fused_share", about: "share of heavy atoms with three ring bonds: where rings share a bond" },
  { name: "spiro_share", about: "share of heavy atoms with four ring bonds: spiro and cage centres" },
  { name: "ring_hetero_share", about: "share of heavy atoms that are heteroatoms in rings" },
  { name: "aromatic_rings", about: "aromatic rings per heavy atom" },
  { name: "small_rings", about: "rings of 3 or 4 atoms per heavy atom" },
  { name: "five_rings", about: "rings of 5 atoms per heavy atom" },
  { name: "six_rings", about: "rings of 6 atoms per heavy atom" },
  { name: "large_rings", about: "rings of 7 atoms or more per heavy atom" },
];

const POLARITY: readonly Row[] = [
  { name: "electronegativity_mean", about: "mean Pauling electronegativity of all atoms" },
  { name: "electronegativity_sd", about: "its standard deviation over atoms" },
  { name: "bond_polarity", about: "mean electronegativity difference over all bonds" },
  { name: "charge_spread", about: "mean absolute partial charge by one step of electronegativity equalisation" },
  { name: "charge_highest", about: "most positive of these charges" },
  { name: "charge_lowest", about: "most negative of these charges" },
];

const OPTICAL: readonly Row[] = [
  { name: "polarizability_per_volume", about: "polarizability over van der Waals volume" },
  { name: "index_estimate", about: "refractive index by Lorentz-Lorenz at a packing of 0.67" },
  { name: "pi_share", about: "π electrons per heavy atom" },
  { name: "huckel_homo", about: "highest occupied Hückel level in |β|; −2 when nothing is conjugated" },
  { name: "huckel_lumo", about: "lowest empty Hückel level in |β|; 2 when nothing is conjugated" },
  { name: "huckel_gap", about: "smallest gap within one conjugated system in |β|; 4 when nothing is conjugated" },
  { name: "inverse_conjugation", about: "1 / atoms of the largest conjugated system: 0 when it runs on along the chain, 1 when there is none" },
];

const BACKBONE: readonly Row[] = [
  { name: "side_chain_share", about: "share of heavy atoms outside the main chain" },
  { name: "backbone_aromatic_share", about: "share of main-chain atoms that are aromatic" },
  { name: "backbone_ring_share", about: "share of main-chain atoms in rings" },
  { name: "backbone_hetero_share", about: "share of main-chain atoms that are not carbon" },
  { name: "backbone_branch_share", about: "share of main-chain atoms that carry a side chain" },
];

export interface PhyschemOptions<S> {
  /** Atoms of the main chain where there is one: adds five features. */
  readonly backbone?: (s: S) => readonly number[];
}

/** `view` gives a material's topology, finite or periodic. `*` atoms are ignored in counts. */
export function physchem<S>(view: (s: S) => Topology, { backbone }: PhyschemOptions<S> = {}): Descriptor<S> {
  const groups: readonly Row[] = GROUPS.map(([name, about]) => ({ name: `${name}_density`, about: `${about}, per heavy atom` }));
  const rows = [...SIZE, ...SHARES, ...RINGS, ...groups, ...POLARITY, ...OPTICAL, ...(backbone ? BACKBONE : [])];
  return {
    id: "physchem",
    about: "composition, bonding, rings, functional groups, polarity, refraction and Hückel levels from the graph",
    features: rows.map(({ name, about, unit = one }) => ({ name, unit, about, block: "physchem" })),
    write(s, row) {
      const topology = view(s);
      const values = [...graphNumbers(topology), ...(backbone ? backboneNumbers(topology, backbone(s)) : [])];
      for (let i = 0; i < row.length; i++) row[i] = values[i]!;
    },
  };
}

function graphNumbers(topology: Topology): readonly number[] {
  const aromatic = aromaticRings(topology);
  const refraction = refractionOf(topology, aromatic);
  const levels = huckel(topology);
  const tally = tallyOf(topology);
  const rings = ringStatistics(topology, aromatic);
  const n = Math.max(1, tally.heavy);
  return [
    tally.heavy, tally.weight, refraction.polarizability, refraction.volume, tally.rotatable, topology.rings.length, levels.electrons,
    ...tally.byElement.map((count) => count / n), tally.hydrogens / n, tally.weight / n,
    tally.byHybrid[1]! / n, tally.byHybrid[2]! / n, tally.byHybrid[3]! / n, tally.aromatic / n, tally.branch / n, tally.terminal / n,
    tally.bonds === 0 ? 0 : tally.rotatable / tally.bonds, (tally.unsaturation + topology.rings.length) / n,
    ...rings.map((count) => count / n),
    ...countGroups(topology).map((count) => count / n),
    ...polarityOf(topology),
    refraction.polarizability / Math.max(1, refraction.volume), refraction.index, levels.electrons / n,
    levels.homo, levels.lumo, levels.gap, levels.extent === 0 ? 1 : 1 / levels.extent,
  ];
}

interface Tally {
  readonly heavy: number;
  readonly hydrogens: number;
  readonly weight: number;
  readonly byElement: readonly number[];
  readonly byHybrid: Uint16Array;
  readonly aromatic: number;
  readonly branch: number;
  readonly terminal: number;
  readonly bonds: number;
  readonly rotatable: number;
  readonly unsaturation: number;
}

const ELEMENT_SLOT = new Uint8Array(elements.length).fill(ELEMENTS.length);
ELEMENTS.forEach(([, zs], slot) => zs.forEach((z) => (ELEMENT_SLOT[z] = slot)));

function tallyOf(topology: Topology): Tally {
  const { graph, neighbours, atomInRing } = topology;
  const { hybridisation } = bondingOf(topology);
  let [heavy, hydrogens, weight, aromatic, branch, terminal] = [0, 0, 0, 0, 0, 0];
  const [byElement, byHybrid] = [Array.from({ length: ELEMENTS.length + 1 }, () => 0), new Uint16Array(4)];
  const degrees = neighbours.map((around) => around.reduce((sum, { atom }) => sum + Number(graph.atoms[atom]!.z > 1), 0));
  graph.atoms.forEach((atom, i) => {
    hydrogens += atom.hydrogens + Number(atom.z === 1);
    weight += elements[atom.z]!.weight + atom.hydrogens * elements[1]!.weight;
    if (atom.z < 2) return;
    heavy++;
    byElement[ELEMENT_SLOT[atom.z]!]!++;
    byHybrid[hybridisation[i]!]!++;
    aromatic += Number(atom.aromatic);
    branch += Number(atomInRing[i] === 0 && degrees[i]! > 2);
    terminal += Number(degrees[i] === 1);
  });
  return { heavy, hydrogens, weight, byElement, byHybrid, aromatic, branch, terminal, ...bondTally(topology, degrees) };
}

function bondTally({ graph, bondInRing }: Topology, degrees: readonly number[]): Pick<Tally, "bonds" | "rotatable" | "unsaturation"> {
  const triple = new Uint8Array(degrees.length);
  for (const { a, b, order } of graph.bonds) if (order === 3) triple[a] = triple[b] = 1;
  let [bonds, rotatable, unsaturation] = [0, 0, 0];
  graph.bonds.forEach(({ a, b, order }, i) => {
    if (graph.atoms[a]!.z < 2 || graph.atoms[b]!.z < 2) return;
    bonds++;
    unsaturation += order - 1;
    rotatable += Number(order === 1 && bondInRing[i] === 0 && degrees[a]! > 1 && degrees[b]! > 1 && triple[a] === 0 && triple[b] === 0);
  });
  return { bonds, rotatable, unsaturation };
}

function backboneNumbers({ graph, neighbours, atomInRing }: Topology, chain: readonly number[]): readonly number[] {
  const inside = new Set(chain);
  const heavy = Math.max(1, graph.atoms.filter(({ z }) => z > 1).length);
  const share = (holds: (atom: number) => boolean) => chain.filter(holds).length / Math.max(1, chain.length);
  return [
    1 - chain.length / heavy,
    share((i) => graph.atoms[i]!.aromatic),
    share((i) => atomInRing[i] === 1),
    share((i) => graph.atoms[i]!.z !== 6),
    share((i) => neighbours[i]!.some(({ atom }) => graph.atoms[atom]!.z > 1 && !inside.has(atom))),
  ];
}
