/*
 * Why a repeat unit that can be written is still no polymer to propose: bonds that no chain is made of, and atoms
 * that no stable material has. All are looked for along the infinite chain, the link between units included.
 */
import { elements } from "../chem/elements.ts";
import { bridgeFaults, ringFaults, sulfurFaults } from "../chem/strain.ts";
import type { Topology } from "../chem/topology.ts";
import { chainTopology } from "./codec.ts";
import type { Polymer } from "./type.ts";

const HALOGENS = new Set([9, 17, 35, 53]);
const LONGEST_NITROGEN_RUN = 3; // azides and triazenes exist

/** Every reason; empty when sound. An isotope label makes no new material to propose. */
export function polymerFaults(polymer: Polymer): readonly string[] {
  const topology = chainTopology(polymer);
  return [...new Set([...atomFaults(topology), ...bondFaults(topology), ...runFaults(topology), ...ringFaults(topology), ...bridgeFaults(topology), ...sulfurFaults(topology)])];
}

function atomFaults({ graph: { atoms }, neighbours }: Topology): readonly string[] {
  const charge = atoms.reduce((sum, atom) => sum + atom.charge, 0);
  return [
    ...(charge === 0 ? [] : [`net charge ${charge > 0 ? "+" : "−"}${Math.abs(charge)} per unit`]),
    ...atoms.flatMap(({ z, radicals, isotope }, i) => [
      ...(radicals > 0 ? [`unpaired electron on ${elements[z]!.name} atom`] : []),
      ...(isotope !== 0 ? [`mass number ${isotope} on ${elements[z]!.name}`] : []),
      ...((HALOGENS.has(z) || z === 1) && neighbours[i]!.length > 1 ? [`${elements[z]!.name} within the chain`] : []),
    ]),
  ];
}

/** Bonds between heteroatoms that are explosive or hydrolyse at once. */
function bondFaults({ graph: { atoms, bonds } }: Topology): readonly string[] {
  return bonds.flatMap(({ a, b, aromatic }) => {
    const [p, q] = [atoms[a]!.z, atoms[b]!.z].toSorted((x, y) => x - y) as [number, number];
    if (aromatic) return [];
    if (p === 8 && q === 8) return ["peroxide link O–O"];
    if (HALOGENS.has(q) && p >= 7 && p !== 14 && !(p === 15 || p === 16) && atoms[a]!.charge === 0 && atoms[b]!.charge === 0) return [`bond ${elements[p]!.symbol}–${elements[q]!.symbol}`];
    if (HALOGENS.has(p) && q !== 6 && q !== 14 && q !== 15 && q !== 16 && q !== 5) return [`bond ${elements[p]!.symbol}–${elements[q]!.symbol}`];
    return [];
  });
}

/** Runs of nitrogen and oxygen along bonds outside aromatic rings; a chain of them without end counts as long. */
function runFaults({ graph: { atoms, bonds }, neighbours }: Topology): readonly string[] {
  const seen = new Uint8Array(atoms.length);
  const isNitrogen = (i: number) => atoms[i]!.z === 7 && !atoms[i]!.aromatic;
  return atoms.flatMap((_, start) => {
    if (seen[start] === 1 || !isNitrogen(start)) return [];
    const run = [start];
    let endless = false;
    seen[start] = 1;
    for (let at = 0; at < run.length; at++)
      for (const { atom, bond, shift } of neighbours[run[at]!]!) {
        if (!isNitrogen(atom) || bonds[bond]!.aromatic) continue;
        if (seen[atom] === 1) endless ||= shift !== 0 && run.length * 2 > atoms.length;
        else {
          seen[atom] = 1;
          run.push(atom);
        }
      }
    return endless || run.length > LONGEST_NITROGEN_RUN ? ["chain of nitrogen atoms"] : [];
  });
}
