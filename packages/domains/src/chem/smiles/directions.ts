/*
 * Which bonds carry `/` and `\` in a text to be written: each configured double bond needs one marked neighbour at
 * either end; conjugated ones share marks, so that signs are propagated from one double bond to the next.
 */
import type { Graph } from "../types.ts";
import type { Walk } from "./walk.ts";
import { bondsOf, otherEnd } from "./walk.ts";

interface Side {
  readonly end: number;
  /** Bonds at this end that can carry a mark: single ones, and those of an aromatic ring. */
  readonly singles: readonly number[];
  /** Neighbour that the configuration refers to, and whether it counts as above in the double bond's own frame. */
  readonly ref: number;
  readonly refUp: boolean;
}

/** The symbol of each bond that is to be marked, read in the direction of writing. */
export function directions(graph: Graph, { rank, children }: Walk): ReadonlyMap<number, string> {
  const symbols = new Map<number, string>();
  if (!graph.bonds.some(({ stereo }) => stereo !== undefined)) return symbols;
  const lists = bondsOf(graph);
  const isTree = new Set(children.flat());
  const singles = (atom: number) => lists[atom]!.filter((i) => graph.bonds[i]!.order === 1 || graph.bonds[i]!.aromatic);
  const configured = graph.bonds
    .flatMap(({ a, b, stereo }) => {
      if (stereo === undefined) return [];
      const sides: Side[] = [
        { end: a, singles: singles(a), ref: stereo.refA, refUp: true },
        { end: b, singles: singles(b), ref: stereo.refB, refUp: stereo.cis },
      ];
      return [sides];
    })
    .sort((x, y) => Math.min(rank[x[0]!.end]!, rank[x[1]!.end]!) - Math.min(rank[y[0]!.end]!, rank[y[1]!.end]!));
  const firstEnd = (bond: number) => (rank[graph.bonds[bond]!.a]! < rank[graph.bonds[bond]!.b]! ? graph.bonds[bond]!.a : graph.bonds[bond]!.b);
  const unwanted = (bond: number, end: number) => {
    const far = otherEnd(graph.bonds[bond]!, end);
    return (isTree.has(bond) ? 0 : 2) + (lists[far]!.some((i) => graph.bonds[i]!.order === 2 && !graph.bonds[i]!.aromatic && graph.bonds[i]!.stereo === undefined) ? 4 : 0);
  };
  const marked = new Set<number>();
  for (const { end, singles: options } of configured.flat()) {
    if (options.some((i) => marked.has(i))) continue;
    const [best] = [...options].sort((i, j) => unwanted(i, end) - unwanted(j, end) || rank[otherEnd(graph.bonds[i]!, end)]! - rank[otherEnd(graph.bonds[j]!, end)]!);
    if (best !== undefined) marked.add(best);
  }
  const done = new Set<Side[]>();
  const isUp = (bond: number, { end, ref, refUp }: Side) => (otherEnd(graph.bonds[bond]!, end) === ref) === refUp;
  const place = (sides: Side[]) => {
    done.add(sides);
    const bonds = sides.flatMap((side) => side.singles.filter((i) => marked.has(i)).map((bond) => ({ bond, up: isUp(bond, side) === (firstEnd(bond) === side.end) })));
    const known = bonds.find(({ bond }) => symbols.has(bond));
    const earliest = bonds.reduce((x, y) => (rank[firstEnd(y.bond)]! < rank[firstEnd(x.bond)]! ? y : x), bonds[0]!);
    const flip = known === undefined ? !earliest.up : (symbols.get(known.bond) === "/") !== known.up;
    for (const { bond, up } of bonds) if (!symbols.has(bond)) symbols.set(bond, up !== flip ? "/" : "\\");
    for (const other of configured) {
      if (!done.has(other) && other.some((side) => side.singles.some((i) => symbols.has(i)))) place(other);
    }
  };
  for (const sides of configured) if (!done.has(sides)) place(sides);
  return symbols;
}
