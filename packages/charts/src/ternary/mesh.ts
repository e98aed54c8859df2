/*
 * Triangles between computed points, for linear interpolation of fields over them. Nothing spans a gap: triangles
 * with an edge beyond the reach are left out, and a field paints no triangle with a NaN corner. Points closer
 * than a pixel are merged first, place and values alike, which leaves linear fields unchanged.
 */
import { Delaunay } from "d3-delaunay";
import { fromXy, HEIGHT, place, within, type View } from "./geometry.ts";
import type { TernaryPoints } from "./types.ts";

/** Values at each vertex. */
export type Field = Float64Array;

export interface Mesh {
  /** px. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Three vertices a triangle, all turning the same way. */
  readonly triangles: Int32Array;
  /** The number of each triangle's edges: edge 3t + i runs from corner i to the next one. */
  readonly edges: Int32Array;
  readonly edgeCount: number;
}

export interface Meshed {
  readonly mesh: Mesh;
  readonly fields: readonly Field[];
}

const MERGED = 0.8; // px: points that lie closer cannot be told apart
const CELL = 1.5; // px
const MARGIN = 0.1; // fraction around a zoomed view: coarser grids than this are not drawn zoomed
const ON_SIDE = 1e-7; // of the side: fractions come rounded
/** Times the spacing: longer than the diagonals between a grid and one of half its step. */
const REACH = 1.8;
/** So many points may stand alone without making the whole diagram look coarse. */
const ALONE = 5;

/** The mesh of the points in and around the view, and the fields on it. */
export function meshOf(view: View, points: TernaryPoints, values: readonly ArrayLike<number>[], reach?: number): Meshed {
  const chosen = around(view, points);
  const placed = chosen.map((i) => place(view, composition(points, i)));
  let x: Float64Array = Float64Array.from(placed, (p) => p[0]);
  let y: Float64Array = Float64Array.from(placed, (p) => p[1]);
  let fields: readonly Field[] = values.map((field) => Float64Array.from(chosen, (i) => Number(field[i])));
  const spacing = (view.side * view.side * (HEIGHT / 2)) / Math.max(1, chosen.length); // px² a point, were they all over the view
  if (Math.sqrt(spacing) < MERGED) [x, y, fields] = merge(view, x, y, fields);
  if (x.length < 3) return { mesh: withEdges(x, y, new Int32Array(0)), fields };
  const delaunay = new Delaunay(interleave(x, y));
  const longest = reach === undefined ? REACH * coarsest(x, y, delaunay.triangles) : (reach / view.span) * view.side * (1 + 1e-9);
  const mesh = withEdges(x, y, shortOnes(x, y, delaunay.triangles, longest));
  return clipTo(view, { mesh, fields });
}

export const composition = (points: TernaryPoints, i: number): readonly [number, number, number] => [points.a[i]!, points.b[i]!, 1 - points.a[i]! - points.b[i]!];

/** Points in the view or near enough to be interpolated from; what is no composition has no place. */
function around(view: View, points: TernaryPoints): readonly number[] {
  const all = Array.from({ length: points.a.length }, (_, i) => i).filter((i) => composition(points, i).every((v) => v >= -ON_SIDE && v <= 1 + ON_SIDE));
  const margin = MARGIN + 0.3 * view.span;
  return view.span === 1 ? all : all.filter((i) => within(view, composition(points, i)).every((v) => v * view.span >= -margin));
}

function interleave(x: Float64Array, y: Float64Array): Float64Array {
  const out = new Float64Array(2 * x.length);
  for (let i = 0; i < x.length; i++) [out[2 * i], out[2 * i + 1]] = [x[i]!, y[i]!];
  return out;
}

/** One vertex for all points of a cell; points on the border stay there. NaN values do not count beside others. */
function merge(view: View, x: Float64Array, y: Float64Array, fields: readonly Field[]): [Float64Array, Float64Array, Field[]] {
  const cells = new Map<number, number[]>();
  const columns = Math.ceil((3 * view.side) / CELL);
  for (let i = 0; i < x.length; i++) {
    const key = (Math.floor((y[i]! - view.bottom) / CELL) * columns + Math.floor((x[i]! - view.left) / CELL)) * 8 + borders(view, x[i]!, y[i]!);
    const cell = cells.get(key);
    if (cell) cell.push(i);
    else cells.set(key, [i]);
  }
  const groups = [...cells.values()];
  const mean = (values: Float64Array) => Float64Array.from(groups, (group) => meanOf(values, group));
  return [mean(x), mean(y), fields.map(mean)];
}

