/*
 * Circular (Morgan, ECFP-like) fingerprints: Rogers & Hahn, J. Chem. Inf. Model. 50 (2010) 742, with RDKit's
 * invariants and hash combination, so that unfolded ids equal RDKit's (checked on 1,200 structures).
 * Each atom's neighbourhood of 0 … radius bonds gets a 32-bit id; a neighbourhood that covers the same bonds as an
 * earlier one is left out. In a polymer neighbourhoods run on into the next repeat units, are the same when one is
 * the other moved by whole units, and are counted per repeat unit: the result does not depend on the cut.
 * Not here: chirality, and dative bonds, which our graphs hold as single.
 */
import type { Topology } from "./topology.ts";

/** Unsigned 32-bit id of a neighbourhood → how often it occurs. */
export type Counts = ReadonlyMap<number, number>;

export interface MorganOptions {
  /** Largest number of bonds from the centre; 2 gives ECFP4. */
  readonly radius?: number;
  /** What an atom is by itself, one unsigned 32-bit number per atom. */
  readonly invariants: ArrayLike<number>;
}

const AROMATIC = 12; // RDKit's number of the aromatic bond type; 1, 2, 3 and 4 are the orders

/** gboost::hash_combine on 32 bits. */
const combine = (seed: number, value: number): number => (seed ^ (value + 0x9e3779b9 + (seed << 6) + (seed >>> 2))) | 0;

/** Hash of a sequence of integers as RDKit hashes it; signed 32 bits. */
export const hashSequence = (values: readonly number[]): number => values.reduce((seed, value) => combine(seed, value), 0);

interface Round {
  /** Signed 32-bit id of each atom's neighbourhood. */
  readonly ids: Int32Array;
  /** Its bonds as a bit set over (repeat unit, bond). */
  readonly covers: readonly bigint[];
}

/** Unfolded ids and counts. */
export function morganCounts(topology: Topology, { radius = 2, invariants }: MorganOptions): Counts {
  const counts = new Map<number, number>();
  const add = (id: number) => counts.set(id >>> 0, (counts.get(id >>> 0) ?? 0) + 1);
  const dead = Uint8Array.from(topology.neighbours, (around) => Number(around.length === 0));
  const seen = new Set<bigint>();
  let round: Round = { ids: Int32Array.from(invariants, (value) => value | 0), covers: topology.neighbours.map(() => 0n) };
  for (const id of round.ids) add(id);
  const kinds = topology.graph.bonds.map(({ order, aromatic }) => (aromatic ? AROMATIC : order));
  for (let layer = 0; layer < radius; layer++) {
    round = grow(topology, { kinds, round, layer, dead, radius });
    for (const atom of survivors(topology, round, seen, dead)) add(round.ids[atom]!);
  }
  return counts;
}

interface Growth {
  readonly kinds: readonly number[];
  readonly round: Round;
  readonly layer: number;
  readonly dead: Uint8Array;
  readonly radius: number;
}

/** Every living atom's neighbourhood, one bond wider. A dead atom's id becomes 0, as in RDKit. */
function grow({ neighbours, periodic, graph }: Topology, { kinds, round, layer, dead, radius }: Growth): Round {
  const width = BigInt(graph.bonds.length);
  const home = periodic ? BigInt(radius) * width : 0n;
  const ids = new Int32Array(neighbours.length);
  const covers = [...round.covers];
  for (let atom = 0; atom < ids.length; atom++) {
    if (dead[atom] === 1) continue;
    const pairs: (readonly [number, number])[] = [];
    for (const { atom: other, bond, shift } of neighbours[atom]!) {
      const [cover, own] = [round.covers[other]!, home + BigInt(bond)];
      covers[atom]! |= shift === 0 ? cover | (1n << own) : shift > 0 ? (cover << width) | (1n << own) : (cover >> width) | (1n << (own - width));
      pairs.push([kinds[bond]!, round.ids[other]! >>> 0]);
    }
    pairs.sort(([k, x], [l, y]) => k - l || x - y);
    let id = combine(layer, round.ids[atom]!);
    for (const [kind, value] of pairs) id = combine(id, combine(combine(0, kind), value));
    ids[atom] = id;
  }
  return { ids, covers };
}

/** One atom for every new neighbourhood, that of the smallest id; the others die. */
function survivors({ periodic, graph }: Topology, { ids, covers }: Round, seen: Set<bigint>, dead: Uint8Array): Iterable<number> {
  const width = BigInt(graph.bonds.length);
  const best = new Map<bigint, number>();
  for (let atom = 0; atom < ids.length; atom++) {
    if (dead[atom] === 1) continue;
    const cover = periodic ? lowered(covers[atom]!, width) : covers[atom]!;
    const rival = best.get(cover);
    if (seen.has(cover)) dead[atom] = 1;
    else if (rival === undefined) best.set(cover, atom);
    else if (ids[atom]! >>> 0 < ids[rival]! >>> 0) {
      best.set(cover, atom);
      dead[rival] = 1;
    } else dead[atom] = 1;
  }
  for (const cover of best.keys()) seen.add(cover);
  return best.values();
}

/** The same bonds, moved by whole repeat units until the first unit holds one of them. */
function lowered(cover: bigint, width: bigint): bigint {
  let at = cover;
  while (at !== 0n && BigInt.asUintN(Number(width), at) === 0n) at >>= width;
  return at;
}

/** Add the counts, folded by id modulo row.length, to `row`. */
export function foldCounts(counts: Counts, row: Float64Array): void {
  for (const [id, count] of counts) row[id % row.length]! += count;
}
