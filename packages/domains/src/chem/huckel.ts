/*
 * A Hückel calculation of every conjugated system: frontier levels and gap in units of |β|, energies relative to α
 * of carbon. Heteroatoms: F. A. Van-Catledge, J. Org. Chem. 45 (1980) 4801; N⁺ and bromine, and 1.1 and 0.9 for
 * double and single carbon bonds that alternate: A. Streitwieser, Molecular Orbital Theory for Organic Chemists
 * (1961). Selenium and tellurium are taken for sulfur; iodine and d orbitals are left out. Of a triple bond one π
 * plane counts. Where conjugation runs on along a polymer, levels are taken at both edges of the Brillouin zone
 * (link coupling +k and −k).
 */
import { symmetricEigenvalues } from "@tatara/engine/numeric";
import { bondingOf, PI } from "./bonding.ts";
import type { Bonding } from "./bonding.ts";
import type { Topology } from "./topology.ts";

// Order of PI: C B N· N: O· O: F Si P· P: S· S: Cl N+ Br.
const H = [0, -0.45, 0.51, 1.37, 0.97, 2.09, 2.71, 0, 0.19, 0.75, 0.46, 1.11, 1.48, 2, 1.5];
const K = [
  [1], [0.73, 0.87], [1.02, 0.66, 1.09], [0.89, 0.53, 0.99, 0.98], [1.06, 0.6, 1.14, 1.13, 1.26], [0.66, 0.35, 0.8, 0.89, 1.02, 0.95],
  [0.52, 0.26, 0.65, 0.77, 0.92, 0.94, 1.04], [0.75, 0.57, 0.72, 0.43, 0.65, 0.24, 0.17, 0.64], [0.77, 0.53, 0.78, 0.55, 0.75, 0.31, 0.21, 0.62, 0.63],
  [0.76, 0.54, 0.81, 0.64, 0.82, 0.39, 0.22, 0.52, 0.58, 0.63], [0.81, 0.51, 0.83, 0.68, 0.84, 0.43, 0.28, 0.61, 0.65, 0.65, 0.68],
  [0.69, 0.44, 0.78, 0.73, 0.85, 0.54, 0.32, 0.4, 0.48, 0.6, 0.58, 0.63], [0.62, 0.41, 0.77, 0.8, 0.88, 0.7, 0.51, 0.34, 0.35, 0.55, 0.52, 0.59, 0.68],
];
const N_PLUS_K = 1; // to any partner
const BROMINE_K = 0.3;
/** What a structure without any π system is given: σ levels lie at least this far from α. */
const SATURATED = 2;

const KINDS = H.length;
/** k of every pair of kinds, KINDS × KINDS. */
const COUPLING = Float64Array.from({ length: KINDS * KINDS }, (_, at) => {
  const [p, q] = [Math.floor(at / KINDS), at % KINDS];
  return p === PI.BR || q === PI.BR ? BROMINE_K : p === PI.NPLUS || q === PI.NPLUS ? N_PLUS_K : K[Math.max(p, q)]![Math.min(p, q)]!;
});

export interface Frontier {
  /** Highest occupied level in |β| (bonding levels are negative). */
  readonly homo: number;
  /** Lowest empty level in |β|. */
  readonly lumo: number;
  /** Smallest gap within one conjugated system, in |β|. */
  readonly gap: number;
  /** Atoms of the largest conjugated system; ∞ where it runs on along the chain; 0 without any. */
  readonly extent: number;
  /** π electrons per unit. */
  readonly electrons: number;
}

/** Frontier levels over all conjugated systems; ∓2 and 4 where there is none. */
export function huckel(topology: Topology): Frontier {
  const bonding = bondingOf(topology);
  let [homo, lumo, gap, extent, electrons] = [-Infinity, Infinity, Infinity, 0, 0];
  for (const system of systemsOf(topology, bonding)) {
    const own = system.atoms.reduce((sum, atom) => sum + bonding.electrons[atom]!, 0);
    electrons += own;
    extent = Math.max(extent, system.infinite ? Infinity : system.atoms.length);
    const [top, bottom] = levels(topology, bonding, system, own);
    homo = Math.max(homo, top);
    lumo = Math.min(lumo, bottom);
    gap = Math.min(gap, bottom - top);
  }
  const [up, down] = [homo === -Infinity ? -SATURATED : homo, lumo === Infinity ? SATURATED : lumo];
  return { homo: up, lumo: down, gap: gap === Infinity ? 2 * SATURATED : Math.max(0, gap), extent, electrons };
}

interface System {
  readonly atoms: readonly number[];
  /** Whether a way through the system leads to the next repeat unit. */
  readonly infinite: boolean;
}

/** Connected sets of π orbitals with two atoms or more. */
function systemsOf({ neighbours }: Topology, { orbital }: Bonding): readonly System[] {
  const cell = new Int32Array(orbital.length);
  const seen = new Uint8Array(orbital.length);
  const systems: System[] = [];
  for (let start = 0; start < orbital.length; start++) {
    if (seen[start] === 1 || orbital[start] === PI.NONE) continue;
    const atoms = [start];
    let infinite = false;
    seen[start] = 1;
    for (let at = 0; at < atoms.length; at++) {
      for (const { atom, shift } of neighbours[atoms[at]!]!) {
        if (orbital[atom] === PI.NONE) continue;
        const here = cell[atoms[at]!]! + shift;
        if (seen[atom] === 1) infinite ||= cell[atom] !== here;
        else {
          seen[atom] = 1;
          cell[atom] = here;
          atoms.push(atom);
        }
      }
    }
    if (atoms.length > 1 || infinite) systems.push({ atoms, infinite });
  }
  return systems;
}

/** Highest occupied and lowest empty level (in |β| above α) of one system; ±∞ where all or none are filled. */
function levels(topology: Topology, bonding: Bonding, system: System, electrons: number): readonly [number, number] {
  const n = system.atoms.length;
  let [top, bottom] = [-Infinity, Infinity];
  for (const phase of system.infinite ? [1, -1] : [1]) {
    // Eigenvalues count in β < 0: the largest ones are filled first.
    const x = symmetricEigenvalues(matrix(topology, bonding, system, phase), n);
    const [occupied, empty] = [Math.ceil(electrons / 2), Math.floor(electrons / 2)];
    if (occupied > 0 && occupied <= n) top = Math.max(top, -x[n - occupied]!);
    if (empty < n) bottom = Math.min(bottom, -x[n - 1 - empty]!);
  }
  return [top, bottom];
}

function matrix({ graph, neighbours }: Topology, { orbital }: Bonding, { atoms }: System, phase: number): Float64Array {
  const n = atoms.length;
  const place = new Int32Array(graph.atoms.length).fill(-1);
  const h = new Float64Array(n * n);
  atoms.forEach((atom, i) => {
    place[atom] = i;
    h[i * n + i] = H[orbital[atom]!]!;
  });
  for (const atom of atoms) {
    for (const { atom: other, bond, shift } of neighbours[atom]!) {
      if (orbital[other] === PI.NONE) continue;
      const { order, aromatic } = graph.bonds[bond]!;
      const alternation = aromatic || orbital[atom] !== PI.C || orbital[other] !== PI.C ? 1 : order > 1 ? 1.1 : 0.9;
      h[place[atom]! * n + place[other]!]! += COUPLING[orbital[atom]! * KINDS + orbital[other]!]! * alternation * (shift === 0 ? 1 : phase);
    }
  }
  return h;
}
