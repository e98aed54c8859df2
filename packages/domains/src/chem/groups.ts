/*
 * Functional groups and roles of atoms, counted on the graph: each count is per molecule or per repeat unit, and a
 * group that spans a polymer's link is seen like any other.
 */
import { bondingOf, PI } from "./bonding.ts";
import type { Topology } from "./topology.ts";

/** Names and meanings, in the order of the counts. */
export const GROUPS = [
  ["carbonyl", "C=O groups of any kind"],
  ["ester", "ester linkages C(=O)–O–C; a carbonate counts twice"],
  ["acid", "carboxylic acids and carboxylates"],
  ["amide", "amide linkages C(=O)–N; urea and imide count twice"],
  ["ether", "saturated or aryl ethers C–O–C"],
  ["hydroxyl", "alcohols and phenols"],
  ["amine", "amine nitrogen, not beside C=O or in an aromatic ring"],
  ["nitrile", "C≡N groups"],
  ["nitro", "nitro groups"],
  ["thioether", "C–S–C outside aromatic rings"],
  ["sulfonyl", "S(=O)(=O) groups"],
  ["siloxane", "Si–O bonds"],
  ["double_bond", "C=C bonds outside aromatic rings"],
  ["triple_bond", "C≡C bonds"],
  ["imine", "C=N and N=N bonds outside aromatic rings"],
  ["quaternary", "saturated carbon without hydrogen"],
  ["methyl", "CH3 groups"],
  ["aryl_halogen", "halogen on an aromatic ring"],
  ["alkyl_halogen", "halogen elsewhere"],
  ["donor", "hydrogens on N, O and S"],
  ["acceptor", "O and N with a lone pair outside the π system"],
  ["cation", "positive formal charges"],
  ["anion", "negative formal charges"],
] as const;

export type Group = (typeof GROUPS)[number][0];
const INDEX = Object.fromEntries(GROUPS.map(([name], i) => [name, i])) as Readonly<Record<Group, number>>;
const HALOGEN = new Set([9, 17, 35, 53]);

/** Counts in the order of GROUPS. */
export function countGroups(topology: Topology): Float64Array {
  const out = new Float64Array(GROUPS.length);
  const { atoms, bonds } = topology.graph;
  for (let i = 0; i < atoms.length; i++) countAtom(topology, i, out);
  for (const { a, b, order, aromatic } of bonds) {
    const [low, high] = [Math.min(atoms[a]!.z, atoms[b]!.z), Math.max(atoms[a]!.z, atoms[b]!.z)];
    if (low === 8 && high === 14) out[INDEX.siloxane]!++;
    if (aromatic || order === 1) continue;
    if (order === 2 && low === 6 && high === 6) out[INDEX.double_bond]!++;
    else if (order === 3 && low === 6) out[high === 6 ? INDEX.triple_bond : INDEX.nitrile]!++;
    else if (order === 2 && high === 7) out[INDEX.imine]!++;
    else if (order === 2 && low === 6 && high === 8) out[INDEX.carbonyl]!++;
  }
  return out;
}

function countAtom(topology: Topology, i: number, out: Float64Array): void {
  const { z, hydrogens, charge, aromatic } = topology.graph.atoms[i]!;
  if (charge > 0) out[INDEX.cation]! += charge;
  if (charge < 0) out[INDEX.anion]! -= charge;
  if (z === 6) {
    if (hydrogens === 3) out[INDEX.methyl]!++;
    else if (hydrogens === 0 && bondingOf(topology).hybridisation[i] === 3) out[INDEX.quaternary]!++;
  } else if (HALOGEN.has(z)) out[topology.neighbours[i]!.some(({ atom }) => topology.graph.atoms[atom]!.aromatic) ? INDEX.aryl_halogen : INDEX.alkyl_halogen]!++;
  else if (z === 8) countOxygen(topology, i, out);
  else if (z === 7) countNitrogen(topology, i, out);
  else if (z === 16) countSulfur(topology, i, out);
  if (z === 7 || z === 8 || z === 16) out[INDEX.donor]! += hydrogens;
  if ((z === 8 && !aromatic) || (z === 7 && hasLonePair(topology, i))) out[INDEX.acceptor]!++;
}

/** Carbonyl carbons bonded to atom i. */
const carbonyls = ({ graph, neighbours }: Topology, i: number): number =>
  neighbours[i]!.filter(({ atom }) => graph.atoms[atom]!.z === 6 && !graph.atoms[atom]!.aromatic && neighbours[atom]!.some((next) => next.atom !== i && graph.atoms[next.atom]!.z === 8 && graph.bonds[next.bond]!.order === 2)).length;

function countOxygen(topology: Topology, i: number, out: Float64Array): void {
  const { graph, neighbours } = topology;
  const { hydrogens, aromatic, charge } = graph.atoms[i]!;
  const around = neighbours[i]!;
  if (aromatic || !around.every(({ atom, bond }) => graph.atoms[atom]!.z === 6 && graph.bonds[bond]!.order === 1)) return;
  const acyl = carbonyls(topology, i);
  if (around.length === 2) out[acyl > 0 ? INDEX.ester : INDEX.ether]! += Math.max(acyl, 1);
  else if (around.length === 1 && hydrogens + Math.max(0, -charge) === 1) out[acyl > 0 ? INDEX.acid : INDEX.hydroxyl]!++;
}

function countNitrogen(topology: Topology, i: number, out: Float64Array): void {
  const { graph, neighbours } = topology;
  const around = neighbours[i]!;
  const oxygens = around.filter(({ atom }) => graph.atoms[atom]!.z === 8 && neighbours[atom]!.length === 1).length;
  const acyl = carbonyls(topology, i);
  if (graph.atoms[i]!.charge > 0 && oxygens === 2) out[INDEX.nitro]!++;
  else if (acyl > 0) out[INDEX.amide]! += acyl;
  else if (!graph.atoms[i]!.aromatic && around.every(({ bond }) => graph.bonds[bond]!.order === 1)) out[INDEX.amine]!++;
}

function countSulfur({ graph, neighbours }: Topology, i: number, out: Float64Array): void {
  const around = neighbours[i]!;
  if (around.filter(({ atom, bond }) => graph.atoms[atom]!.z === 8 && graph.bonds[bond]!.order === 2).length >= 2) out[INDEX.sulfonyl]!++;
  else if (!graph.atoms[i]!.aromatic && around.length === 2 && around.every(({ atom, bond }) => graph.atoms[atom]!.z === 6 && graph.bonds[bond]!.order === 1)) out[INDEX.thioether]!++;
}

/** Nitrogen whose lone pair is neither in a π system nor protonated. */
function hasLonePair(topology: Topology, i: number): boolean {
  const { charge } = topology.graph.atoms[i]!;
  const { orbital } = bondingOf(topology);
  return charge <= 0 && orbital[i] !== PI.N2;
}
