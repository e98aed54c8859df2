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

/** Depth-first from `root`, then from the first atom of each further component; neighbours of smaller `priority` first. */
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
  const enter = (atom: number, bond: number) => {
    lists[atom]!.sort((i, j) => priority[otherEnd(graph.bonds[i]!, atom)]! - priority[otherEnd(graph.bonds[j]!, atom)]!);
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
