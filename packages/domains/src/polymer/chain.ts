/*
 * The infinite chain of a repeat unit as its quotient graph: the unit without `*`, closed by one link. Every bond
 * has two sides, and stereochemistry is told in sides, not in neighbours: in a small unit the same atom may be a
 * neighbour twice. Bonds that separate one end of the unit from the other, and the link, are the places where the
 * chain can be cut; between two of them lies a segment.
 */
import { periodicTopology, shortestPath, type Topology } from "../chem/topology.ts";
import type { Atom, Bond, Graph } from "../chem/types.ts";
import type { OpenUnit } from "./ends.ts";

/** Number of the side of bond i at its atom a is 2i, at its atom b 2i + 1; −1 stands for an implicit hydrogen or lone pair. */
export type Side = number;

/** Tetrahedral configuration, as Atom.stereo, over sides. */
export interface Corner { readonly order: readonly Side[]; readonly ccw: boolean }
/** Double-bond configuration, as Bond.stereo, over sides. */
export interface Plane { readonly sideA: Side; readonly sideB: Side; readonly cis: boolean }

/** A place to cut the chain, as it is passed when walking from head to tail. */
export interface Cut {
  /** Index into bonds. */
  readonly bond: number;
  /** Atom before and after it. */
  readonly from: number;
  readonly to: number;
}

export interface Chain {
  readonly atoms: readonly Atom[];
  /** Bonds of the unit, and the link, from tail (a) to head (b), as the last. */
  readonly bonds: readonly Bond[];
  readonly corners: readonly (Corner | undefined)[];
  readonly planes: readonly (Plane | undefined)[];
  readonly topology: Topology;
  /** The link first, then in walking order. Segment i lies between cuts i and i + 1 (cyclically). */
  readonly cuts: readonly Cut[];
  /** Segment of each atom. */
  readonly segment: Int32Array;
}

/** The unit without its `*`, and where units are linked. */
export function withoutStars({ graph, stars, ends, order }: OpenUnit): { readonly repeat: Graph; readonly link: { readonly head: number; readonly tail: number; readonly order: number } } {
  const shift = (atom: number) => atom - Number(atom > stars[0]) - Number(atom > stars[1]);
  const isStar = (atom: number) => atom === stars[0] || atom === stars[1];
  const atoms = graph.atoms.filter((_, i) => !isStar(i)).map(({ z, charge, hydrogens, isotope, aromatic, radicals }) => Object.freeze({ z, charge, hydrogens, isotope, aromatic, radicals }));
  const bonds = graph.bonds.filter(({ a, b }) => !isStar(a) && !isStar(b)).map(({ a, b, order: multiplicity, aromatic }) => Object.freeze({ a: shift(a), b: shift(b), order: multiplicity, aromatic }));
  const repeat = Object.freeze({ atoms: Object.freeze(atoms), bonds: Object.freeze(bonds) });
  return { repeat, link: Object.freeze({ head: shift(ends[0]), tail: shift(ends[1]), order }) };
}

/** Close a unit to its chain. */
export function chainOf(unit: OpenUnit): Chain {
  const { repeat, link } = withoutStars(unit);
  const topology = periodicTopology(repeat, link);
  const { corners, planes } = stereoOf(unit, repeat.bonds.length);
  const cuts = cutsOf(topology, link);
  return { atoms: repeat.atoms, bonds: topology.graph.bonds, corners, planes, topology, cuts, segment: segmentsOf(topology, cuts) };
}

function stereoOf({ graph, stars }: OpenUnit, link: number): Pick<Chain, "corners" | "planes"> {
  const sides = sideTable(graph, stars, link);
  const side = (atom: number, neighbour: number): Side => (neighbour === -1 ? -1 : sides.get(atom * graph.atoms.length + neighbour)!);
  const corners = graph.atoms.flatMap(({ z, stereo }, i) => (z === 0 ? [] : [stereo && { order: stereo.order.map((n) => side(i, n)), ccw: stereo.ccw }]));
  const inner = graph.bonds.filter(({ a, b }) => !stars.includes(a) && !stars.includes(b));
  const planes = inner.map(({ a, b, stereo }) => stereo && { sideA: side(a, stereo.refA), sideB: side(b, stereo.refB), cis: stereo.cis });
  return { corners, planes: [...planes, undefined] };
}

