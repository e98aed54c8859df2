/*
 * How unevenly electrons are shared: Pauling electronegativities over atoms and bonds, and partial charges by one
 * step of equalisation (each bond moves 0.16 e per unit of difference, as Pauling's ionic character does to first
 * order; formal charges are added). No iteration, no geometry.
 */
import type { Topology } from "./topology.ts";

// Pauling scale (A. L. Allred, J. Inorg. Nucl. Chem. 17 (1961) 215), index = atomic number, 0 where none is given.
const PAULING = [
  0, 2.2, 0, 0.98, 1.57, 2.04, 2.55, 3.04, 3.44, 3.98, 0, 0.93, 1.31, 1.61, 1.9, 2.19, 2.58, 3.16, 0, 0.82, 1, 1.36, 1.54, 1.63, 1.66, 1.55, 1.83, 1.88, 1.91, 1.9, 1.65, 1.81, 2.01, 2.18, 2.55, 2.96, 0,
  0.82, 0.95, 1.22, 1.33, 1.6, 2.16, 1.9, 2.2, 2.28, 2.2, 1.93, 1.69, 1.78, 1.96, 2.05, 2.1, 2.66, 0, 0.79, 0.89, 1.1, 1.12, 1.13, 1.14, 0, 1.17, 0, 1.2, 0, 1.22, 1.23, 1.24, 1.25, 0, 1.27, 1.3, 1.5, 2.36, 1.9, 2.2, 2.2, 2.28, 2.54, 2,
  1.62, 2.33, 2.02,
];
const HYDROGEN = 2.2;
const TRANSFER = 0.16; // e per Pauling unit and bond
const USUAL = 2; // for elements without a value

const electronegativity = (z: number): number => PAULING[z] || (z === 0 ? 0 : USUAL);

/** Mean and sd of electronegativity over atoms, mean difference over bonds, mean |charge|, highest and lowest charge. */
export function polarityOf({ graph, neighbours }: Topology): readonly number[] {
  let [sum, squares, atoms, spread, highest, lowest, differences, bonds] = [0, 0, 0, 0, 0, 0, 0, 0];
  graph.atoms.forEach(({ z, hydrogens, charge }, i) => {
    if (z === 0) return;
    const own = electronegativity(z);
    let flow = hydrogens * (HYDROGEN - own);
    differences += hydrogens * Math.abs(HYDROGEN - own);
    bonds += hydrogens;
    for (const { atom } of neighbours[i]!) {
      const other = electronegativity(graph.atoms[atom]!.z);
      if (other === 0) continue;
      flow += other - own;
      differences += Math.abs(other - own) / 2;
      bonds += 0.5;
    }
    sum += own + hydrogens * HYDROGEN;
    squares += own ** 2 + hydrogens * HYDROGEN ** 2;
    atoms += 1 + hydrogens;
    const partial = charge + TRANSFER * flow;
    const onHydrogen = TRANSFER * (own - HYDROGEN);
    spread += Math.abs(partial) + hydrogens * Math.abs(onHydrogen);
    highest = Math.max(highest, partial, hydrogens > 0 ? onHydrogen : 0);
    lowest = Math.min(lowest, partial, hydrogens > 0 ? onHydrogen : 0);
  });
  const n = Math.max(1, atoms);
  return [sum / n, Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2)), differences / Math.max(1, bonds), spread / n, highest, lowest];
}
