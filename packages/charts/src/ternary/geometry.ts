/*
 * The geometry of a Gibbs triangle: barycentric fractions to the plane and back, the regular grid and its
 * numbering, a zoomed triangle, and clipping to it. Corner a is at the top, b lower left, c lower right; the
 * sides are 1 long and y points up.
 */
import { InputError } from "@tatara/engine/base";
import type { Composition, HalfPlane } from "./types.ts";

export type Point = readonly [number, number];

/** Height of the triangle with side 1. */
export const HEIGHT = Math.sqrt(3) / 2;

export const toXy = ([a, , c]: Composition): Point => [c + a / 2, a * HEIGHT];

export function fromXy([x, y]: Point): Composition {
  const a = y / HEIGHT;
  const c = x - a / 2;
  return [a, 1 - a - c, c];
}

/** Compositions on a regular grid, in rows from the top; within a row from left to right. */
export interface TernaryGrid {
  /** Steps along a side. */
  readonly steps: number;
  /** Fractions; (steps + 1)(steps + 2)/2 of each. */
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly c: Float64Array;
}

/** Every composition in multiples of `step` (a fraction that divides 1: 0.0025 makes 80,601 of them), the pure components among them. */
export function ternaryGrid(step: number): TernaryGrid {
  const steps = Math.round(1 / step);
  // 1e-9: steps such as 1/3 come rounded
  if (!(step > 0 && step <= 1) || Math.abs(steps * step - 1) > 1e-9) throw new InputError(`not a step of a ternary grid: ${step} — it divides 1, such as 0.05 or 0.0025`, { path: "step", value: step });
  const size = ((steps + 1) * (steps + 2)) / 2;
  const grid = { steps, a: new Float64Array(size), b: new Float64Array(size), c: new Float64Array(size) };
  for (let row = 0, i = 0; row <= steps; row++) {
    for (let k = 0; k <= row; k++, i++) {
      grid.a[i] = (steps - row) / steps;
      grid.b[i] = (row - k) / steps;
      grid.c[i] = k / steps;
    }
  }
  return grid;
}

/** Index in a grid of the composition with `row` steps away from a, `k` of them towards c. */
export const gridIndex = (row: number, k: number): number => (row * (row + 1)) / 2 + k;

/** Row and place in the row of an index. */
export function gridPlace(index: number): readonly [row: number, k: number] {
  const row = Math.floor((Math.sqrt(8 * index + 1) - 1) / 2);
  return [row, index - gridIndex(row, 0)];
}

/** A triangle on the page: where it stands in px, and which part of the composition space it shows. */
export interface View {
  readonly left: number;
  readonly bottom: number;
  readonly side: number;
  readonly from: Composition;
  /** Length of its sides in fractions: 1 for the whole. */
  readonly span: number;
}

export function viewOf(left: number, bottom: number, side: number, from: Composition = [0, 0, 0]): View {
  const span = 1 - from[0] - from[1] - from[2];
  if (!(span > 0 && from.every((v) => v >= 0))) throw new InputError(`no part of the triangle: at least ${from.join(", ")} — fractions ≥ 0 that add up to less than 1`, { path: "from", value: from });
  return { left, bottom, side, from, span };
}

/** Fractions within the view: 0 … 1 inside. */
export const within = (view: View, at: Composition): Composition => [0, 1, 2].map((i) => (at[i]! - view.from[i]!) / view.span) as unknown as Composition;

/** The composition with these fractions within the view. */
export const without = (view: View, local: Composition): Composition => [0, 1, 2].map((i) => view.from[i]! + local[i]! * view.span) as unknown as Composition;

/** From a composition to px. */
export function place(view: View, at: Composition): Point {
  const [x, y] = toXy(within(view, at));
  return [view.left + view.side * x, view.bottom - view.side * y];
}

const ROUNDING = 1e-9; // fractions that were divided and multiplied

export const isShown = (view: View, at: Composition): boolean => within(view, at).every((v) => v >= -ROUNDING);

/** Corners of the view as compositions. */
export const cornersOf = (view: View): readonly Composition[] => ([[1, 0, 0], [0, 1, 0], [0, 0, 1]] as const).map((local) => without(view, local));

/** The part of a convex polygon in which a half-plane holds (Sutherland & Hodgman 1974). */
export function clipPolygon(polygon: readonly Composition[], { weights, least }: HalfPlane): readonly Composition[] {
  const over = (p: Composition) => weights[0] * p[0] + weights[1] * p[1] + weights[2] * p[2] - least;
  return polygon.flatMap((p, i) => {
    const q = polygon[(i + 1) % polygon.length]!;
    const [from, to] = [over(p), over(q)];
    const own = from >= 0 ? [p] : [];
    return from * to < 0 ? [...own, mix(p, q, from / (from - to))] : own;
  });
}

const mix = (p: Composition, q: Composition, t: number): Composition => [0, 1, 2].map((i) => p[i]! + t * (q[i]! - p[i]!)) as unknown as Composition;

/** The part of a segment inside the view; undefined when it misses. */
export function clipSegment(view: View, p: Composition, q: Composition): readonly [Composition, Composition] | undefined {
  let [start, end] = [0, 1];
  const [from, to] = [within(view, p), within(view, q)];
  for (let i = 0; i < 3; i++) {
    const [f, t] = [from[i]!, to[i]!];
    if (f < -ROUNDING && t < -ROUNDING) return undefined;
    if (f < -ROUNDING) start = Math.max(start, f / (f - t));
    else if (t < -ROUNDING) end = Math.min(end, f / (f - t));
  }
  return start < end ? [mix(p, q, start), mix(p, q, end)] : undefined;
}

/** The segment of weights · x = value inside the view; undefined when it misses. */
export function lineWithin(view: View, weights: Composition, value: number): readonly [Composition, Composition] | undefined {
  const corners = cornersOf(view);
  const over = corners.map((p) => weights[0] * p[0] + weights[1] * p[1] + weights[2] * p[2] - value);
  const ends = [0, 1, 2].flatMap((i) => {
    const j = (i + 1) % 3;
    return over[i]! >= 0 !== over[j]! >= 0 ? [mix(corners[i]!, corners[j]!, over[i]! / (over[i]! - over[j]!))] : [];
  });
  return ends.length === 2 ? [ends[0]!, ends[1]!] : undefined;
}
