/*
 * Regions and lines of equal value of a field that is linear in each triangle of a mesh: marching triangles,
 * pieces joined to rings by the numbers of edges and vertices, so that no coordinate is compared.
 */
import type { Field, Mesh } from "./mesh.ts";
import type { Point } from "./geometry.ts";

export interface Contour {
  readonly points: readonly Point[];
  readonly closed: boolean;
}

const TOLERANCE = 0.15; // px by which a simplified line may stray
const SMALLEST = 1.5; // px²: islands that nobody sees

/** Rings around the part of the mesh where the field is ≥ level; fill them even-odd. −Infinity gives all that was computed. */
export const region = (mesh: Mesh, field: Field, level: number): readonly Contour[] => trace(mesh, field, level, true).map(simplify).filter((ring) => Math.abs(areaOf(ring.points)) >= SMALLEST);

/** Lines where the field crosses the level; open where the mesh ends. */
export const isolines = (mesh: Mesh, field: Field, level: number): readonly Contour[] => trace(mesh, field, level, false).map(simplify).filter(({ closed, points }) => (closed ? Math.abs(areaOf(points)) >= SMALLEST : lengthOf(points) > 3));

export const lengthOf = (points: readonly Point[]): number => points.slice(1).reduce((sum, p, i) => sum + Math.hypot(p[0] - points[i]![0], p[1] - points[i]![1]), 0);

export const areaOf = (points: readonly Point[]): number => points.reduce((sum, [x, y], i) => sum + (x * points[(i + 1) % points.length]![1] - points[(i + 1) % points.length]![0] * y) / 2, 0);

function trace(mesh: Mesh, field: Field, level: number, rim: boolean): readonly Contour[] {
  const next = new Map<number, number[]>();
  const into = new Set<number>();
  const join = (from: number, to: number) => {
    if (from === to) return;
    const known = next.get(from);
    if (known) known.push(to);
    else next.set(from, [to]);
    into.add(to);
  };
  pieces(mesh, field, level, rim, join);
  return chains(next, into).map((nodes) => {
    const closed = nodes.length > 1 && nodes[0] === nodes.at(-1);
    return { closed, points: (closed ? nodes.slice(0, -1) : nodes).map((node) => placeOf(mesh, field, level, node, ends(mesh))) };
  });
}

/** Directed pieces of the outline, triangle by triangle. Node v is vertex v, node x.length + e the crossing of edge e. */
function pieces(mesh: Mesh, field: Field, level: number, rim: boolean, join: (from: number, to: number) => void): void {
  const { triangles, edges, x } = mesh;
  const isRim = rim ? rimOf(mesh, field) : undefined;
  for (let t = 0; t < triangles.length; t += 3) {
    const values = [field[triangles[t]!]!, field[triangles[t + 1]!]!, field[triangles[t + 2]!]!];
    if (Number.isNaN(values[0]! + values[1]! + values[2]!)) continue;
    let [leaves, enters] = [-1, -1];
    for (let k = 0; k < 3; k++) {
      const [from, to] = [values[k]! >= level, values[(k + 1) % 3]! >= level];
      const crossing = x.length + edges[t + k]!;
      if (from && !to) leaves = crossing;
      if (!from && to) enters = crossing;
      if (isRim?.[edges[t + k]!] && (from || to)) join(from ? triangles[t + k]! : crossing, to ? triangles[t + ((k + 1) % 3)]! : crossing);
    }
    if (leaves >= 0) join(leaves, enters);
  }
}

/** 1 for edges with a computed triangle on one side only. */
function rimOf({ triangles, edges, edgeCount }: Mesh, field: Field): Uint8Array {
  const uses = new Uint8Array(edgeCount);
  for (let t = 0; t < triangles.length; t += 3) {
    if (Number.isNaN(field[triangles[t]!]! + field[triangles[t + 1]!]! + field[triangles[t + 2]!]!)) continue;
    for (let k = 0; k < 3; k++) uses[edges[t + k]!]!++;
  }
  return uses.map((n) => (n === 1 ? 1 : 0));
}

