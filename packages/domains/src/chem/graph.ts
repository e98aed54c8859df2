/*
 * The structure itself as a descriptor: atoms and bonds packed into a row of whole numbers for learners that read
 * graphs. Atom and bond fields follow Yang et al. (J. Chem. Inf. Model. 59 (2019) 3370, Tables 1 and 2), with hybridisation
 * and conjugation by our own rules (bonding.ts) and the size of the smallest ring instead of a yes or no. A polymer is the quotient
 * graph of its chain: the ends of the repeat unit are bonded to each other, as in Aldeghi & Coley (Chem. Sci. 13 (2022) 10486), and
 * that bond and the main chain are marked. Isotopes are not told apart. Chirality is told by the order of atoms in the canonical text.
 */
import { graphFeatures, packGraph, tooLarge, type GraphLayout } from "@tatara/engine/data";
import type { Descriptor } from "@tatara/engine/generate";
import { bondingOf, PI } from "./bonding.ts";
import type { Topology } from "./topology.ts";
import type { Atom, Bond } from "./types.ts";

/** Most atoms (hydrogens that are not atoms of the graph do not count) and bonds. */
const LIMITS = { nodes: 128, edges: 144 } as const;

const [CHARGE, DEGREE, HYDROGENS, RADICALS] = [4, 7, 4, 2] as const;
/** Ring sizes 3 to 8 have levels 1 to 6; larger ones share the last. */
const LARGEST_RING = 9;

export const graphLayout: GraphLayout = {
  block: "graph",
  ...LIMITS,
  nodeFields: [
    { name: "atomic number", levels: 119 },
    { name: "neighbours", levels: DEGREE + 1 },
    { name: "charge", levels: 2 * CHARGE + 1 },
    { name: "hydrogens", levels: HYDROGENS + 1 },
    { name: "hybridisation", levels: 4 },
    { name: "aromatic", levels: 2 },
    { name: "chirality", levels: 3 },
    { name: "smallest ring", levels: LARGEST_RING - 1 },
    { name: "radical electrons", levels: RADICALS + 1 },
    { name: "main chain", levels: 2 },
  ],
  edgeFields: [
    { name: "order", levels: 5 },
    { name: "conjugated", levels: 2 },
    { name: "smallest ring", levels: LARGEST_RING - 1 },
    { name: "configuration", levels: 3 },
    { name: "main chain", levels: 2 },
    { name: "link of units", levels: 2 },
  ],
};

const clamped = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);
const flag = (yes: boolean): number => (yes ? 1 : 0);

/** Level of each atom and of each bond by the smallest ring that it is part of. */
function ringLevels({ graph, rings, ringBonds }: Topology): { readonly atoms: Uint8Array; readonly bonds: Uint8Array } {
  const levels = { atoms: new Uint8Array(graph.atoms.length), bonds: new Uint8Array(graph.bonds.length) };
  const put = (of: Uint8Array, at: number, size: number) => {
    const level = Math.min(size, LARGEST_RING) - 2;
    if (of[at] === 0 || level < of[at]!) of[at] = level;
  };
  rings.forEach((ring) => ring.forEach((atom) => put(levels.atoms, atom, ring.length)));
  ringBonds.forEach((ring) => ring.forEach((bond) => put(levels.bonds, bond, ring.length)));
  return levels;
}

const atomFields = ({ z, charge, hydrogens, aromatic, radicals, stereo }: Atom, own: { readonly degree: number; readonly hybridisation: number; readonly ring: number; readonly chain: boolean }): readonly number[] => [
  z, Math.min(own.degree, DEGREE), clamped(charge, -CHARGE, CHARGE) + CHARGE, Math.min(hydrogens, HYDROGENS), own.hybridisation,
  flag(aromatic), stereo === undefined ? 0 : stereo.ccw ? 1 : 2, own.ring, Math.min(radicals, RADICALS), flag(own.chain),
];

const bondFields = ({ order, aromatic, stereo }: Bond, own: { readonly conjugated: boolean; readonly ring: number; readonly chain: boolean; readonly link: boolean }): readonly number[] => [
  aromatic ? 4 : Math.min(order, 4) - 1, flag(own.conjugated), own.ring, stereo === undefined ? 0 : stereo.cis ? 1 : 2, flag(own.chain), flag(own.link),
];

/** The descriptor; `view` gives a material's topology, finite or periodic, and `backbone` the atoms of its main chain. */
export function graphRow<S>(view: (s: S) => Topology, { backbone = () => [] }: { readonly backbone?: (s: S) => readonly number[] } = {}): Descriptor<S> {
  return {
    id: "graph",
    about: `the structure itself for learners that read graphs (message-passing): up to ${LIMITS.nodes} atoms and ${LIMITS.edges} bonds, packed into whole numbers; other learners do not see it`,
    features: graphFeatures(graphLayout),
    refuses: (s) => {
      const { graph } = view(s);
      const why = tooLarge(LIMITS, { nodes: graph.atoms.length, edges: graph.bonds.length }, { nodes: "atoms", edges: "bonds" });
      return why === undefined ? undefined : `too large for the descriptor graph: ${why}`;
    },
    write: (s, row) => {
      const topology = view(s);
      const { graph, neighbours, periodic } = topology;
      const { hybridisation, orbital } = bondingOf(topology);
      const ring = ringLevels(topology);
      const chain = new Set(backbone(s));
      const link = periodic ? graph.bonds.length - 1 : -1;
      packGraph(
        graphLayout,
        {
          nodes: Int32Array.from(graph.atoms.flatMap((atom, i) => atomFields(atom, { degree: neighbours[i]!.length, hybridisation: hybridisation[i]!, ring: ring.atoms[i]!, chain: chain.has(i) }))),
          from: Int32Array.from(graph.bonds, ({ a }) => a),
          to: Int32Array.from(graph.bonds, ({ b }) => b),
          edges: Int32Array.from(graph.bonds.flatMap((bond, i) => bondFields(bond, { conjugated: bond.aromatic || (orbital[bond.a] !== PI.NONE && orbital[bond.b] !== PI.NONE), ring: ring.bonds[i]!, chain: chain.has(bond.a) && chain.has(bond.b), link: i === link }))),
        },
        row,
      );
    },
  };
}
