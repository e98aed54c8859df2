/*
 * Fragments: what falls off a material when a single bond outside rings is cut. Cut from a corpus they are the
 * substituents and half-molecules that real materials have; joined again they give new ones with legal valences.
 */
import type { Rng } from "@tatara/engine/base";
import type { Atom, Graph } from "../types.ts";
import type { Edit } from "./edits.ts";
import { beyond, cuttable, removeAtoms } from "./edits.ts";
import { ringBonds } from "../smiles/walk.ts";

/** A piece with one open bond, at atom `at`. */
export interface Fragment {
  readonly graph: Graph;
  readonly at: number;
  /** Attachment points of a repeat unit that the piece holds. */
  readonly stars: number;
}

/** Both pieces of a graph cut at a bond. */
function cut(graph: Graph, bond: number): readonly [Fragment, Fragment] {
  const { a, b } = graph.bonds[bond]!;
  const right = beyond(graph, bond, b);
  const left = new Set(graph.atoms.keys().filter((i) => !right.has(i)));
  return [piece(graph, right, a), piece(graph, left, b)];
}

/** What remains when `gone` is removed, open at atom `at`; the atom loses its stereo mark. */
function piece(graph: Graph, gone: ReadonlySet<number>, at: number): Fragment {
  const kept = removeAtoms(graph, gone);
  const before = [...gone].filter((i) => i < at).length;
  return { graph: kept, at: at - before, stars: kept.atoms.filter(({ z }) => z === 0).length };
}

/** The two pieces joined by a single bond. */
export function join(one: Fragment, other: Fragment): Graph {
  const shift = one.graph.atoms.length;
  return {
    atoms: [...one.graph.atoms, ...other.graph.atoms.map((atom) => shifted(atom, shift))],
    bonds: [
      ...one.graph.bonds,
      ...other.graph.bonds.map(({ a, b, order, aromatic, stereo }) => {
        const bond = { a: a + shift, b: b + shift, order, aromatic };
        return stereo === undefined ? bond : { ...bond, stereo: { refA: stereo.refA + shift, refB: stereo.refB + shift, cis: stereo.cis } };
      }),
      { a: one.at, b: shift + other.at, order: 1, aromatic: false },
    ],
  };
}

const shifted = (atom: Atom, shift: number): Atom =>
  atom.stereo === undefined ? atom : { ...atom, stereo: { order: atom.stereo.order.map((n) => (n < 0 ? n : n + shift)), ccw: atom.stereo.ccw } };

/** All pieces of a graph, both sides of every cut. */
const fragmentsOf = (graph: Graph): readonly Fragment[] => cuttable(graph).flatMap(({ bond }) => cut(graph, bond));

const isHetero = ({ z }: Atom): boolean => z === 7 || z === 8 || z === 16 || z === 9 || z === 17 || z === 35 || z === 53;

/** Joins that chemistry shuns: two heteroatoms side by side. */
export const clashes = (one: Fragment, other: Fragment): boolean => isHetero(one.graph.atoms[one.at]!) && isHetero(other.graph.atoms[other.at]!);

const tries = 8;

/** A fragment of the library in place of one hydrogen. */
export const addSubstituent =
  (library: readonly Fragment[]): Edit =>
  (graph, rng) => {
    const hosts = [...graph.atoms.keys()].filter((i) => graph.atoms[i]!.hydrogens > 0 && graph.atoms[i]!.charge === 0 && graph.atoms[i]!.z > 1);
    if (hosts.length === 0 || library.length === 0) return undefined;
    for (let i = 0; i < tries; i++) {
      const at = hosts[rng.below(hosts.length)]!;
      const fragment = library[rng.below(library.length)]!;
      const host = { graph: withHydrogens(graph, at, -1), at, stars: 0 };
      if (!clashes(host, fragment)) return join(host, fragment);
    }
    return undefined;
  };

function withHydrogens(graph: Graph, at: number, gain: number): Graph {
  const { stereo: _, ...atom } = graph.atoms[at]!;
  return { atoms: graph.atoms.with(at, { ...atom, hydrogens: atom.hydrogens + gain }), bonds: graph.bonds };
}

