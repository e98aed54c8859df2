/* Ideal bond angles, from shape, rings and degree. Angles are in radians. */
import { detour } from "./skeleton.ts";
import type { Skeleton } from "./skeleton.ts";

const DEGREES = Math.PI / 180;
/** Rings larger than this bend like open chains. */
const LARGEST_RING = 8;
const TETRAHEDRAL = 109.47;
/** Inner angles of rings of 3 to 8 members, planar and puckered. */
const PLANAR_RING = [60, 90, 108, 120, 128, 135];
const PUCKERED_RING = [60, 88, 104, 111, 114, 115];

/** One bond angle i - centre - j. */
export interface Angle {
  readonly i: number;
  readonly centre: number;
  readonly j: number;
  readonly value: number;
  /** How far the angle may stray either way. */
  readonly slack: number;
  /** Members of the smallest ring through all three, or Infinity. */
  readonly ring: number;
}

/** Every bond angle of the skeleton. */
export const anglesOf = (skeleton: Skeleton): readonly Angle[] => skeleton.elements.flatMap((_, centre) => anglesAt(skeleton, centre));

function anglesAt(skeleton: Skeleton, centre: number): Angle[] {
  const around = skeleton.neighbours[centre]!;
  const pairs = around.flatMap((i, p) => around.slice(p + 1).map((j) => ({ i, j, ring: ringThrough(skeleton, i, centre, j) })));
  const shape = skeleton.shapes[centre]!;
  if (shape === "linear") return pairs.map((pair) => ({ ...pair, centre, value: Math.PI, slack: 8 * DEGREES }));
  if (shape === "other") return pairs.map((pair) => ({ ...pair, centre, value: 130 * DEGREES, slack: 50 * DEGREES }));
  const values = shape === "planar" ? planarAngles(pairs.map((p) => p.ring), around.length) : pairs.map((p) => bentAngle(skeleton, centre, p.ring, pairs));
  const slack = (ring: number) => (shape === "planar" ? 3 : ring <= LARGEST_RING ? 4 : 5) * DEGREES;
  return pairs.map(({ i, j, ring }, p) => ({ i, j, ring, centre, value: values[p]! * DEGREES, slack: slack(ring) }));
}

const ringThrough = ({ neighbours }: Skeleton, i: number, centre: number, j: number): number => detour(neighbours, i, j, [centre], LARGEST_RING - 2) + 2;

/** Around a flat atom with three neighbours the angles add up to 360°: the smallest rings have their way. */
function planarAngles(rings: readonly number[], degree: number): number[] {
  const ideal = (ring: number) => (ring <= LARGEST_RING ? PLANAR_RING[ring - 3]! : 120);
  if (degree !== 3) return rings.map(ideal);
  const inOrder = [0, 1, 2].sort((p, q) => rings[p]! - rings[q]! || p - q);
  const values = [0, 0, 0];
  const [first, second, third] = inOrder as [number, number, number];
  values[first] = ideal(rings[first]!);
  values[second] = rings[second]! <= LARGEST_RING ? ideal(rings[second]!) : (360 - values[first]) / 2;
  values[third] = 360 - values[first] - values[second];
  return values;
}

function bentAngle({ elements, neighbours }: Skeleton, centre: number, ring: number, pairs: readonly { readonly ring: number }[]): number {
  if (ring <= LARGEST_RING) return PUCKERED_RING[ring - 3]!;
  const smallest = Math.min(...pairs.map((pair) => pair.ring));
  if (smallest <= 4) return 117;
  const isChalcogenBridge = neighbours[centre]!.length === 2;
  if (isChalcogenBridge && elements[centre] === 8) return 114;
  if (isChalcogenBridge && elements[centre]! > 9) return 100;
  return TETRAHEDRAL;
}
