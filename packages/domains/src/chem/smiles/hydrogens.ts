/*
 * Hydrogen atoms written out, `[H]`, folded into the count of their neighbour. Kept, as RDKit keeps them: isotopes,
 * ions, H2, bridging hydrogens, hydrogen on `*`, and those that a double bond's configuration refers to.
 */
import type { Atom, Bond, Graph } from "../types.ts";

/** The graph without foldable hydrogen atoms; atom indices move up. */
export function foldHydrogens(graph: Graph): Graph {
  if (!graph.atoms.some(({ z }) => z === 1)) return graph;
  const partner = new Int32Array(graph.atoms.length).fill(-1);
  graph.atoms.forEach((atom, i) => {
    if (atom.z === 1) partner[i] = host(graph, atom, i);
  });
  if (partner.every((p) => p < 0)) return graph;
  let kept = 0;
  const index = Int32Array.from(partner, (p) => (p < 0 ? kept++ : -1));
  const atoms: Atom[] = [];
  graph.atoms.forEach((atom, i) => {
    if (partner[i]! >= 0) return;
    const { stereo, ...rest } = atom;
    const gained = partner.reduce((sum, p) => sum + (p === i ? 1 : 0), 0);
    const moved = stereo && { order: stereo.order.map((n) => (n < 0 ? n : index[n]!)), ccw: stereo.ccw };
    const told = moved === undefined || moved.order.filter((n) => n < 0).length > 1 ? {} : { stereo: moved };
    atoms.push({ ...rest, hydrogens: atom.hydrogens + gained, ...told });
  });
  const bonds: Bond[] = [];
  for (const { a, b, order, aromatic, stereo } of graph.bonds) {
    if (partner[a]! >= 0 || partner[b]! >= 0) continue;
    const bond = { a: index[a]!, b: index[b]!, order, aromatic };
    bonds.push(stereo === undefined ? bond : { ...bond, stereo: { refA: index[stereo.refA]!, refB: index[stereo.refB]!, cis: stereo.cis } });
  }
  return { atoms, bonds };
}

/** The atom that can take over hydrogen `i`, or −1. */
function host(graph: Graph, atom: Atom, i: number): number {
  if (atom.isotope !== 0 || atom.charge !== 0 || atom.hydrogens !== 0) return -1;
  const bonds = graph.bonds.filter(({ a, b }) => a === i || b === i);
  if (bonds.length !== 1 || bonds[0]!.order !== 1) return -1;
  const other = bonds[0]!.a === i ? bonds[0]!.b : bonds[0]!.a;
  if (graph.atoms[other]!.z <= 1) return -1;
  return graph.bonds.some(({ stereo }) => stereo?.refA === i || stereo?.refB === i) ? -1 : other;
}
