/* The order in which a writer visits a graph: a depth-first tree, its ring bonds, and where each is opened. */
import type { Bond, Graph } from "../types.ts";

export interface Walk {
  /** Atoms in the order of writing. */
  readonly sequence: readonly number[];
  /** Position of each atom in `sequence`. */
  readonly rank: Int32Array;
  /** Bond to the atom before, −1 at the start of a component. */
  readonly entry: Int32Array;
  /** Bonds to the atoms that follow, in order of writing; the last is the main chain. */
  readonly children: readonly (readonly number[])[];
  /** Ring bonds that begin at an atom, in the order in which they are closed. */
  readonly opens: readonly (readonly number[])[];
  /** Ring bonds that end at an atom. */
  readonly closes: readonly (readonly number[])[];
}

export const otherEnd = ({ a, b }: Bond, atom: number): number => (a === atom ? b : a);

/** Indices of the bonds of each atom. */
export function bondsOf(graph: Graph): number[][] {
  const lists: number[][] = graph.atoms.map(() => []);
  graph.bonds.forEach(({ a, b }, i) => {
    lists[a]!.push(i);
    lists[b]!.push(i);
  });
  return lists;
}

/**
 * Depth-first from `root`, then from the first atom of each further component; neighbours of smaller `priority` first.
 * At an aromatic atom other rings fused to it come last, so that each aromatic system is one stretch of text.
 */
export function walk(graph: Graph, root: number, priority: ArrayLike<number>): Walk {
  const n = graph.atoms.length;
  const lists = bondsOf(graph);
  const sequence: number[] = [];
  const rank = new Int32Array(n).fill(-1);
  const entry = new Int32Array(n).fill(-1);
  const empty = (): number[][] => Array.from({ length: n }, () => []);
  const [children, opens, closes] = [empty(), empty(), empty()];
  const used = new Uint8Array(graph.bonds.length);
  const next = new Int32Array(n);
  const inRing = graph.atoms.some(({ aromatic }) => aromatic) ? ringBonds(graph, lists) : undefined;
  const isLate = (bond: number) => (inRing![bond] === 1 && !graph.bonds[bond]!.aromatic ? 1 : 0);
  const enter = (atom: number, bond: number) => {
    const late = graph.atoms[atom]!.aromatic ? isLate : () => 0;
    lists[atom]!.sort((i, j) => late(i) - late(j) || priority[otherEnd(graph.bonds[i]!, atom)]! - priority[otherEnd(graph.bonds[j]!, atom)]!);
    rank[atom] = sequence.push(atom) - 1;
    entry[atom] = bond;
    if (bond >= 0) used[bond] = 1;
    stack.push(atom);
  };
  const stack: number[] = [];
  for (let start = -1; start < n; start++) {
    const first = start < 0 ? root : start;
    if (n === 0 || rank[first]! >= 0) continue;
    enter(first, -1);
    while (stack.length > 0) {
      const atom = stack.at(-1)!;
      const bond = lists[atom]![next[atom]!++];
      if (bond === undefined) stack.pop();
      else if (used[bond] === 0) {
        const to = otherEnd(graph.bonds[bond]!, atom);
        if (rank[to]! < 0) {
          children[atom]!.push(bond);
          enter(to, bond);
        } else {
          used[bond] = 1;
          opens[to]!.push(bond);
          closes[atom]!.push(bond);
        }
      }
    }
  }
  return { sequence, rank, entry, children, opens, closes };
}

/** 1 for each bond that lies in a ring, 0 for bridges (Tarjan's low points, without recursion). */
export function ringBonds(graph: Graph, lists: readonly (readonly number[])[] = bondsOf(graph)): Uint8Array {
  const n = graph.atoms.length;
  const inRing = new Uint8Array(graph.bonds.length).fill(1);
  const rank = new Int32Array(n).fill(-1);
  const low = new Int32Array(n);
  const entry = new Int32Array(n).fill(-1);
  const next = new Int32Array(n);
  let count = 0;
  for (let start = 0; start < n; start++) {
    if (rank[start]! >= 0) continue;
    const stack = [start];
    rank[start] = low[start] = count++;
    while (stack.length > 0) {
      const atom = stack.at(-1)!;
      const bond = lists[atom]![next[atom]!++];
      if (bond === undefined) {
        stack.pop();
        const above = stack.at(-1);
        if (above === undefined) continue;
        low[above] = Math.min(low[above]!, low[atom]!);
        if (low[atom]! > rank[above]!) inRing[entry[atom]!] = 0;
      } else if (bond !== entry[atom]) {
        const to = otherEnd(graph.bonds[bond]!, atom);
        if (rank[to]! >= 0) low[atom] = Math.min(low[atom]!, rank[to]!);
        else {
          entry[to] = bond;
          rank[to] = low[to] = count++;
          stack.push(to);
        }
      }
    }
  }
  return inRing;
}
