import { expect, test } from "vitest";
import { graphOf, withMol } from "../../src/chem/rdkit.ts";
import { distancesFrom, fragmentCount, periodicTopology, shortestPath, topologyOf } from "../../src/chem/topology.ts";
import type { Graph } from "../../src/chem/types.ts";
import { needsShared, rdkit, references } from "./reference.ts";

const graph = (text: string): Graph => withMol(rdkit, text, graphOf);
const sizes = (text: string) => topologyOf(graph(text)).rings.map((ring) => ring.length);

test.each([
  ["CCC", []],
  ["C1CC1", [3]],
  ["c1ccc2ccccc2c1", [6, 6]],
  ["C1CC2CC1C2", [4, 5]],
  ["C12C3C4C1C5C2C3C45", [4, 4, 4, 4, 4]],
  ["C1CC2(C1)CCC2", [4, 4]],
  ["C1C2CC3CC1CC(C2)C3", [6, 6, 6]],
  ["c1ccccc1-c1ccccc1.C1CCCC1", [5, 6, 6]],
])("rings of %s have sizes %j", (text, expected) => expect(sizes(text)).toEqual(expected));

test("rings list their atoms in order and their bonds", () => {
  const { graph: g, rings, ringBonds } = topologyOf(graph("C12C3C4C1C5C2C3C45"));
  rings.forEach((ring, r) => ring.forEach((atom, i) => {
    const next = ring[(i + 1) % ring.length]!;
    expect(ringBonds[r]!.some((b) => [g.bonds[b]!.a, g.bonds[b]!.b].toSorted().join() === [atom, next].toSorted().join())).toBe(true);
  }));
});

test.skipIf(references.length === 0)(needsShared("1,200 structures have RDKit's ring sizes, and as many rings as bonds closing them", references.length > 0), () => {
  for (const { smiles, ring_sizes } of references) {
    const t = topologyOf(graph(smiles));
    // RDKit symmetrises its set: a cage has more rings there, of the same sizes.
    expect([...new Set(sizes(smiles))], smiles).toEqual([...new Set(ring_sizes)].toSorted((a, b) => a - b));
    expect(t.rings.length, smiles).toBe(t.graph.bonds.length - t.graph.atoms.length + fragmentCount(t));
  }
});

test("a topology is computed once per graph", () => {
  const g = graph("CCO");
  expect(topologyOf(g)).toBe(topologyOf(g));
});

test("paths, distances and fragments", () => {
  const t = topologyOf(graph("CCC(C)CO.CC"));
  expect(shortestPath(t, 0, 5)).toEqual([0, 1, 2, 4, 5]);
  expect(shortestPath(t, 0, 6)).toEqual([]);
  expect([...distancesFrom(t, 3)]).toEqual([3, 2, 1, 0, 2, 3, -1, -1]);
  expect(fragmentCount(t)).toBe(2);
});

test("a polymer's link closes no ring, and steps into the next unit", () => {
  const t = periodicTopology(graph("CCc1ccccc1"), { head: 0, tail: 1 });
  expect(t.rings.map((ring) => ring.length)).toEqual([6]);
  expect(t.neighbours[0]!.filter(({ atom }) => atom === 1).map(({ shift }) => shift)).toEqual([0, -1]);
  expect([...t.bondInRing]).toEqual([0, 0, 1, 1, 1, 1, 1, 1, 0]);
  expect(shortestPath(t, 1, 0)).toEqual([1, 0]);
});

test("a unit of one backbone atom is its own neighbour on both sides", () => {
  const t = periodicTopology(graph("C"), { head: 0, tail: 0 });
  expect(t.neighbours[0]).toEqual([{ atom: 0, bond: 0, shift: 1 }, { atom: 0, bond: 0, shift: -1 }]);
});
