/*
 * Groupings of molecules: the Murcko framework (ring systems, the linkers between them, and atoms doubly bonded to
 * either; G. W. Bemis & M. A. Murcko, J. Med. Chem. 39 (1996) 2887, with RDKit's treatment of double bonds), without
 * stereochemistry, and the molecular formula in Hill's order.
 */
import type { Catalog } from "@tatara/engine/base";
import { elements } from "../chem/elements.ts";
import { withMol } from "../chem/rdkit.ts";
import { writeSmiles } from "../chem/smiles/index.ts";
import { topologyOf } from "../chem/topology.ts";
import type { Topology } from "../chem/topology.ts";
import type { Graph, Rdkit } from "../chem/types.ts";
import type { Molecule } from "./type.ts";

/** What the scaffold of a molecule without rings is called. */
export const ACYCLIC = "acyclic";

export const moleculeGroups = (rdkit: Rdkit): Catalog<(s: Molecule) => string> => ({
  scaffold: (s) => scaffold(rdkit, s),
  formula: ({ graph }) => formula(graph),
});

/** Canonical SMILES of the Murcko framework, or "acyclic". */
export function scaffold(rdkit: Rdkit, { graph }: Molecule): string {
  const topology = topologyOf(graph);
  if (topology.rings.length === 0) return ACYCLIC;
  return withMol(rdkit, writeSmiles(cutTo(graph, frameworkOf(topology))), (mol) => mol.get_smiles());
}

/** Peel off atoms with one neighbour until rings and linkers are left, then take back what is doubly bonded to them. */
function frameworkOf({ graph, neighbours, atomInRing, component, rings }: Topology): Uint8Array {
  const cyclic = new Set(rings.map((ring) => component[ring[0]!]!));
  const kept = Uint8Array.from(graph.atoms, (_, i) => Number(cyclic.has(component[i]!)));
  const degree = Int32Array.from(neighbours, (around) => around.length);
  const pending = graph.atoms.flatMap((_, i) => (kept[i] === 1 && degree[i]! < 2 && atomInRing[i] === 0 ? [i] : []));
  while (pending.length > 0) {
    const atom = pending.pop()!;
    kept[atom] = 0;
    for (const { atom: next } of neighbours[atom]!) if (kept[next] === 1 && --degree[next]! < 2 && atomInRing[next] === 0) pending.push(next);
  }
  const core = kept.slice();
  for (const { a, b, order } of graph.bonds) {
    if (order === 2 && core[a] === 1) kept[b] = 1;
    if (order === 2 && core[b] === 1) kept[a] = 1;
  }
  return kept;
}

/** The kept atoms; a bond that is cut leaves hydrogens. */
function cutTo(graph: Graph, kept: Uint8Array): Graph {
  const places = new Map(graph.atoms.flatMap((_, i) => (kept[i] === 1 ? [i] : [])).map((atom, place) => [atom, place]));
  const extra = new Uint8Array(graph.atoms.length);
  const bonds = graph.bonds.flatMap(({ a, b, order, aromatic }) => {
    if (kept[a] === 1 && kept[b] === 1) return [{ a: places.get(a)!, b: places.get(b)!, order, aromatic }];
    extra[a]! += order;
    extra[b]! += order;
    return [];
  });
  const atoms = [...places.keys()].map((i) => {
    const { z, charge, hydrogens, isotope, aromatic, radicals } = graph.atoms[i]!;
    return { z, charge, hydrogens: hydrogens + extra[i]!, isotope, aromatic, radicals };
  });
  return { atoms, bonds };
}

/** Hill order: C, H, then by symbol; by symbol throughout when there is no carbon. Net charge at the end. */
export function formula({ atoms }: Graph): string {
  const counts = new Map<string, number>();
  const add = (symbol: string, n: number) => n > 0 && counts.set(symbol, (counts.get(symbol) ?? 0) + n);
  for (const { z, hydrogens } of atoms) {
    add(elements[z]!.symbol, 1);
    add("H", hydrogens);
  }
  const rank = (symbol: string) => (counts.has("C") && symbol === "C" ? "0" : counts.has("C") && symbol === "H" ? "1" : `2${symbol}`);
  const parts = [...counts].toSorted(([a], [b]) => (rank(a) < rank(b) ? -1 : 1)).map(([symbol, n]) => (n === 1 ? symbol : `${symbol}${n}`));
  const charge = atoms.reduce((sum, atom) => sum + atom.charge, 0);
  return parts.join("") + (charge === 0 ? "" : `${charge > 0 ? "+" : "-"}${Math.abs(charge) === 1 ? "" : Math.abs(charge)}`);
}
