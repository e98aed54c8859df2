/*
 * What the bonds of each atom say: hybridisation and which electrons it has in the π system. Rules on the graph
 * with RDKit's aromaticity; hypervalent sulfur and phosphorus have no π orbital here.
 */
import type { Topology } from "./topology.ts";

/** Kind of π orbital, in the order of Van-Catledge's tables; NONE stands for none. Index into huckel.ts. */
export const PI = { C: 0, B: 1, N1: 2, N2: 3, O1: 4, O2: 5, F: 6, SI: 7, P1: 8, P2: 9, S1: 10, S2: 11, CL: 12, NPLUS: 13, BR: 14, NONE: 255 } as const;

export interface Bonding {
  /** 1 sp, 2 sp2, 3 sp3; 0 for hydrogen and `*`. */
  readonly hybridisation: Uint8Array;
  /** Neighbours and hydrogens. */
  readonly coordination: Uint8Array;
  /** Sum of bond orders and hydrogens. */
  readonly valence: Uint8Array;
  /** Kind of π orbital of each atom (PI). */
  readonly orbital: Uint8Array;
  /** Electrons that the atom puts into the π system. */
  readonly electrons: Uint8Array;
}

const cache = new WeakMap<Topology, Bonding>();

/** Computed once per topology. */
export function bondingOf(topology: Topology): Bonding {
  const known = cache.get(topology);
  if (known) return known;
  const made = build(topology);
  cache.set(topology, made);
  return made;
}

function build({ graph, neighbours }: Topology): Bonding {
  const n = graph.atoms.length;
  const [hybridisation, coordination, valence, orbital, electrons] = [new Uint8Array(n), new Uint8Array(n), new Uint8Array(n), new Uint8Array(n).fill(PI.NONE), new Uint8Array(n)];
  const [most, unsaturation] = [new Uint8Array(n), new Uint8Array(n)];
  for (let i = 0; i < n; i++) coordination[i] = valence[i] = graph.atoms[i]!.hydrogens;
  for (const { a, b, order } of graph.bonds) {
    for (const end of [a, b]) {
      coordination[end]!++;
      valence[end]! += order;
      most[end] = Math.max(most[end]!, order);
      unsaturation[end]! += order - 1;
    }
  }
  for (let i = 0; i < n; i++) {
    const { z, aromatic } = graph.atoms[i]!;
    if (z > 1) hybridisation[i] = aromatic ? 2 : isHypervalent(z, valence[i]!) ? 3 : 3 - Math.min(2, unsaturation[i]!);
    if (aromatic || (most[i]! > 1 && !isHypervalent(z, valence[i]!))) [orbital[i], electrons[i]] = unsaturated(graph.atoms[i]!, coordination[i]!, most[i]!);
  }
  const conjugated = orbital.slice();
  for (let i = 0; i < n; i++) {
    if (orbital[i] !== PI.NONE || graph.atoms[i]!.z < 5) continue;
    if (neighbours[i]!.some(({ atom }) => conjugated[atom] !== PI.NONE)) [orbital[i], electrons[i]] = lonePair(graph.atoms[i]!, coordination[i]!, valence[i]!);
  }
  return { hybridisation, coordination, valence, orbital, electrons };
}

const isHypervalent = (z: number, valence: number): boolean => ((z === 16 || z === 34 || z === 52) && valence > 2) || ((z === 15 || z === 33) && valence > 3) || ((z === 17 || z === 35 || z === 53) && valence > 1);

/** π orbital and electrons of an atom with a multiple or aromatic bond. */
function unsaturated({ z, charge, aromatic }: { readonly z: number; readonly charge: number; readonly aromatic: boolean }, coordination: number, most: number): readonly [number, number] {
  switch (z) {
    case 5: return [PI.B, most > 1 ? 1 : 0];
    case 6: return [PI.C, most > 1 ? 1 : charge < 0 ? 2 : charge > 0 ? 0 : 1];
    case 7: return charge > 0 ? [PI.NPLUS, 1] : aromatic && most === 1 ? (charge < 0 ? [PI.N1, 2] : [PI.N2, 2]) : aromatic && coordination === 3 ? [PI.N2, 2] : [PI.N1, 1];
    case 8: return aromatic && charge === 0 ? [PI.O2, 2] : [PI.O1, 1];
    case 14: return [PI.SI, 1];
    case 15: return aromatic && coordination === 3 ? [PI.P2, 2] : [PI.P1, 1];
    case 16: case 34: case 52: return aromatic && charge === 0 ? [PI.S2, 2] : [PI.S1, 1];
    default: return [PI.NONE, 0];
  }
}

/** π orbital and electrons of a saturated atom beside an unsaturated one. */
function lonePair({ z, charge }: { readonly z: number; readonly charge: number }, coordination: number, valence: number): readonly [number, number] {
  if (coordination > 3) return [PI.NONE, 0];
  switch (z) {
    case 5: return [PI.B, 0];
    case 6: return charge < 0 ? [PI.C, 2] : charge > 0 ? [PI.C, 0] : [PI.NONE, 0];
    case 7: return charge < 0 ? [PI.N1, 2] : charge > 0 ? [PI.NONE, 0] : [PI.N2, 2];
    case 8: return charge < 0 ? [PI.O1, 2] : charge > 0 ? [PI.NONE, 0] : [PI.O2, 2];
    case 9: return [PI.F, 2];
    case 15: return valence === 3 ? [PI.P2, 2] : [PI.NONE, 0];
    case 16: case 34: case 52: return valence > 2 || charge > 0 ? [PI.NONE, 0] : charge < 0 ? [PI.S1, 2] : [PI.S2, 2];
    case 17: return valence === 1 ? [PI.CL, 2] : [PI.NONE, 0];
    case 35: return valence === 1 ? [PI.BR, 2] : [PI.NONE, 0];
    default: return [PI.NONE, 0];
  }
}
