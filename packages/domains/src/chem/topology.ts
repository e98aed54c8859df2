/*
 * Who is next to whom: the one view of a graph that all counting code uses.
 * A polymer is infinite, so its view is the quotient graph: the repeat unit without `*`, plus one link from its
 * tail back to its head. Stepping over the link changes the repeat unit; `shift` says by how much. The link is
 * never in a ring (in the infinite chain it is a bridge), and in small units it may run parallel to another bond
 * or from an atom to itself.
 */
import { ringsOf } from "./rings.ts";
import type { Bond, Graph } from "./types.ts";

export interface Neighbour {
  readonly atom: number;
  /** Index into bonds. */
  readonly bond: number;
  /** Repeat units crossed on the way: +1 or −1 over a polymer's link, else 0. */
  readonly shift: number;
}

export interface Topology {
  /** Of a polymer, the repeat unit with its link as the last bond. */
  readonly graph: Graph;
  /** Whether the last bond links one repeat unit to the next. */
  readonly periodic: boolean;
  readonly neighbours: readonly (readonly Neighbour[])[];
  /** Smallest set of smallest rings: atoms in ring order. Never through the link. */
  readonly rings: readonly (readonly number[])[];
  /** The same rings as bond indices. */
  readonly ringBonds: readonly (readonly number[])[];
  readonly atomInRing: Uint8Array;
  readonly bondInRing: Uint8Array;
  /** Fragment number of each atom, counted from 0. */
  readonly component: Int32Array;
}

const cache = new WeakMap<Graph, Topology>();

/** The topology of a finite graph; computed once per graph object. */
export function topologyOf(graph: Graph): Topology {
  const known = cache.get(graph);
  if (known) return known;
  const made = build(graph, graph.bonds.length, false);
  cache.set(graph, made);
  return made;
}

/** The infinite chain of a repeat unit (without `*`) whose `tail` atom is bonded to the next unit's `head`. */
export function periodicTopology(unit: Graph, link: { readonly head: number; readonly tail: number; readonly order?: number; readonly aromatic?: boolean }): Topology {
  const bond: Bond = { a: link.tail, b: link.head, order: link.order ?? 1, aromatic: link.aromatic ?? false };
  return build({ atoms: unit.atoms, bonds: [...unit.bonds, bond] }, unit.bonds.length, true);
}

/** `inner` bonds are ordinary; a bond beyond them is the link from a (this unit) to b (the next). */
function build(graph: Graph, inner: number, periodic: boolean): Topology {
  const neighbours: Neighbour[][] = graph.atoms.map(() => []);
  for (let bond = 0; bond < inner; bond++) {
    const { a, b } = graph.bonds[bond]!;
    neighbours[a]!.push({ atom: b, bond, shift: 0 });
    neighbours[b]!.push({ atom: a, bond, shift: 0 });
  }
  const { rings, ringBonds } = ringsOf(graph.bonds, neighbours);
  for (let bond = inner; bond < graph.bonds.length; bond++) {
    const { a, b } = graph.bonds[bond]!;
    neighbours[a]!.push({ atom: b, bond, shift: 1 });
    neighbours[b]!.push({ atom: a, bond, shift: -1 });
  }
  const [atomInRing, bondInRing] = [new Uint8Array(graph.atoms.length), new Uint8Array(graph.bonds.length)];
  for (const ring of rings) for (const atom of ring) atomInRing[atom] = 1;
  for (const ring of ringBonds) for (const bond of ring) bondInRing[bond] = 1;
  return { graph, periodic, neighbours, rings, ringBonds, atomInRing, bondInRing, component: components(neighbours) };
}

function components(neighbours: readonly (readonly Neighbour[])[]): Int32Array {
  const component = new Int32Array(neighbours.length).fill(-1);
  let count = 0;
  for (let start = 0; start < neighbours.length; start++) {
    if (component[start] !== -1) continue;
    const stack = [start];
    component[start] = count;
    while (stack.length > 0) {
      for (const { atom } of neighbours[stack.pop()!]!) {
        if (component[atom] !== -1) continue;
        component[atom] = count;
        stack.push(atom);
      }
    }
    count++;
  }
  return component;
}

/** Number of fragments. */
export const fragmentCount = ({ component }: Topology): number => component.reduce((most, c) => Math.max(most, c + 1), 0);

/**
 * Atoms on one shortest path within the unit, both ends included; empty when there is none. Among paths of equal
 * length the one through the lowest atom numbers. The link of a polymer is not used.
 */
export function shortestPath({ neighbours }: Topology, from: number, to: number): readonly number[] {
  const before = new Int32Array(neighbours.length).fill(-1);
  before[to] = to;
  const queue = [to];
  for (let at = 0; at < queue.length && before[from] === -1; at++) {
    for (const { atom, shift } of neighbours[queue[at]!]!) {
      if (shift !== 0 || before[atom] !== -1) continue;
      before[atom] = queue[at]!;
      queue.push(atom);
    }
  }
  if (before[from] === -1) return [];
  const path = [from];
  while (path.at(-1) !== to) path.push(before[path.at(-1)!]!);
  return path;
}

/** Bond counts between atom `from` and every atom; −1 when unreachable. A polymer's link counts as one bond. */
export function distancesFrom({ neighbours }: Topology, from: number): Int32Array {
  const distance = new Int32Array(neighbours.length).fill(-1);
  distance[from] = 0;
  const queue = [from];
  for (let at = 0; at < queue.length; at++) {
    for (const { atom } of neighbours[queue[at]!]!) {
      if (distance[atom] !== -1) continue;
      distance[atom] = distance[queue[at]!]! + 1;
      queue.push(atom);
    }
  }
  return distance;
}
