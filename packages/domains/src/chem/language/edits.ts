/*
 * Edits of a molecular graph: another element, another bond order, an atom more or less, a substituent added or
 * removed, two side groups swapped. Each looks for places where the result has legal valences and its aromatic rings
 * remain what they are; stereo marks at a changed atom are dropped. `undefined` where a graph offers no place.
 */
import type { Rng } from "@tatara/engine/base";
import { InputError } from "@tatara/engine/base";
import type { Atom, Bond, Graph } from "../types.ts";
import { parseSmiles } from "../smiles/parse.ts";
import { ringBonds } from "../smiles/walk.ts";

/** The graph of a text, or undefined when it is no SMILES: a broken string is nothing to edit. */
export function parseOr(text: string): Graph | undefined {
  try {
    return parseSmiles(text);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

export type Edit = (graph: Graph, rng: Rng) => Graph | undefined;

/** A plain heavy atom: no charge, isotope, radical or attachment point, so that its hydrogens can make room. */
const isPlain = ({ z, charge, isotope, radicals }: Atom): boolean => z > 1 && charge === 0 && isotope === 0 && radicals === 0;

const pick = <T>(rng: Rng, options: readonly T[]): T | undefined => (options.length === 0 ? undefined : options[rng.below(options.length)]);

/** The graph with some atoms replaced; their stereo marks, and those of double bonds that refer to them, go. */
function replaceAtoms({ atoms, bonds }: Graph, changes: ReadonlyMap<number, Partial<Atom>>): Graph {
  return {
    atoms: atoms.map((atom, i) => {
      const change = changes.get(i);
      if (change === undefined) return atom;
      const { stereo: _, ...rest } = atom;
      return { ...rest, ...change };
    }),
    bonds: bonds.map((bond) => (bond.stereo !== undefined && (changes.has(bond.a) || changes.has(bond.b)) ? withoutStereo(bond) : bond)),
  };
}

function withoutStereo({ a, b, order, aromatic }: Bond): Bond {
  return { a, b, order, aromatic };
}

const degrees = ({ atoms, bonds }: Graph): Int32Array => {
  const degree = new Int32Array(atoms.length);
  for (const { a, b } of bonds) {
    degree[a]!++;
    degree[b]!++;
  }
  return degree;
};

const VALENCE: Readonly<Record<number, number>> = { 5: 3, 6: 4, 7: 3, 8: 2, 9: 1, 14: 4, 15: 3, 16: 2, 17: 1, 35: 1, 53: 1 };
const CHAIN_ELEMENTS = [6, 6, 6, 7, 7, 8, 8, 16, 9, 17, 14];

/** One atom becomes another element with room for its bonds; pyridine-like and furan-like ring members change among themselves. */
export const changeElement: Edit = (graph, rng) => {
  const sums = valenceSums(graph);
  const options = graph.atoms.flatMap((atom, i) => {
    if (!isPlain(atom)) return [];
    if (atom.aromatic) return aromaticSwaps(atom, graph, i).map((change) => ({ i, change }));
    if (VALENCE[atom.z] === undefined || sums[i]! > VALENCE[atom.z]!) return [];
    return [...new Set(CHAIN_ELEMENTS)].filter((z) => z !== atom.z && VALENCE[z]! >= sums[i]!).map((z) => ({ i, change: { z, hydrogens: VALENCE[z]! - sums[i]! } }));
  });
  const chosen = pick(rng, options);
  return chosen && replaceAtoms(graph, new Map([[chosen.i, chosen.change]]));
};

/** Sum of Kekulé bond orders, hydrogens left out. */
function valenceSums({ atoms, bonds }: Graph): Int32Array {
  const sums = new Int32Array(atoms.length);
  for (const { a, b, order } of bonds) {
    sums[a]! += order;
    sums[b]! += order;
  }
  return sums;
}

/** Elements that leave the π system of the ring as it is. */
function aromaticSwaps({ z, hydrogens }: Atom, { bonds }: Graph, i: number): readonly Partial<Atom>[] {
  const own = bonds.filter(({ a, b }) => a === i || b === i);
  const inPi = own.some(({ aromatic, order }) => aromatic && order === 2);
  if (own.length !== 2) return [];
  if (z === 6 && hydrogens === 1 && inPi) return [{ z: 7, hydrogens: 0 }];
  if (z === 7 && inPi) return [{ z: 6, hydrogens: 1 }];
  const lonePair: readonly Partial<Atom>[] = [{ z: 7, hydrogens: 1 }, { z: 8, hydrogens: 0 }, { z: 16, hydrogens: 0 }];
  return inPi || ![7, 8, 16].includes(z) ? [] : lonePair.filter((other) => other.z !== z);
}

/** A bond outside aromatic rings gains or loses an order; hydrogens make up for it. */
export const changeBond: Edit = (graph, rng) => {
  const options = graph.bonds.flatMap(({ a, b, order, aromatic }, i) => {
    const [left, right] = [graph.atoms[a]!, graph.atoms[b]!];
    if (aromatic || left.aromatic || right.aromatic || !isPlain(left) || !isPlain(right)) return [];
    const up = order < 3 && left.hydrogens > 0 && right.hydrogens > 0 && VALENCE[left.z] !== undefined && VALENCE[right.z] !== undefined ? [{ i, step: 1 }] : [];
    return order > 1 && VALENCE[left.z] !== undefined && VALENCE[right.z] !== undefined ? [...up, { i, step: -1 }] : up;
  });
  const chosen = pick(rng, options);
  if (chosen === undefined) return undefined;
  const bond = graph.bonds[chosen.i]!;
  const ends = new Map([bond.a, bond.b].map((end) => [end, { hydrogens: graph.atoms[end]!.hydrogens - chosen.step }]));
  const changed = replaceAtoms(graph, ends);
  return { atoms: changed.atoms, bonds: changed.bonds.with(chosen.i, { ...withoutStereo(bond), order: bond.order + chosen.step }) };
};

const CARBON: Atom = { z: 6, charge: 0, hydrogens: 2, isotope: 0, aromatic: false, radicals: 0 };
const BRIDGES: readonly Atom[] = [CARBON, CARBON, { ...CARBON, z: 7, hydrogens: 1 }, { ...CARBON, z: 8, hydrogens: 0 }, { ...CARBON, z: 16, hydrogens: 0 }];

/** A new atom is put into a single bond: chains and saturated rings grow by one. */
export const insertAtom: Edit = (graph, rng) => {
  const places = graph.bonds.flatMap(({ order, aromatic }, i) => (order === 1 && !aromatic ? [i] : []));
  const place = pick(rng, places);
  if (place === undefined) return undefined;
  const { a, b } = graph.bonds[place]!;
  const added = graph.atoms.length;
  const open = replaceAtoms(graph, new Map([a, b].map((end) => [end, {}])));
  const bonds = open.bonds.filter((_, i) => i !== place).map((bond) => (bond.stereo !== undefined && touches(bond, graph.bonds[place]!) ? withoutStereo(bond) : bond));
  return { atoms: [...open.atoms, pick(rng, BRIDGES)!], bonds: [...bonds, { a, b: added, order: 1, aromatic: false }, { a: added, b, order: 1, aromatic: false }] };
};

const touches = (x: Bond, y: Bond): boolean => x.a === y.a || x.a === y.b || x.b === y.a || x.b === y.b;

/** An atom with one or two single bonds goes; two neighbours are then joined, unless a ring would become too small. */
export const deleteAtom: Edit = (graph, rng) => {
  const degree = degrees(graph);
  const options = graph.atoms.flatMap((atom, i) => {
    const own = graph.bonds.filter(({ a, b }) => a === i || b === i);
    if (!isPlain(atom) || atom.aromatic || degree[i]! > 2 || degree[i] === 0 || own.some(({ order }) => order !== 1)) return [];
    const ends = own.map(({ a, b }) => (a === i ? b : a));
    if (ends.length === 1) return isPlain(graph.atoms[ends[0]!]!) ? [{ i, ends }] : [];
    const joined = graph.bonds.some(({ a, b }) => (a === ends[0] && b === ends[1]) || (a === ends[1] && b === ends[0]));
    return joined || ends.every((end) => graph.atoms[end]!.z === 0) ? [] : [{ i, ends }];
  });
  const chosen = pick(rng, options);
  if (chosen === undefined || graph.atoms.length < 3) return undefined;
  const { i: gone, ends } = chosen;
  const last = ends.length === 1 ? { hydrogens: graph.atoms[ends[0]!]!.hydrogens + 1 } : {};
  const open = replaceAtoms(graph, new Map(ends.map((end) => [end, last])));
  const kept = removeAtoms(open, new Set([gone]));
  if (ends.length === 1) return kept;
  const shift = (end: number) => (end > gone ? end - 1 : end);
  return { atoms: kept.atoms, bonds: [...kept.bonds, { a: shift(ends[0]!), b: shift(ends[1]!), order: 1, aromatic: false }] };
};

/** The graph without some atoms; marks that refer to them go, indices move up. */
export function removeAtoms({ atoms, bonds }: Graph, gone: ReadonlySet<number>): Graph {
  let kept = 0;
  const index = atoms.map((_, i) => (gone.has(i) ? -1 : kept++));
  return {
    atoms: atoms.flatMap((atom, i) => {
      if (gone.has(i)) return [];
      const { stereo, ...rest } = atom;
      if (stereo === undefined) return [atom];
      return [stereo.order.some((n) => gone.has(n)) ? rest : { ...rest, stereo: { order: stereo.order.map((n) => (n < 0 ? n : index[n]!)), ccw: stereo.ccw } }];
    }),
    bonds: bonds.flatMap((bond) => {
      if (gone.has(bond.a) || gone.has(bond.b)) return [];
      const moved = { ...withoutStereo(bond), a: index[bond.a]!, b: index[bond.b]! };
      const { stereo } = bond;
      return [stereo === undefined || gone.has(stereo.refA) || gone.has(stereo.refB) ? moved : { ...moved, stereo: { refA: index[stereo.refA]!, refB: index[stereo.refB]!, cis: stereo.cis } }];
    }),
  };
}

/** Single bonds outside rings between atoms, with the atoms on either side; bonds to attachment points are left out. */
export function cuttable(graph: Graph): readonly { readonly bond: number; readonly side: ReadonlySet<number> }[] {
  const inRing = ringBonds(graph);
  return graph.bonds.flatMap(({ a, b, order, aromatic }, bond) => {
    if (order !== 1 || aromatic || inRing[bond] === 1 || graph.atoms[a]!.z === 0 || graph.atoms[b]!.z === 0) return [];
    return [{ bond, side: beyond(graph, bond, b) }];
  });
}

/** Atoms on one end's side of a bond outside rings. */
export function beyond({ bonds }: Graph, cut: number, end: number): ReadonlySet<number> {
  const side = new Set([end]);
  const neighbours = new Map<number, number[]>();
  bonds.forEach(({ a, b }, i) => {
    if (i === cut) return;
    neighbours.set(a, [...(neighbours.get(a) ?? []), b]);
    neighbours.set(b, [...(neighbours.get(b) ?? []), a]);
  });
  for (const atom of side) for (const next of neighbours.get(atom) ?? []) side.add(next);
  return side;
}
