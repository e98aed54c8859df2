/*
 * The regular grid on a simplex: every way to divide N equal parts among c corners. A point is named by its index
 * in the order (N, 0, 0), (N − 1, 1, 0), (N − 1, 0, 1), (N − 2, 2, 0) …, so that plain arrays hold what is known of
 * a grid. Two points are neighbours when one part has moved from one corner to another; their distance is the number of
 * parts that must move. Points whose every count is a multiple of a stride are a coarser grid inside the finer one.
 */
import { InputError } from "../base/errors.ts";

export interface SimplexGrid {
  /** Number of corners c, at least 2. */
  readonly corners: number;
  /** Number of parts N, at least 1. */
  readonly divisions: number;
  /** Number of points, (N + c − 1 choose c − 1). */
  readonly points: number;
  /** Parts at each corner: points × corners. */
  readonly counts: Int16Array;
}

/** Points of a grid of `parts` parts on `corners` corners; none when there are fewer than no parts. */
function pointsOf(corners: number, parts: number): number {
  if (parts < 0) return 0;
  let points = 1;
  // Each partial product is a binomial coefficient, and therefore whole.
  for (let k = 1; k < corners; k++) points = (points * (parts + k)) / k;
  return points;
}

/** Largest grid that is kept point by point. */
const MOST_POINTS = 20_000_000;

/** The grid with `divisions` parts on `corners` corners. Throws InputError when there is none, or it is too large to be kept. */
export function simplexGrid(corners: number, divisions: number): SimplexGrid {
  if (!(Number.isInteger(corners) && corners >= 2)) throw new InputError(`corners of a grid: ${corners} — a whole number, at least 2`, { value: corners });
  if (!(Number.isInteger(divisions) && divisions >= 1 && divisions <= 32_767)) throw new InputError(`parts of a grid: ${divisions} — a whole number from 1 to 32767`, { value: divisions });
  const points = pointsOf(corners, divisions);
  if (points > MOST_POINTS) throw new InputError(`grid too fine: ${points} points — at most ${MOST_POINTS}; take fewer parts than ${divisions}`, { value: divisions });
  return { corners, divisions, points, counts: allCounts(corners, divisions, points) };
}

function allCounts(corners: number, divisions: number, points: number): Int16Array {
  const counts = new Int16Array(points * corners);
  const row = new Int16Array(corners);
  row[0] = divisions;
  for (let i = 0; i < points; i++) {
    counts.set(row, i * corners);
    // The next composition: one part leaves the last corner but one that has any, and takes all behind it along.
    let k = corners - 2;
    while (k >= 0 && row[k] === 0) k--;
    if (k < 0) break;
    const behind = row[corners - 1]!;
    row[corners - 1] = 0;
    row[k]!--;
    row[k + 1] = behind + 1;
  }
  return counts;
}

/** The index of the point with these counts, which sum to the grid's divisions. */
export function gridIndex({ corners, divisions }: SimplexGrid, counts: ArrayLike<number>): number {
  let index = 0;
  let left = divisions;
  for (let k = 0; k < corners - 1; k++) {
    index += pointsOf(corners - k, left - counts[k]! - 1);
    left -= counts[k]!;
  }
  return index;
}

/** Parts at each corner of one point. */
export const countsAt = ({ corners, counts }: SimplexGrid, index: number): Int16Array => counts.subarray(index * corners, (index + 1) * corners);

/** Parts that must move to make one point of the other. */
export function gridDistance(grid: SimplexGrid, a: number, b: number): number {
  let moved = 0;
  for (let k = 0; k < grid.corners; k++) moved += Math.abs(grid.counts[a * grid.corners + k]! - grid.counts[b * grid.corners + k]!);
  return moved / 2;
}

/** Points of the coarser grid whose counts are multiples of `stride`, ascending. Throws InputError when the stride does not divide the grid. */
export function coarsePoints(grid: SimplexGrid, stride: number): Int32Array {
  if (!(Number.isInteger(stride) && stride >= 1 && grid.divisions % stride === 0)) throw new InputError(`stride of a grid: ${stride} — a whole number that divides its ${grid.divisions} parts`, { value: stride });
  const coarse = simplexGrid(grid.corners, grid.divisions / stride);
  return Int32Array.from({ length: coarse.points }, (_, i) => gridIndex(grid, countsAt(coarse, i).map((n) => n * stride)));
}

/** Strides from `ratio` down to 1, each a divisor of the one before; as many steps as the ratio has prime factors, the smallest factors first. */
export function strides(ratio: number): readonly number[] {
  const out = [ratio];
  let left = ratio;
  for (let p = 2; left > 1; p++) while (left % p === 0) out.push((left /= p));
  return out;
}

/** Moves of `step` parts between two corners that keep within `reach` parts of where they began: offsets × corners, the centre included. */
export function offsetsWithin(corners: number, reach: number, step: number): Int16Array {
  const most = Math.floor(reach / step);
  const side = 2 * most + 1;
  const kept: number[] = [];
  const offset = new Int16Array(corners);
  for (let code = 0; code < side ** (corners - 1); code++) {
    let rest = code;
    let sum = 0;
    let moved = 0;
    for (let k = 0; k < corners - 1; k++) {
      offset[k] = (rest % side) - most;
      rest = Math.floor(rest / side);
      sum += offset[k]!;
      moved += Math.abs(offset[k]!);
    }
    offset[corners - 1] = -sum;
    if ((moved + Math.abs(sum)) / 2 <= most) for (const n of offset) kept.push(n * step);
  }
  return Int16Array.from(kept);
}

/** Calls `visit` with the index of every point of the grid at one of `offsets` from a point. */
export function eachAround(grid: SimplexGrid, index: number, offsets: Int16Array, visit: (neighbour: number) => void): void {
  const { corners, counts } = grid;
  const at = new Int16Array(corners);
  for (let o = 0; o < offsets.length; o += corners) {
    let inside = true;
    for (let k = 0; k < corners; k++) if ((at[k] = counts[index * corners + k]! + offsets[o + k]!) < 0) inside = false;
    if (inside) visit(gridIndex(grid, at));
  }
}

/** The neighbours of a point on the grid of that stride, in a fixed order; up to c(c − 1). */
export function neighboursOf(grid: SimplexGrid, index: number, stride = 1): Int32Array {
  const out: number[] = [];
  eachAround(grid, index, offsetsWithin(grid.corners, stride, stride), (j) => {
    if (j !== index) out.push(j);
  });
  return Int32Array.from(out);
}
