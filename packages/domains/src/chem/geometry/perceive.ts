/* What a set of coordinates says about bonds and hands, to be compared with what was asked for. */
import { elements as table } from "../elements.ts";
import { covalentRadius } from "./radii.ts";
import { signedVolume } from "./refine.ts";
import type { Skeleton } from "./skeleton.ts";

/** Two atoms closer than this many sums of single-bond radii are bonded: between the longest bond and the shortest 1-3 contact. */
const BONDED = 1.22;

/** Bonded pairs i < j, by distance alone. `positions` are n × 3, in angstrom. */
export function bondsIn(elements: readonly number[], positions: Float64Array): readonly (readonly [number, number])[] {
  const bonds: (readonly [number, number])[] = [];
  for (let i = 0; i < elements.length; i++) {
    for (let j = i + 1; j < elements.length; j++) {
      const reach = BONDED * (covalentRadius(elements[i]!) + covalentRadius(elements[j]!));
      if (distance(positions, i, j) < reach) bonds.push([i, j]);
    }
  }
  return bonds;
}

/** How the bonds in the coordinates differ from those wanted: `a bond broke: C3-O4`, or undefined when they agree. */
export function bondChange(elements: readonly number[], wanted: readonly (readonly [number, number])[], positions: Float64Array): string | undefined {
  const name = ([a, b]: readonly [number, number]) => `${table[elements[a]!]!.symbol}${a + 1}-${table[elements[b]!]!.symbol}${b + 1}`;
  const code = ([a, b]: readonly [number, number]) => Math.min(a, b) * elements.length + Math.max(a, b);
  const found = bondsIn(elements, positions);
  const [foundCodes, wantedCodes] = [new Set(found.map(code)), new Set(wanted.map(code))];
  const broken = wanted.find((bond) => !foundCodes.has(code(bond)));
  if (broken) return `a bond broke: ${name(broken)}`;
  const made = found.find((bond) => !wantedCodes.has(code(bond)));
  return made && `a bond formed: ${name(made)}`;
}

/** Whether every stereocentre and every marked double bond came out as asked. */
export const keepsStereo = ({ handedness, sides }: Skeleton, positions: Float64Array): boolean =>
  handedness.every(({ points, positive }) => signedVolume(positions, 3, points) > 0 === positive) && sides.every(({ path, cis }) => isCis(positions, path) === cis);

function isCis(x: Float64Array, [i, j, k, l]: readonly [number, number, number, number]): boolean {
  const along = [0, 1, 2].map((d) => x[3 * k + d]! - x[3 * j + d]!);
  const across = (end: number, root: number) => {
    const v = [0, 1, 2].map((d) => x[3 * end + d]! - x[3 * root + d]!);
    const part = dot(v, along) / dot(along, along);
    return v.map((c, d) => c - part * along[d]!);
  };
  return dot(across(i, j), across(l, k)) > 0;
}

const dot = (a: readonly number[], b: readonly number[]): number => a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!;

/** Distance of atoms i and j. */
export const distance = (x: Float64Array, i: number, j: number): number => Math.hypot(x[3 * i]! - x[3 * j]!, x[3 * i + 1]! - x[3 * j + 1]!, x[3 * i + 2]! - x[3 * j + 2]!);
