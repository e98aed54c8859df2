/*
 * The range that each torsion i-j-k-l may take: 0 is cis, π is trans. Double and aromatic bonds, esters and
 * secondary amides (Z, as they are found), small rings and written E/Z marks narrow it; other torsions are free.
 */
import type { Rng } from "@tatara/engine/base";
import { detour } from "./skeleton.ts";
import type { Skeleton, SkeletonBond } from "./skeleton.ts";

const DEGREES = Math.PI / 180;
/** Largest torsion inside a puckered ring of 3 to 8 members, and inside one whose bond joins two flat atoms. */
const RING_TORSION = [5, 35, 45, 68, 95, 120];
const FLAT_RING_TORSION = [5, 10, 15, 25, 60, 90];
/** A ring of this size or smaller holds its double bonds cis. */
const CIS_RING = 7;

export interface Torsion {
  readonly path: readonly [number, number, number, number];
  readonly low: number;
  readonly high: number;
}

/** Every torsion of the skeleton; `rng` decides between the two sides of a flat bond that nothing else decides. */
export const torsionsOf = (skeleton: Skeleton, rng: Rng): readonly Torsion[] => skeleton.bonds.flatMap((bond) => torsionsAbout(skeleton, bond, rng));

function torsionsAbout(skeleton: Skeleton, bond: SkeletonBond, rng: Rng): Torsion[] {
  const { neighbours, shapes } = skeleton;
  const { a: j, b: k } = bond;
  const starts = neighbours[j]!.filter((i) => i !== k);
  const ends = neighbours[k]!.filter((l) => l !== j);
  if (starts.length === 0 || ends.length === 0 || shapes[j] === "linear" || shapes[k] === "linear") return [];
  const ring = (i: number, l: number) => (i === l ? 3 : detour(neighbours, i, l, [j, k], 5) + 3);
  const flat = flatness(skeleton, bond);
  const isCis = flat === undefined ? undefined : sidesOf(skeleton, bond, starts, ends, ring, rng);
  const bothPlanar = shapes[j] === "planar" && shapes[k] === "planar";
  return starts.flatMap((i) =>
    ends
      .filter((l) => l !== i)
      .map((l): Torsion => {
        const path = [i, j, k, l] as const;
        const size = ring(i, l);
        if (isCis) return isCis(i, l) ? { path, low: 0, high: flat! } : { path, low: Math.PI - flat!, high: Math.PI };
        if (size > 8) return { path, low: 0, high: Math.PI };
        return { path, low: 0, high: (bothPlanar ? FLAT_RING_TORSION : RING_TORSION)[size - 3]! * DEGREES };
      }),
  );
}

/** How far a flat bond may twist, or undefined for a bond that turns. */
function flatness(skeleton: Skeleton, { a, b, order, aromatic }: SkeletonBond): number | undefined {
  const { shapes } = skeleton;
  if (shapes[a] === "planar" && shapes[b] === "planar" && (aromatic || order === 2)) return 4 * DEGREES;
  return isAcyl(skeleton, a, b) || isAcyl(skeleton, b, a) ? 15 * DEGREES : undefined;
}

/** Whether `c` is a carbonyl carbon and `x` the ester oxygen or flat amide nitrogen beside it. */
const isAcyl = ({ elements, shapes, bonds }: Skeleton, c: number, x: number): boolean =>
  elements[c] === 6 && (elements[x] === 8 || (elements[x] === 7 && shapes[x] === "planar")) && oxoOf(elements, bonds, c) !== undefined;

function oxoOf(elements: readonly number[], bonds: readonly SkeletonBond[], c: number): number | undefined {
  const bond = bonds.find(({ a, b, order }) => order === 2 && ((a === c && isChalcogen(elements[b]!)) || (b === c && isChalcogen(elements[a]!))));
  return bond && (bond.a === c ? bond.b : bond.a);
}

const isChalcogen = (z: number): boolean => z === 8 || z === 16;

/** Decide which neighbours of the two ends lie on the same side of a flat bond. */
function sidesOf(skeleton: Skeleton, { a: j, b: k }: SkeletonBond, starts: readonly number[], ends: readonly number[], ring: (i: number, l: number) => number, rng: Rng): (i: number, l: number) => boolean {
  const written = skeleton.sides.find(({ path }) => (path[1] === j && path[2] === k) || (path[1] === k && path[2] === j));
  const known = (i: number, l: number): boolean | undefined => {
    if (written) {
      const forwards = written.path[1] === j;
      const [refI, refL] = forwards ? [written.path[0], written.path[3]] : [written.path[3], written.path[0]];
      return (i === refI) === (l === refL) ? written.cis : !written.cis;
    }
    for (const [p, q] of starts.flatMap((p) => ends.map((q) => [p, q] as const))) {
      if (ring(p, q) <= CIS_RING) return (i === p) === (l === q);
    }
    return acylSide(skeleton, j, k, i, l) ?? acylSide(skeleton, k, j, l, i);
  };
  const first = known(starts[0]!, ends[0]!) ?? rng.uniform() < 0.5;
  return (i, l) => ((i === starts[0]) === (l === ends[0]) ? first : !first);
}

/** In esters, acids and secondary amides the doubly bound oxygen lies on the side of the substituent (of H in an acid). */
function acylSide(skeleton: Skeleton, c: number, x: number, i: number, l: number): boolean | undefined {
  const { elements, bonds, neighbours } = skeleton;
  if (!isAcyl(skeleton, c, x)) return undefined;
  const hydrogens = neighbours[x]!.filter((n) => elements[n] === 1).length;
  if (elements[x] === 7 && hydrogens !== 1) return undefined;
  return (i === oxoOf(elements, bonds, c)) === (elements[x] === 8 || elements[l] !== 1);
}
