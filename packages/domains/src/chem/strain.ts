/*
 * What no stable structure holds, whatever its kind: rings too small for their multiple bonds, benzene rings bent
 * over a short bridge, hypervalent sulfur with hydrogen, a triple bond, a double bond to carbon (an ylide)
 * or four single ones (a sulfurane). Rules of thumb from preparative chemistry,
 * not energies: a borderline structure passes.
 */
import type { Topology } from "./topology.ts";

const CYCLOALKYNE = 8; // smallest ring that holds a triple bond at room temperature: cyclooctyne
const CYCLOALLENE = 9; // 1,2-cyclononadiene
const CYCLOPHANE = 10; // [6]paracyclophane, whose smaller ring counts ten atoms, is the smallest that can be kept
const SULFUR = 16;
const FLUORINE = 9;

/** Triple and cumulated bonds in rings too small for them. */
export function ringFaults({ graph, neighbours, rings, ringBonds }: Topology): readonly string[] {
  return rings.flatMap((ring, r) => {
    const inside = new Set(ringBonds[r]);
    const multiple = (order: number, atom: number) => neighbours[atom]!.filter(({ bond }) => inside.has(bond) && graph.bonds[bond]!.order === order && !graph.bonds[bond]!.aromatic).length;
    return [
      ...(ring.length === 3 && ringBonds[r]!.some((bond) => graph.bonds[bond]!.aromatic || graph.bonds[bond]!.order > 1) ? ["double or aromatic bond in a ring of 3 atoms"] : []),
      ...(ring.length < CYCLOALKYNE && ring.some((atom) => multiple(3, atom) > 0) ? [`triple bond in a ring of ${ring.length} atoms`] : []),
      ...(ring.length < CYCLOALLENE && ring.some((atom) => graph.atoms[atom]!.z === 6 && multiple(2, atom) === 2) ? [`cumulated double bonds in a ring of ${ring.length} atoms`] : []),
    ];
  });
}

/** Aromatic rings that share three atoms or more with a small ring outside the aromatic system: they would be bent. */
export function bridgeFaults({ graph, rings, ringBonds }: Topology): readonly string[] {
  const isAromatic = (r: number) => ringBonds[r]!.every((bond) => graph.bonds[bond]!.aromatic);
  return rings.flatMap((ring, r) => {
    if (!isAromatic(r)) return [];
    const atoms = new Set(ring);
    return rings.flatMap((other, s) => (s !== r && !isAromatic(s) && other.length < CYCLOPHANE && other.filter((atom) => atoms.has(atom)).length > 2 ? [`aromatic ring bent over a bridge in a ring of ${other.length} atoms`] : []));
  });
}

/** Sulfur of valence four or six with a hydrogen of its own, a triple bond, a double bond to anything but oxygen and nitrogen, or too few double bonds (SF₅ groups are sound). */
export function sulfurFaults({ graph: { atoms, bonds }, neighbours }: Topology): readonly string[] {
  return atoms.flatMap(({ z, hydrogens, aromatic, charge }, i) => {
    if (z !== SULFUR || aromatic || charge !== 0) return [];
    const ylide = neighbours[i]!.some(({ atom, bond }) => bonds[bond]!.order === 2 && atoms[atom]!.z !== 7 && atoms[atom]!.z !== 8);
    const orders = neighbours[i]!.map(({ bond }) => bonds[bond]!.order);
    const valence = hydrogens + orders.reduce((sum, order) => sum + order, 0);
    const single = orders.filter((order) => order === 2).length < (valence - 2) / 2 && neighbours[i]!.filter(({ atom }) => atoms[atom]!.z === FLUORINE).length < 3;
    return [...(valence > 2 && single ? ["sulfurane"] : []), ...(valence > 2 && hydrogens > 0 ? ["hydrogen on hypervalent sulfur"] : []), ...(orders.includes(3) ? ["triple bond at sulfur"] : []), ...(valence > 2 && ylide ? ["sulfur ylide"] : [])];
  });
}