/** Follow the pieces; where two outlines touch in a vertex either way on is right. */
function chains(next: Map<number, number[]>, into: ReadonlySet<number>): readonly (readonly number[])[] {
  const found: number[][] = [];
  const follow = (start: number) => {
    const nodes = [start];
    for (let at = next.get(start)?.pop(); at !== undefined; at = next.get(at)?.pop()) {
      nodes.push(at);
      if (at === start) break;
    }
    if (nodes.length > 1) found.push(nodes);
  };
  for (const start of next.keys()) if (!into.has(start)) follow(start);
  for (const [start, rest] of next) while (rest.length > 0) follow(start);
  return found;
}

const ENDS = new WeakMap<Mesh, Int32Array>();

/** The two vertices of each edge, the smaller first: a crossing is the same from both sides. */
function ends(mesh: Mesh): Int32Array {
  const known = ENDS.get(mesh);
  if (known) return known;
  const made = new Int32Array(2 * mesh.edgeCount);
  for (let e = 0; e < mesh.edges.length; e++) {
    const [i, j] = [mesh.triangles[e]!, mesh.triangles[e % 3 === 2 ? e - 2 : e + 1]!];
    made[2 * mesh.edges[e]!] = Math.min(i, j);
    made[2 * mesh.edges[e]! + 1] = Math.max(i, j);
  }
  ENDS.set(mesh, made);
  return made;
}

function placeOf({ x, y }: Mesh, field: Field, level: number, node: number, ends: Int32Array): Point {
  if (node < x.length) return [x[node]!, y[node]!];
  const [i, j] = [ends[2 * (node - x.length)]!, ends[2 * (node - x.length) + 1]!];
  const t = (level - field[i]!) / (field[j]! - field[i]!);
  return [x[i]! + t * (x[j]! - x[i]!), y[i]! + t * (y[j]! - y[i]!)];
}

/** Fewer points within the tolerance (Douglas & Peucker 1973, doi 10.3138/FM57-6770-U75U-7727); rings are cut at their ends first. */
function simplify({ points, closed }: Contour): Contour {
  if (points.length < 4) return { points, closed };
  if (!closed) return { points: thinned(points), closed };
  const far = points.reduce((best, p, i) => (distance2(p, points[0]!) > distance2(points[best]!, points[0]!) ? i : best), 0);
  const ring = [...points, points[0]!];
  return { points: [...thinned(ring.slice(0, far + 1)).slice(0, -1), ...thinned(ring.slice(far)).slice(0, -1)], closed };
}

const distance2 = (p: Point, q: Point) => (p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2;

function thinned(points: readonly Point[]): readonly Point[] {
  const keep = new Uint8Array(points.length);
  keep[0] = keep[points.length - 1] = 1;
  const stack: [number, number][] = [[0, points.length - 1]];
  for (let range = stack.pop(); range; range = stack.pop()) {
    const [from, to] = range;
    let [worst, at] = [TOLERANCE ** 2, -1];
    for (let i = from + 1; i < to; i++) {
      const d = off2(points[i]!, points[from]!, points[to]!);
      if (d > worst) [worst, at] = [d, i];
    }
    if (at < 0) continue;
    keep[at] = 1;
    stack.push([from, at], [at, to]);
  }
  return points.filter((_, i) => keep[i]);
}

/** Squared distance of a point from a segment. */
function off2(p: Point, a: Point, b: Point): number {
  const length2 = distance2(a, b);
  const t = length2 === 0 ? 0 : Math.min(1, Math.max(0, ((p[0] - a[0]) * (b[0] - a[0]) + (p[1] - a[1]) * (b[1] - a[1])) / length2));
  return (p[0] - a[0] - t * (b[0] - a[0])) ** 2 + (p[1] - a[1] - t * (b[1] - a[1])) ** 2;
}
