/* Connected regions of a simplex grid: points of a kind that neighbouring points of the same kind link. */
import { countsAt, eachAround, offsetsWithin, type SimplexGrid } from "./simplexGrid.ts";

export interface GridRegion {
  /** Its points, ascending. */
  readonly points: Int32Array;
  /** Share of the grid's points, in (0, 1]. */
  readonly share: number;
  /** Mean of its points, as fractions of the whole at each corner. */
  readonly centre: Float64Array;
  /** Least and largest fraction at each corner. */
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** The connected regions of the points where `member` is 1, the largest first, of equal ones that with the first point. */
export function connectedRegions(grid: SimplexGrid, member: ArrayLike<number>): readonly GridRegion[] {
  const steps = offsetsWithin(grid.corners, 1, 1);
  const seen = new Uint8Array(grid.points);
  const regions: GridRegion[] = [];
  for (let start = 0; start < grid.points; start++) {
    if (member[start] !== 1 || seen[start] === 1) continue;
    const found = [start];
    seen[start] = 1;
    for (let next = 0; next < found.length; next++)
      eachAround(grid, found[next]!, steps, (j) => {
        if (member[j] !== 1 || seen[j] === 1) return;
        seen[j] = 1;
        found.push(j);
      });
    regions.push(regionOf(grid, Int32Array.from(found).sort()));
  }
  return regions.sort((a, b) => b.points.length - a.points.length || a.points[0]! - b.points[0]!);
}

function regionOf(grid: SimplexGrid, points: Int32Array): GridRegion {
  const { corners, divisions } = grid;
  const sum = new Float64Array(corners);
  const low = new Float64Array(corners).fill(divisions);
  const high = new Float64Array(corners);
  for (const i of points)
    countsAt(grid, i).forEach((n, k) => {
      sum[k]! += n;
      low[k] = Math.min(low[k]!, n);
      high[k] = Math.max(high[k]!, n);
    });
  const fraction = (parts: number) => parts / divisions;
  return { points, share: points.length / grid.points, centre: sum.map((s) => s / points.length / divisions), low: low.map(fraction), high: high.map(fraction) };
}