/** (atom, neighbour) of the open unit → the side at that atom; the first `*` is the head's side of the link. */
function sideTable({ atoms, bonds }: Graph, stars: readonly [number, number], link: number): ReadonlyMap<number, Side> {
  const table = new Map<number, Side>();
  const put = (atom: number, neighbour: number, side: Side) => table.set(atom * atoms.length + neighbour, side);
  let inner = 0;
  for (const { a, b } of bonds) {
    const star = stars.find((s) => s === a || s === b);
    if (star !== undefined) put(a + b - star, star, 2 * link + (star === stars[0] ? 1 : 0));
    else {
      put(a, b, 2 * inner);
      put(b, a, 2 * inner + 1);
      inner++;
    }
  }
  return table;
}

/** Bonds of any path from head to tail that lie in no ring separate the two. */
function cutsOf(topology: Topology, { head, tail }: { readonly head: number; readonly tail: number }): readonly Cut[] {
  const path = shortestPath(topology, head, tail);
  const steps = path.slice(1).map((to, i) => {
    const from = path[i]!;
    return { bond: topology.neighbours[from]!.find(({ atom, shift }) => atom === to && shift === 0)!.bond, from, to };
  });
  return [{ bond: topology.graph.bonds.length - 1, from: tail, to: head }, ...steps.filter(({ bond }) => topology.bondInRing[bond] === 0)];
}

/** Atoms that stay together when all cuts are made: what is reached from each cut's far atom. */
function segmentsOf({ neighbours }: Topology, cuts: readonly Cut[]): Int32Array {
  const closed = new Set(cuts.map(({ bond }) => bond));
  const segment = new Int32Array(neighbours.length).fill(-1);
  cuts.forEach(({ to }, i) => {
    const stack = [to];
    segment[to] = i;
    while (stack.length > 0)
      for (const { atom, bond } of neighbours[stack.pop()!]!)
        if (segment[atom] === -1 && !closed.has(bond)) {
          segment[atom] = i;
          stack.push(atom);
        }
  });
  return segment;
}

/** The same chain walked from tail to head: cut i becomes cut n − i, segment i becomes n − 1 − i. */
export function reversed(chain: Chain): Chain {
  const n = chain.cuts.length;
  const cuts = chain.cuts.map((_, i) => {
    const { bond, from, to } = chain.cuts[(n - i) % n]!;
    return { bond, from: to, to: from };
  });
  return { ...chain, cuts, segment: chain.segment.map((segment) => n - 1 - segment) };
}

/**
 * Atoms of the main chain: on some simple path from head to tail. Those are the atoms of one path, and all of every
 * block of fused rings in which that path runs along a bond.
 */
export function backboneOf(topology: Topology, { head, tail }: { readonly head: number; readonly tail: number }): readonly number[] {
  const path = shortestPath(topology, head, tail);
  const passed = new Set(path.slice(1).map((to, i) => topology.neighbours[path[i]!]!.find(({ atom, shift }) => atom === to && shift === 0)!.bond));
  const inChain = new Set(path);
  let pending = topology.ringBonds.map((_, ring) => ring);
  for (let found = true; found; ) {
    const entered = pending.filter((ring) => topology.ringBonds[ring]!.some((bond) => passed.has(bond)));
    for (const ring of entered) {
      for (const bond of topology.ringBonds[ring]!) passed.add(bond);
      for (const atom of topology.rings[ring]!) inChain.add(atom);
    }
    pending = pending.filter((ring) => !entered.includes(ring));
    found = entered.length > 0;
  }
  return Object.freeze([...inChain].toSorted((a, b) => a - b));
}