/** One side group goes, a hydrogen takes its place; attachment points stay. */
export const removeSubstituent: Edit = (graph, rng) => {
  const stars = graph.atoms.filter(({ z }) => z === 0).length;
  const options = fragmentsOf(graph).filter((rest) => rest.stars === stars && rest.graph.atoms.length * 2 >= graph.atoms.length && rest.graph.atoms[rest.at]!.charge <= 0);
  if (options.length === 0) return undefined;
  const { graph: rest, at } = options[rng.below(options.length)]!;
  return withHydrogens(rest, at, 1);
};

/** One side group is exchanged for a fragment of the library. */
export const exchangeSubstituent =
  (library: readonly Fragment[]): Edit =>
  (graph, rng) => {
    const stars = graph.atoms.filter(({ z }) => z === 0).length;
    const cores = fragmentsOf(graph).filter((rest) => rest.stars === stars && rest.graph.atoms.length * 2 >= graph.atoms.length);
    return joinAny(rng, cores, library);
  };

/** Two pieces, one of each list, that go together; undefined when none was found in a few tries. */
function joinAny(rng: Rng, ones: readonly Fragment[], others: readonly Fragment[]): Graph | undefined {
  if (ones.length === 0 || others.length === 0) return undefined;
  for (let i = 0; i < tries; i++) {
    const one = ones[rng.below(ones.length)]!;
    const other = others[rng.below(others.length)]!;
    if (!clashes(one, other)) return join(one, other);
  }
  return undefined;
}

/** A piece of one material with the complementary piece of another: the child of both, with `stars` attachment points in all. */
export function cross(rng: Rng, [one, other]: readonly [Graph, Graph], stars: number): Graph | undefined {
  const left = fragmentsOf(one);
  if (left.length === 0) return undefined;
  const from = left[rng.below(left.length)]!;
  return joinAny(rng, [from], fragmentsOf(other).filter((piece) => piece.stars === stars - from.stars));
}

/** Substituents of at most `largest` heavy atoms without attachment points, from evenly spaced materials of a corpus. */
export function library(graphs: readonly Graph[], { largest = 12, most = 5000 }: { largest?: number; most?: number } = {}): readonly Fragment[] {
  const found: Fragment[] = [];
  for (const graph of graphs) {
    for (const fragment of fragmentsOf(graph)) if (fragment.stars === 0 && fragment.graph.atoms.length <= largest && fragment.graph.atoms.length * 2 <= graph.atoms.length) found.push(fragment);
    if (found.length >= most) break;
  }
  return found;
}

/** Two side groups of one material change places. */
export const swapSubstituents: Edit = (graph, rng) => {
  const inRing = ringBonds(graph);
  const ends = graph.bonds.flatMap(({ a, b, order, aromatic }, bond) => {
    if (order !== 1 || aromatic || inRing[bond] === 1) return [];
    return [{ bond, host: a, group: b }, { bond, host: b, group: a }].filter(({ group }) => graph.atoms[group]!.z > 0);
  });
  if (ends.length < 2) return undefined;
  for (let i = 0; i < tries; i++) {
    const x = ends[rng.below(ends.length)]!;
    const y = ends[rng.below(ends.length)]!;
    if (x.bond === y.bond || x.host === y.host) continue;
    const [sideX, sideY] = [beyond(graph, x.bond, x.group), beyond(graph, y.bond, y.group)];
    if (sideX.has(y.group) || sideY.has(x.group) || sideX.has(y.host) || sideY.has(x.host)) continue;
    const plain = new Set([x.host, y.host, x.group, y.group]);
    return {
      atoms: graph.atoms.map((atom, at) => {
        const { stereo: _, ...rest } = atom;
        return plain.has(at) ? rest : atom;
      }),
      bonds: graph.bonds.map((bond, at) => {
        if (at === x.bond) return { a: x.host, b: y.group, order: 1, aromatic: false };
        if (at === y.bond) return { a: y.host, b: x.group, order: 1, aromatic: false };
        const { stereo, ...rest } = bond;
        return stereo !== undefined && (plain.has(bond.a) || plain.has(bond.b)) ? rest : bond;
      }),
    };
  }
  return undefined;
};
