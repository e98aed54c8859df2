/*
 * Values on a simplex grid that are known on coarse points everywhere and on fine ones where it matters: which points to
 * ask next, and what stands for those never asked.
 *
 * Between the points of a coarser grid values are linear in each cell of its Kuhn triangulation, which on three corners is
 * the ordinary triangular mesh (Kuhn 1960, doi 10.1147/rd.45.0518; cumulative counts make it that of a cube).
 */
import { coarsePoints, countsAt, eachAround, gridIndex, offsetsWithin, type SimplexGrid } from "./simplexGrid.ts";

/**
 * Points of the grid of stride `finer` in all cells of the grid of stride `stride` that touch a wanted point, ascending and
 * without those already `known`.
 */
export function refineAround(grid: SimplexGrid, { stride, finer, wanted, known }: { readonly stride: number; readonly finer: number; readonly wanted: ArrayLike<number>; readonly known: Uint8Array }): Int32Array {
  const offsets = offsetsWithin(grid.corners, stride, finer);
  const found = new Uint8Array(grid.points);
  for (let i = 0; i < wanted.length; i++) eachAround(grid, wanted[i]!, offsets, (j) => (found[j] = 1));
  const out: number[] = [];
  for (let j = 0; j < grid.points; j++) if (found[j] === 1 && known[j] === 0) out.push(j);
  return Int32Array.from(out);
}

/** Of some points, those with a neighbour at that stride of another label; a negative label is none. */
export function alongBoundaries(grid: SimplexGrid, points: Int32Array, labels: ArrayLike<number>, stride: number): Int32Array {
  const offsets = offsetsWithin(grid.corners, stride, stride);
  return points.filter((i) => {
    let differs = false;
    if (labels[i]! >= 0) eachAround(grid, i, offsets, (j) => (differs ||= labels[j]! >= 0 && labels[j] !== labels[i]));
    return differs;
  });
}

/** A cell's corners around a point, and the point's share of each. */
interface Cell {
  readonly points: readonly number[];
  readonly weights: readonly number[];
}

/** The cell of the coarser grid in which a point lies. */
export function cellAround(grid: SimplexGrid, index: number, stride: number): Cell {
  const own = countsAt(grid, index);
  const free = grid.corners - 1;
  const floor = new Int32Array(free);
  const rest = new Int32Array(free);
  let sum = 0;
  for (let k = 0; k < free; k++) {
    sum += own[k]!;
    floor[k] = Math.floor(sum / stride) * stride;
    rest[k] = sum - floor[k]!;
  }
  // Of equal remainders the later goes first: cumulative counts must not fall.
  const order = Array.from(rest.keys()).sort((a, b) => rest[b]! - rest[a]! || b - a);
  const points = [indexOfSums(grid, floor)];
  const weights = [1 - rest[order[0]!]! / stride];
  order.forEach((k, i) => {
    floor[k]! += stride;
    const weight = (rest[k]! - (i + 1 < free ? rest[order[i + 1]!]! : 0)) / stride;
    if (weight === 0) return;
    points.push(indexOfSums(grid, floor));
    weights.push(weight);
  });
  return weights[0] === 0 ? { points: points.slice(1), weights: weights.slice(1) } : { points, weights };
}

const indexOfSums = (grid: SimplexGrid, sums: Int32Array): number => gridIndex(grid, Int32Array.from({ length: grid.corners }, (_, k) => (k < sums.length ? sums[k]! : grid.divisions) - (k > 0 ? sums[k - 1]! : 0)));

/**
 * Fill in what was never asked, grid by grid from coarse to fine: `levels` are the strides that were used, `known` says
 * where `values` (points × width) holds an answer. A point takes what its cell's known corners say; NaN where none does.
 */
export function fillGrid(grid: SimplexGrid, { levels, known, values, width = 1 }: { readonly levels: readonly number[]; readonly known: Uint8Array; readonly values: Float32Array | Float64Array; readonly width?: number }): Float64Array {
  const out = Float64Array.from(values);
  const done = Uint8Array.from(known);
  levels.slice(1).forEach((stride, l) => {
    for (const i of coarsePoints(grid, stride)) {
      if (done[i] === 1) continue;
      const { points, weights } = cellAround(grid, i, levels[l]!);
      for (let k = 0; k < width; k++) out[i * width + k] = meanOf(points.map((p) => out[p * width + k]!), weights);
      done[i] = 1;
    }
  });
  return out;
}

function meanOf(values: readonly number[], weights: readonly number[]): number {
  let sum = 0;
  let total = 0;
  values.forEach((v, i) => {
    if (Number.isNaN(v)) return;
    sum += weights[i]! * v;
    total += weights[i]!;
  });
  return total > 0 ? sum / total : Number.NaN;
}
