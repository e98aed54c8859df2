/*
 * The lower convex hull of heights over points of the plane: the largest convex function that no point lies
 * below. It is not the hull of the plane points, and says nothing outside of that. Incremental hull in space
 * (de Berg, Cheong, van Kreveld & Overmars, Computational Geometry, 3rd ed. 2008, chapter 11) with exact signs
 * (Shewchuk 1997, doi 10.1007/PL00009321), so that collinear, coplanar and repeated points need no tolerance.
 */
import { orient2d, orient3d } from "robust-predicates";
import { InputError } from "../base/errors.ts";

export interface LowerHull {
  /** Three indices a triangle, counter-clockwise seen from above; every corner is on the hull. */
  readonly triangles: Int32Array;
  /** Height of each point above the hull, ≥ 0: exactly 0 at the triangles' corners, rounded elsewhere. */
  readonly above: Float64Array;
}

/** A face with its outer side on the left of a → b → c seen from outside. */
type Face = readonly [number, number, number];

/**
 * The hull of the points (x, y, z); of points with the same (x, y) only the lowest can be on it, of equal ones
 * the first. Throws an InputError when a number is not finite or all (x, y) lie on one line.
 */
export function lowerHull(x: Float64Array, y: Float64Array, z: Float64Array): LowerHull {
  const n = x.length;
  for (let i = 0; i < n; i++) if (!Number.isFinite(x[i]) || !Number.isFinite(y[i]) || !Number.isFinite(z[i])) throw new InputError(`point ${i} of the hull is not finite: (${x[i]}, ${y[i]}, ${z[i]}) — leave it out`, { value: i });
  const lowest = lowestOf(x, y, z);
  const base = firstTriangle(x, y, lowest);
  // An apex above everything, over the middle of the first triangle: it closes the solid and touches no lower face.
  const apex = n;
  const px = append(x, (x[base[0]] + x[base[1]] + x[base[2]]) / 3);
  const py = append(y, (y[base[0]] + y[base[1]] + y[base[2]]) / 3);
  const [floor, top] = [z.reduce((a, b) => Math.min(a, b), 0), z.reduce((a, b) => Math.max(a, b), 0)];
  const pz = append(z, top + Math.max(1, top - floor));
  const [a, b, c] = base;
  let faces: Face[] = [[a, c, b], [a, b, apex], [b, c, apex], [c, a, apex]];
  for (const i of lowest) if (!base.includes(i)) faces = insert(faces, i, px, py, pz);
  // Outer side down: from above, its corners run clockwise, so they are turned round; upright faces have no area.
  const lower = faces.filter(([i, j, k]) => i !== apex && j !== apex && k !== apex && turn(px, py, i, j, k) < 0);
  const triangles = Int32Array.from(lower.flatMap(([i, j, k]) => fromSmallest(i, k, j)));
  return { triangles, above: heights(x, y, z, triangles) };
}

/** > 0 when i → j → k turns left. robust-predicates has its y axis downwards. */
const turn = (x: Float64Array, y: Float64Array, i: number, j: number, k: number): number => -orient2d(x[i], y[i], x[j], y[j], x[k], y[k]);

function append(values: Float64Array, value: number): Float64Array {
  const out = new Float64Array(values.length + 1);
  out.set(values);
  out[values.length] = value;
  return out;
}

const fromSmallest = (i: number, j: number, k: number): number[] => (i < j && i < k ? [i, j, k] : j < k ? [j, k, i] : [k, i, j]);

/** Indices of the lowest point of each place, in order of x, then y. */
function lowestOf(x: Float64Array, y: Float64Array, z: Float64Array): readonly number[] {
  const order = Array.from(x, (_, i) => i).sort((i, j) => x[i] - x[j] || y[i] - y[j] || z[i] - z[j] || i - j);
  return order.filter((i, at) => at === 0 || x[i] !== x[order[at - 1]!] || y[i] !== y[order[at - 1]!]);
}

/** Three points that are not on one line, counter-clockwise. */
function firstTriangle(x: Float64Array, y: Float64Array, points: readonly number[]): readonly [number, number, number] {
  const [a, b] = points;
  for (const c of points.slice(2)) {
    const side = turn(x, y, a!, b!, c);
    if (side !== 0) return side > 0 ? [a!, b!, c] : [a!, c, b!];
  }
  throw new InputError(`no hull over an area: the ${points.length} places lie on one line — give at least three that do not`, { value: points.length });
}

/** Replace the faces that see the point by a fan from the point to their horizon. */
function insert(faces: Face[], p: number, x: Float64Array, y: Float64Array, z: Float64Array): Face[] {
  // A point in the plane of a face does not see it: on an edge it changes nothing, beside it another face does.
  const seen = (f: Face) => orient3d(x[f[0]], y[f[0]], z[f[0]], x[f[1]], y[f[1]], z[f[1]], x[f[2]], y[f[2]], z[f[2]], x[p], y[p], z[p]) < 0;
  const kept: Face[] = [];
  const edges = new Set<number>();
  const stride = x.length;
  for (const face of faces) {
    if (!seen(face)) {
      kept.push(face);
      continue;
    }
    for (let e = 0; e < 3; e++) {
      const [from, to] = [face[e]!, face[(e + 1) % 3]!];
      if (!edges.delete(to * stride + from)) edges.add(from * stride + to);
    }
  }
  for (const edge of edges) kept.push([Math.floor(edge / stride), edge % stride, p]);
  return kept;
}

function heights(x: Float64Array, y: Float64Array, z: Float64Array, triangles: Int32Array): Float64Array {
  const above = new Float64Array(x.length).fill(Number.NaN);
  for (const corner of triangles) above[corner] = 0;
  return above.map((known, i) => {
    if (known === 0) return 0;
    for (let t = 0; t < triangles.length; t += 3) {
      const [a, b, c] = [triangles[t], triangles[t + 1], triangles[t + 2]];
      const inside = turn(x, y, a, b, i) >= 0 && turn(x, y, b, c, i) >= 0 && turn(x, y, c, a, i) >= 0;
      if (inside) return Math.max(0, z[i] - planeAt(x, y, z, triangles, t, x[i], y[i]));
    }
    return Number.NaN; // not reached: the triangles cover the convex hull of the places
  });
}

/** Height at (px, py) of the plane through triangle t. */
function planeAt(x: Float64Array, y: Float64Array, z: Float64Array, triangles: Int32Array, t: number, px: number, py: number): number {
  const [a, b, c] = [triangles[t], triangles[t + 1], triangles[t + 2]];
  const area = (x[b] - x[a]) * (y[c] - y[a]) - (x[c] - x[a]) * (y[b] - y[a]);
  const v = ((px - x[a]) * (y[c] - y[a]) - (x[c] - x[a]) * (py - y[a])) / area;
  const w = ((x[b] - x[a]) * (py - y[a]) - (px - x[a]) * (y[b] - y[a])) / area;
  return z[a] + v * (z[b] - z[a]) + w * (z[c] - z[a]);
}
