/*
 * The bounds matrix: for every pair of atoms the shortest and the longest distance allowed, in angstrom.
 * Bonded pairs, 1-3 pairs and 1-4 pairs come from ideal lengths, angles and torsions; others are at least the
 * (shortened) sum of van der Waals radii apart. Triangle smoothing then narrows all of them.
 * Crippen & Havel, "Distance Geometry and Molecular Conformation" (1988); Blaney & Dixon, Rev. Comput. Chem. 5 (1994) 299.
 */
import type { Rng } from "@tatara/engine/base";
import { anglesOf } from "./angles.ts";
import { covalentRadius, vanDerWaalsRadius } from "./radii.ts";
import type { Skeleton } from "./skeleton.ts";
import { torsionsOf } from "./torsions.ts";

/** Symmetric n × n matrices, row-major. */
export interface Bounds {
  readonly size: number;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

const BOND_SLACK = 0.01;
const TORSION_SLACK = 0.06;
const FAR = 1000;
/** Atoms five and more bonds apart, and four apart, may come this close in units of their van der Waals distance. */
const CONTACT = 0.8;
const CONTACT_AT_FIVE = 0.7;
/** Hydrogen bonds: H ... N, O, F. */
const HYDROGEN_BOND = 1.7;

/** Bounds before smoothing; `rng` settles the sides of flat bonds that the graph leaves open. */
export function boundsOf(skeleton: Skeleton, rng: Rng): Bounds {
  const size = skeleton.elements.length;
  const lower = new Float64Array(size * size);
  const upper = new Float64Array(size * size).fill(FAR);
  const isSet = new Uint8Array(size * size);
  const put = (i: number, j: number, low: number, high: number, rank: number): void => {
    const at = i * size + j;
    if (isSet[at] !== 0 && isSet[at]! < rank) return;
    const again = isSet[at] === rank;
    for (const cell of [at, j * size + i]) {
      lower[cell] = again ? Math.min(lower[cell]!, low) : low;
      upper[cell] = again ? Math.max(upper[cell]!, high) : high;
      isSet[cell] = rank;
    }
  };
  const lengths = bondLengths(skeleton);
  const length = (i: number, j: number) => lengths.get(Math.min(i, j) * size + Math.max(i, j))!;
  for (const { a, b } of skeleton.bonds) put(a, b, length(a, b) - BOND_SLACK, length(a, b) + BOND_SLACK, 1);
  const angle = new Map<number, number>();
  for (const { i, centre, j, value, slack } of anglesOf(skeleton)) {
    const [p, q] = [length(i, centre), length(centre, j)];
    put(i, j, thirdSide(p, q, value - slack), thirdSide(p, q, Math.min(Math.PI, value + slack)), 2);
    angle.set((i * size + centre) * size + j, value).set((j * size + centre) * size + i, value);
  }
  for (const { path, low, high } of torsionsOf(skeleton, rng)) {
    const [i, j, k, l] = path;
    const chain = [length(i, j), length(j, k), length(k, l), angle.get((i * size + j) * size + k)!, angle.get((j * size + k) * size + l)!] as const;
    put(i, l, torsionDistance(...chain, low) - TORSION_SLACK, torsionDistance(...chain, high) + TORSION_SLACK, 3);
  }
  setContacts(skeleton, lower, isSet);
  return { size, lower, upper };
}

function bondLengths({ elements, bonds }: Skeleton): Map<number, number> {
  const size = elements.length;
  const length = ({ a, b, order, aromatic }: Skeleton["bonds"][number]): number => {
    const effective = aromatic ? 1.5 : order;
    return covalentRadius(elements[a]!, effective) + covalentRadius(elements[b]!, effective);
  };
  return new Map(bonds.map((bond) => [Math.min(bond.a, bond.b) * size + Math.max(bond.a, bond.b), length(bond)]));
}

const thirdSide = (p: number, q: number, angle: number): number => Math.sqrt(p * p + q * q - 2 * p * q * Math.cos(angle));

/** Distance of the ends of a chain of three bonds with two angles and a torsion. */
function torsionDistance(ij: number, jk: number, kl: number, atJ: number, atK: number, torsion: number): number {
  const x = jk - ij * Math.cos(atJ) - kl * Math.cos(atK);
  const y = kl * Math.sin(atK) * Math.cos(torsion) - ij * Math.sin(atJ);
  const z = kl * Math.sin(atK) * Math.sin(torsion);
  return Math.sqrt(x * x + y * y + z * z);
}

function setContacts({ elements, neighbours }: Skeleton, lower: Float64Array, isSet: Uint8Array): void {
  const size = elements.length;
  const isPolar = (i: number) => [7, 8, 9].includes(elements[i]!);
  const canBond = (i: number, j: number) => elements[i] === 1 && isPolar(neighbours[i]![0] ?? i) && isPolar(j);
  for (let i = 0; i < size; i++) {
    for (let j = i + 1; j < size; j++) {
      if (isSet[i * size + j] !== 0) continue;
      const contact = vanDerWaalsRadius(elements[i]!) + vanDerWaalsRadius(elements[j]!);
      const isFive = neighbours[i]!.some((n) => neighbours[j]!.some((m) => isSet[n * size + m] === 2));
      const low = canBond(i, j) || canBond(j, i) ? HYDROGEN_BOND : contact * (isFive ? CONTACT_AT_FIVE : CONTACT);
      lower[i * size + j] = low;
      lower[j * size + i] = low;
    }
  }
}

/**
 * Narrow the bounds until they obey the triangle inequalities (Floyd-Warshall, Dress & Havel 1988). A lower bound
 * above its upper bound, as strained cages give, is brought down to it.
 */
export function smooth({ size, lower, upper }: Bounds): Bounds {
  const low = Float64Array.from(lower);
  const high = Float64Array.from(upper);
  for (let k = 0; k < size; k++) {
    const rowK = k * size;
    for (let i = 0; i < size; i++) {
      const highIk = high[rowK + i]!;
      for (let j = 0, at = i * size; j < size; j++, at++) {
        const through = highIk + high[rowK + j]!;
        if (i !== j && high[at]! > through) high[at] = through;
      }
    }
  }
  for (let k = 0; k < size; k++) {
    const rowK = k * size;
    for (let i = 0; i < size; i++) {
      const lowIk = low[rowK + i]!;
      const highIk = high[rowK + i]!;
      for (let j = 0, at = i * size; j < size; j++, at++) {
        if (i === j) continue;
        const least = Math.max(lowIk - high[rowK + j]!, low[rowK + j]! - highIk);
        if (low[at]! < least) low[at] = least;
        if (low[at]! > high[at]!) low[at] = high[at]!;
      }
    }
  }
  for (let i = 0; i < size; i++) {
    high[i * size + i] = 0;
    low[i * size + i] = 0;
  }
  return { size, lower: low, upper: high };
}
