/*
 * The skeleton of a structure: a graph whose hydrogens are atoms, with the facts that its 3-D form rests on.
 * Atoms 0 .. heavy − 1 are those of the graph in its own order; hydrogens follow, in the order of their carriers.
 */
import type { Atom, Graph } from "../types.ts";
import { hasRadii } from "./radii.ts";

/** How the neighbours of an atom are arranged. */
export type Shape = "linear" | "planar" | "tetrahedral" | "other";

export interface SkeletonBond {
  readonly a: number;
  readonly b: number;
  /** Kekulé order. */
  readonly order: number;
  readonly aromatic: boolean;
}

/** Four positions whose signed volume (p0 − p3) · ((p1 − p3) × (p2 − p3)) must have the sign given. */
export interface Handedness {
  readonly points: readonly [number, number, number, number];
  readonly positive: boolean;
}

/** Neighbours `i` of one end and `l` of the other end of the double bond j = k, on the same side or not. */
export interface DoubleBondSide {
  readonly path: readonly [number, number, number, number];
  readonly cis: boolean;
}

export interface Skeleton {
  /** Number of atoms of the graph; the rest are hydrogens. */
  readonly heavy: number;
  readonly elements: readonly number[];
  readonly neighbours: readonly (readonly number[])[];
  readonly bonds: readonly SkeletonBond[];
  readonly shapes: readonly Shape[];
  readonly handedness: readonly Handedness[];
  readonly sides: readonly DoubleBondSide[];
  readonly charge: number;
  /** Unpaired electrons. */
  readonly unpaired: number;
}

/** Why a graph has no 3-D form here; undefined when it may have one. */
export function unbuildable(graph: Graph): string | undefined {
  if (graph.atoms.length === 0) return "no atoms: an empty structure — a structure has at least one atom";
  const open = graph.atoms.findIndex((atom) => atom.z === 0);
  if (open >= 0) return `open end: atom ${open + 1} is * — close every attachment point with a cap first`;
  const unknown = graph.atoms.find((atom) => !hasRadii(atom.z));
  if (unknown) return `no bond lengths for element ${unknown.z} — main-group elements up to iodine are known`;
  return undefined;
}

/** Add the hydrogens and work out shapes and stereo constraints. The graph must not be `unbuildable`. */
export function skeletonOf(graph: Graph): Skeleton {
  const heavy = graph.atoms.length;
  const elements = graph.atoms.map((atom) => atom.z);
  const bonds: SkeletonBond[] = graph.bonds.map(({ a, b, order, aromatic }) => ({ a, b, order, aromatic }));
  const hydrogenOf = new Map<number, number>();
  graph.atoms.forEach((atom, a) => {
    for (let h = 0; h < atom.hydrogens; h++) {
      if (h === 0) hydrogenOf.set(a, elements.length);
      bonds.push({ a, b: elements.length, order: 1, aromatic: false });
      elements.push(1);
    }
  });
  const neighbours = elements.map((): number[] => []);
  for (const { a, b } of bonds) {
    neighbours[a]!.push(b);
    neighbours[b]!.push(a);
  }
  const partial = { heavy, elements, neighbours, bonds };
  return {
    ...partial,
    shapes: shapesOf(graph, partial),
    handedness: graph.atoms.flatMap((atom, a) => handednessOf(atom, a, hydrogenOf.get(a))),
    sides: graph.bonds.flatMap(({ a, b, stereo }): DoubleBondSide[] => (stereo ? [{ path: [stereo.refA, a, b, stereo.refB], cis: stereo.cis }] : [])),
    charge: sum(graph.atoms.map((atom) => atom.charge)),
    unpaired: sum(graph.atoms.map((atom) => atom.radicals)),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, v) => total + v, 0);

/** A lone pair stands behind its atom, so the atom itself takes its place: the volume keeps its sign. */
function handednessOf(atom: Atom, a: number, hydrogen: number | undefined): readonly Handedness[] {
  if (!atom.stereo) return [];
  const points = atom.stereo.order.map((n) => (n >= 0 ? n : (hydrogen ?? a)));
  while (points.length < 4) points.push(a);
  const [p, q, r, s] = points as [number, number, number, number];
  return [{ points: [p, q, r, s], positive: atom.stereo.ccw }];
}

type Partial = Pick<Skeleton, "elements" | "neighbours" | "bonds">;

function shapesOf(graph: Graph, { elements, neighbours, bonds }: Partial): Shape[] {
  const doubles = elements.map(() => 0);
  const triples = elements.map(() => 0);
  for (const { a, b, order } of bonds) {
    for (const end of [a, b]) {
      if (order === 2) doubles[end]!++;
      if (order >= 3) triples[end]!++;
    }
  }
  const isAromatic = (i: number) => graph.atoms[i]?.aromatic ?? false;
  const isFirstRow = (i: number) => elements[i]! <= 9;
  const isUnsaturated = (i: number) => isAromatic(i) || (isFirstRow(i) && (doubles[i]! > 0 || triples[i]! > 0));
  return elements.map((z, i): Shape => {
    const degree = neighbours[i]!.length;
    if (degree > 4) return "other";
    if (degree === 2 && isFirstRow(i) && (triples[i]! > 0 || doubles[i]! > 1)) return "linear";
    if (isAromatic(i)) return "planar";
    if (degree > 3) return "tetrahedral";
    if (isFirstRow(i) && doubles[i]! > 0) return "planar";
    if ((z === 5 || (z === 6 && graph.atoms[i]?.charge === 1)) && degree === 3) return "planar";
    if (z === 7 && degree === 3 && (graph.atoms[i]?.charge ?? 0) === 0 && neighbours[i]!.some(isUnsaturated)) return "planar";
    return "tetrahedral";
  });
}

/** Bonds on the shortest way from `from` to `to` that avoids the atoms in `avoid`; Infinity beyond `limit`. */
export function detour(neighbours: Skeleton["neighbours"], from: number, to: number, avoid: readonly number[], limit: number): number {
  const seen = new Set([from, ...avoid]);
  let front = [from];
  for (let steps = 1; steps <= limit && front.length > 0; steps++) {
    const next: number[] = [];
    for (const atom of front) {
      for (const n of neighbours[atom]!) {
        if (n === to) return steps;
        if (seen.has(n)) continue;
        seen.add(n);
        next.push(n);
      }
    }
    front = next;
  }
  return Number.POSITIVE_INFINITY;
}