/** Bits of the sides that a point lies on. */
const borders = (view: View, x: number, y: number): number => inward(view, x, y).reduce((bits, v, i) => bits + (v === 0 ? 1 << i : 0), 0);

function meanOf(values: Float64Array, group: readonly number[]): number {
  let [sum, count] = [0, 0];
  for (const i of group) {
    if (Number.isNaN(values[i])) continue;
    sum += values[i]!;
    count++;
  }
  return sum / count;
}

const distance = (x: Float64Array, y: Float64Array, i: number, j: number) => Math.hypot(x[i]! - x[j]!, y[i]! - y[j]!);

/** Spacing of the coarsest part: from each point to its nearest, the largest but for a few lone points. */
function coarsest(x: Float64Array, y: Float64Array, triangles: ArrayLike<number>): number {
  const nearest = new Float64Array(x.length).fill(Number.POSITIVE_INFINITY);
  for (let e = 0; e < triangles.length; e++) {
    const [i, j] = [triangles[e]!, triangles[e % 3 === 2 ? e - 2 : e + 1]!];
    const d = distance(x, y, i, j);
    if (d < nearest[i]!) nearest[i] = d;
    if (d < nearest[j]!) nearest[j] = d;
  }
  const sorted = nearest.filter(Number.isFinite).sort();
  return sorted[Math.max(0, sorted.length - 1 - (sorted.length > 6 * ALONE ? ALONE : 0))] ?? 0;
}

function shortOnes(x: Float64Array, y: Float64Array, triangles: ArrayLike<number>, longest: number): Int32Array {
  const kept: number[] = [];
  for (let t = 0; t < triangles.length; t += 3) {
    const [i, j, k] = [triangles[t]!, triangles[t + 1]!, triangles[t + 2]!];
    if (distance(x, y, i, j) <= longest && distance(x, y, j, k) <= longest && distance(x, y, k, i) <= longest) kept.push(i, j, k);
  }
  return Int32Array.from(kept);
}

function withEdges(x: Float64Array, y: Float64Array, triangles: Int32Array): Mesh {
  const numbers = new Map<number, number>();
  const edges = new Int32Array(triangles.length);
  for (let e = 0; e < triangles.length; e++) {
    const [i, j] = [triangles[e]!, triangles[e % 3 === 2 ? e - 2 : e + 1]!];
    const key = Math.min(i, j) * x.length + Math.max(i, j);
    let number = numbers.get(key);
    if (number === undefined) numbers.set(key, (number = numbers.size));
    edges[e] = number;
  }
  return { x, y, triangles, edges, edgeCount: numbers.size };
}

/** The part of the mesh inside the view; new vertices on its sides carry interpolated values. */
function clipTo(view: View, meshed: Meshed): Meshed {
  if (view.span === 1) return meshed;
  return [0, 1, 2].reduce((rest, side) => clipBy(rest, rest.mesh.x.map((x, i) => inward(view, x, rest.mesh.y[i]!)[side]!)), meshed);
}

/** Fractions within the view of a point on the page; 0 on a side also after rounding. */
const inward = (view: View, x: number, y: number): readonly number[] => fromXy([(x - view.left) / view.side, (view.bottom - y) / view.side]).map((v) => (Math.abs(v) < ON_SIDE ? 0 : v));

/** Where `depth` ≥ 0. */
function clipBy({ mesh, fields }: Meshed, depth: Field): Meshed {
  const columns = [mesh.x, mesh.y, ...fields].map((values) => Array.from(values));
  const made = new Map<number, number>();
  const cut = (e: number, i: number, j: number) => {
    const known = made.get(mesh.edges[e]!);
    if (known !== undefined) return known;
    const t = depth[i]! / (depth[i]! - depth[j]!);
    for (const values of columns) values.push(values[i]! + t * (values[j]! - values[i]!));
    made.set(mesh.edges[e]!, columns[0]!.length - 1);
    return columns[0]!.length - 1;
  };
  const triangles: number[] = [];
  for (let t = 0; t < mesh.triangles.length; t += 3) {
    const ring: number[] = [];
    for (let k = 0; k < 3; k++) {
      const [i, j] = [mesh.triangles[t + k]!, mesh.triangles[t + ((k + 1) % 3)]!];
      if (depth[i]! >= 0) ring.push(i);
      if (depth[i]! * depth[j]! < 0) ring.push(cut(t + k, i, j));
    }
    for (let k = 2; k < ring.length; k++) triangles.push(ring[0]!, ring[k - 1]!, ring[k]!);
  }
  const [x, y, ...rest] = columns.map((values) => Float64Array.from(values));
  return { mesh: withEdges(x!, y!, Int32Array.from(triangles)), fields: rest };
}
