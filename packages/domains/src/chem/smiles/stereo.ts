/*
 * Stereo marks of SMILES and of graphs: `@` counts neighbours in the order of the text, `/` and `\` say which side
 * of a double bond they lie on. Three-coordinate centres (sulfoxides, phosphines) follow RDKit, which reads the
 * lone pair as the last neighbour, against OpenSMILES, which puts it first at the start of the text.
 */
import type { Atom, Bond, Graph } from "../types.ts";
import type { Link, Skeleton } from "./read.ts";

/** The stereo field of an atom from its chirality mark, or nothing where four directions cannot be told. */
export function tetrahedral(skeleton: Skeleton, atom: number, mark: string, hydrogens: number, orders: readonly number[]): { stereo?: NonNullable<Atom["stereo"]> } {
  if (mark === "") return {};
  const neighbours = skeleton.around[atom]!;
  if (neighbours.length + hydrogens > 4 || neighbours.length < 3) return {};
  const ccw = mark === "@";
  if (neighbours.length === 4) return { stereo: { order: neighbours, ccw } };
  if (hydrogens === 1) {
    const order = skeleton.parents[atom]! < 0 ? [-1, ...neighbours] : [neighbours[0]!, -1, ...neighbours.slice(1)];
    return { stereo: { order, ccw } };
  }
  const unsaturated = skeleton.links.some(({ a, b }, i) => (a === atom || b === atom) && orders[i]! > 1);
  return { stereo: { order: [...neighbours, -1], ccw: ccw !== invertsLonePair(skeleton.rings[atom]!, unsaturated) } };
}

/** RDKit reads a saturated three-coordinate centre with one ring label the other way round (Canon::chiralAtomNeedsTagInversion). */
export const invertsLonePair = (ringLabels: number, unsaturated: boolean): boolean => ringLabels === 1 && !unsaturated;

/** Whether two arrangements of the same four entries differ by an odd number of swaps. */
export function isOdd(from: readonly number[], to: readonly number[]): boolean {
  let inversions = 0;
  const rank = from.map((entry) => to.indexOf(entry));
  for (let i = 0; i < rank.length; i++) for (let j = i + 1; j < rank.length; j++) if (rank[i]! > rank[j]!) inversions++;
  return inversions % 2 === 1;
}

/** Adds double-bond configurations that the directional `links` tell. Bonds and links run parallel. */
export function bondStereo(graph: Graph, links: readonly Link[]): Graph {
  const directed = links.filter(({ symbol }) => symbol === "/" || symbol === "\\");
  if (directed.length === 0) return graph;
  const bonds = graph.bonds.map((bond): Bond => {
    if (bond.order !== 2 || bond.aromatic) return bond;
    const a = sideOf(directed, bond.a);
    const b = sideOf(directed, bond.b);
    return a === undefined || b === undefined ? bond : { ...bond, stereo: { refA: a.neighbour, refB: b.neighbour, cis: a.up === b.up } };
  });
  return { atoms: graph.atoms, bonds };
}

/** The first marked neighbour of an end of a double bond and whether it lies above; undefined when none or contradictory. */
function sideOf(directed: readonly Link[], end: number): { neighbour: number; up: boolean } | undefined {
  let found: { neighbour: number; up: boolean } | undefined;
  for (const { a, b, symbol } of directed) {
    if (a !== end && b !== end) continue;
    const side = { neighbour: a === end ? b : a, up: (symbol === "/") === (a === end) };
    if (found !== undefined && found.up === side.up) return undefined;
    found ??= side;
  }
  return found;
}
