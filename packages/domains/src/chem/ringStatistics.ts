/*
 * Rings by kind, per molecule or repeat unit. A smallest set of rings is not unique in cages, so only what does not
 * depend on the choice is counted: sizes, and numbers of ring bonds.
 */
import type { Topology } from "./topology.ts";

/** Ring atoms, atoms with 3 and with 4 ring bonds, heteroatoms in rings, aromatic rings, rings of 3–4, 5, 6 and more atoms. */
export function ringStatistics(topology: Topology, aromatic = aromaticRings(topology)): readonly number[] {
  const { graph, rings, atomInRing, bondInRing } = topology;
  const ringBonds = new Uint8Array(graph.atoms.length);
  graph.bonds.forEach(({ a, b }, i) => {
    ringBonds[a]! += bondInRing[i]!;
    ringBonds[b]! += bondInRing[i]!;
  });
  let [inRing, fused, spiro, hetero] = [0, 0, 0, 0];
  for (let i = 0; i < ringBonds.length; i++) {
    inRing += atomInRing[i]!;
    fused += Number(ringBonds[i] === 3);
    spiro += Number(ringBonds[i]! > 3);
    hetero += Number(atomInRing[i] === 1 && graph.atoms[i]!.z !== 6);
  }
  const sized = (from: number, to: number) => rings.reduce((sum, { length }) => sum + Number(length >= from && length <= to), 0);
  return [inRing, fused, spiro, hetero, aromatic, sized(3, 4), sized(5, 5), sized(6, 6), sized(7, Infinity)];
}

/** Independent rings that the aromatic bonds close: bonds − atoms + pieces. */
export function aromaticRings({ graph, neighbours }: Topology): number {
  const seen = new Uint8Array(graph.atoms.length);
  let [bonds, atoms, pieces] = [0, 0, 0];
  for (const { aromatic } of graph.bonds) bonds += Number(aromatic);
  if (bonds === 0) return 0;
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] === 1 || !neighbours[start]!.some(({ bond }) => graph.bonds[bond]!.aromatic)) continue;
    pieces++;
    seen[start] = 1;
    const stack = [start];
    while (stack.length > 0) {
      atoms++;
      for (const { atom, bond } of neighbours[stack.pop()!]!) {
        if (seen[atom] === 1 || !graph.bonds[bond]!.aromatic) continue;
        seen[atom] = 1;
        stack.push(atom);
      }
    }
  }
  return bonds - atoms + pieces;
}
