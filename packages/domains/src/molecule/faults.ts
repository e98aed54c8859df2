/*
 * Why a structure that RDKit accepts is still no molecule to propose to a chemist: pieces, radicals, odd charges,
 * bonds that rings cannot hold, chains that fall apart. Valence itself is RDKit's affair, in the codec.
 */
import { elements } from "../chem/elements.ts";
import { bridgeFaults, ringFaults, sulfurFaults } from "../chem/strain.ts";
import { fragmentCount, topologyOf } from "../chem/topology.ts";
import type { Topology } from "../chem/topology.ts";
import type { Atom } from "../chem/types.ts";
import type { Molecule } from "./type.ts";

const OXYGENS = 2; // peroxides are borderline, trioxides are not stable
const NITROGENS = 3; // azides and triazenes exist

/** Every reason, in the order of the checks; empty when sound. An isotope label makes no new material to propose. */
export function moleculeFaults({ graph }: Molecule): readonly string[] {
  const topology = topologyOf(graph);
  const pieces = fragmentCount(topology);
  return [
    ...(pieces > 1 ? [`${pieces} fragments`] : []),
    ...graph.atoms.flatMap((atom, i) => atomFaults(atom, `${elements[atom.z]!.name} atom ${i + 1}`)),
    ...new Set([...ringFaults(topology), ...bridgeFaults(topology), ...sulfurFaults(topology)]),
    ...chainFaults(topology, 8, OXYGENS),
    ...chainFaults(topology, 7, NITROGENS),
  ];
}

function atomFaults({ z, charge, radicals, isotope }: Atom, name: string): readonly string[] {
  const faults: string[] = [];
  if (radicals > 0) faults.push(`${radicals === 1 ? "unpaired electron" : `${radicals} unpaired electrons`} on ${name}`);
  if (isOddCharge(z, charge)) faults.push(`charge ${charge > 0 ? "+" : "−"}${Math.abs(charge)} on ${name}`);
  if (isotope !== 0) faults.push(`mass number ${isotope} on ${name}`);
  return faults;
}

/** Cations of N, O, P, S and anions of B, N, O, S, halogens and, in isocyanides and the like, C occur; metals may be +1 to +4. */
function isOddCharge(z: number, charge: number): boolean {
  if (charge === 0) return false;
  const nonMetal = [1, 2, 5, 6, 7, 8, 9, 10, 14, 15, 16, 17, 18, 33, 34, 35, 36, 52, 53, 54].includes(z);
  if (!nonMetal) return charge < 0 || charge > 4;
  if (Math.abs(charge) > 1) return true;
  return charge > 0 ? ![7, 8, 15, 16, 34, 53].includes(z) : ![5, 6, 7, 8, 9, 15, 16, 17, 34, 35, 53].includes(z);
}

/** Runs of one element joined by bonds that are not aromatic. */
function chainFaults({ graph, neighbours }: Topology, z: number, most: number): readonly string[] {
  const seen = new Uint8Array(graph.atoms.length);
  const faults: string[] = [];
  graph.atoms.forEach((atom, start) => {
    if (atom.z !== z || seen[start] === 1) return;
    seen[start] = 1;
    const run = [start];
    for (let at = 0; at < run.length; at++) {
      for (const { atom: next, bond } of neighbours[run[at]!]!) {
        if (seen[next] === 1 || graph.atoms[next]!.z !== z || graph.bonds[bond]!.aromatic) continue;
        seen[next] = 1;
        run.push(next);
      }
    }
    if (run.length > most) faults.push(`chain of ${run.length} ${elements[z]!.name} atoms`);
  });
  return faults;
}
