/*
 * Size and polarizability by additive rules, hence an estimate of the refractive index.
 * Polarizability: atomic hybrid polarizabilities of K. J. Miller, J. Am. Chem. Soc. 112 (1990) 8533 (table I, ahp);
 * other elements 0.35 r³ of their van der Waals radius. Volume: Y. H. Zhao, M. H. Abraham & A. M. Zissimos, J. Org.
 * Chem. 68 (2003) 7368, eq. 4: Bondi spheres less 5.92 Å³ a bond, 14.7 an aromatic and 3.8 another ring.
 */
import { bondingOf, PI } from "./bonding.ts";
import { aromaticRings } from "./ringStatistics.ts";
import type { Topology } from "./topology.ts";

const HYDROGEN = { polarizability: 0.387, volume: 7.24 };
const HALOGENS: Readonly<Record<number, number>> = { 9: 0.296, 17: 2.315, 35: 3.013, 53: 5.415 };
/** Å³ of one Bondi sphere. */
const SPHERES: Readonly<Record<number, number>> = { 0: 0, 1: 7.24, 5: 40.48, 6: 20.58, 7: 15.6, 8: 14.71, 9: 13.31, 14: 38.79, 15: 24.43, 16: 24.43, 17: 22.45, 33: 26.52, 34: 28.73, 35: 26.52, 52: 36.62, 53: 32.52 };
const OTHER_SPHERE = 33.5; // a radius of 2.0 Å
const PACKING = 0.67; // share of space that van der Waals volumes fill in an amorphous organic solid

const sphere = (z: number): number => SPHERES[z] ?? OTHER_SPHERE;

export interface Refraction {
  /** Å³ per unit. */
  readonly polarizability: number;
  /** van der Waals volume, Å³ per unit. */
  readonly volume: number;
  /** Lorentz-Lorenz estimate at a packing of 0.67. */
  readonly index: number;
}

/** `aromatic` is the number of aromatic rings, where it is known already. */
export function refractionOf(topology: Topology, aromatic = aromaticRings(topology)): Refraction {
  const { graph, rings } = topology;
  let [polarizability, volume, bonds] = [0, 0, graph.bonds.length];
  graph.atoms.forEach(({ z, hydrogens }, i) => {
    polarizability += atomic(topology, i) + hydrogens * HYDROGEN.polarizability;
    volume += sphere(z) + hydrogens * HYDROGEN.volume;
    bonds += hydrogens;
  });
  volume -= 5.92 * bonds + 14.7 * aromatic + 3.8 * (rings.length - aromatic);
  const full = ((4 * Math.PI) / 3) * PACKING * (polarizability / Math.max(volume, 1));
  const share = Math.min(full, 0.9); // beyond it the relation diverges
  return { polarizability, volume: Math.max(volume, 0), index: Math.sqrt((1 + 2 * share) / (1 - share)) };
}

/** Miller's component of one atom without its hydrogens, Å³. */
function atomic(topology: Topology, i: number): number {
  const { z } = topology.graph.atoms[i]!;
  const { hybridisation, orbital, electrons } = bondingOf(topology);
  const [sp, pair] = [hybridisation[i]!, electrons[i] === 2];
  switch (z) {
    case 0: return 0;
    case 1: return HYDROGEN.polarizability;
    case 6: return sp === 3 ? 1.061 : sp === 1 ? 1.283 : isBridge(topology, i) ? 1.896 : 1.352;
    case 7: return sp === 1 ? 0.956 : orbital[i] === PI.NONE ? 0.964 : pair ? 1.09 : 1.03;
    case 8: return orbital[i] === PI.O2 ? 0.274 : sp === 2 || orbital[i] === PI.O1 ? 0.569 : 0.637;
    case 15: return 1.538;
    case 16: return orbital[i] === PI.S2 ? 2.7 : sp === 2 ? 3.729 : 3;
    default: return HALOGENS[z] ?? 0.35 * (sphere(z) / ((4 / 3) * Math.PI));
  }
}

/** Aromatic carbon shared by fused rings. */
const isBridge = ({ graph, neighbours }: Topology, i: number): boolean => graph.atoms[i]!.aromatic && neighbours[i]!.filter(({ bond }) => graph.bonds[bond]!.aromatic).length === 3;
