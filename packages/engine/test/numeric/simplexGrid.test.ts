import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { alongBoundaries, cellAround, coarsePoints, connectedRegions, countsAt, fillGrid, gridDistance, gridIndex, neighboursOf, refineAround, simplexGrid, strides } from "@tatara/engine/numeric";

const grids = fc.tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 1, max: 9 })).map(([c, n]) => simplexGrid(c, n));

describe("simplexGrid", () => {
  test.each([[2, 20, 21], [3, 20, 231], [3, 100, 5151], [3, 400, 80_601], [4, 10, 286]])("%i corners and %i parts have %i points", (corners, divisions, points) => {
    expect(simplexGrid(corners, divisions).points).toBe(points);
  });

  test("points are all different divisions, in falling order of their counts, and found again by index", () => {
    fc.assert(
      fc.property(grids, (grid) => {
        let before = "~";
        for (let i = 0; i < grid.points; i++) {
          const counts = countsAt(grid, i);
          expect(counts.reduce((a, b) => a + b, 0)).toBe(grid.divisions);
          const name = String.fromCharCode(...Array.from(counts, (n) => 65 + n));
          expect(name < before).toBe(true);
          before = name;
          expect(gridIndex(grid, counts)).toBe(i);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("neighbours are the points at distance one, and see each other", () => {
    fc.assert(
      fc.property(grids, (grid) => {
        const i = grid.points >> 1;
        const near = [...neighboursOf(grid, i)].sort((a, b) => a - b);
        expect(near).toEqual(Array.from({ length: grid.points }, (_, j) => j).filter((j) => gridDistance(grid, i, j) === 1));
        for (const j of near) expect(neighboursOf(grid, j)).toContain(i);
      }),
      { numRuns: 30 },
    );
  });

  test("an inner point of a ternary has six neighbours, a corner two", () => {
    const grid = simplexGrid(3, 10);
    expect(neighboursOf(grid, gridIndex(grid, [4, 3, 3]))).toHaveLength(6);
    expect(neighboursOf(grid, gridIndex(grid, [10, 0, 0]))).toHaveLength(2);
  });

  test("coarse points are those whose counts the stride divides", () => {
    const grid = simplexGrid(3, 20);
    const coarse = coarsePoints(grid, 5);
    expect(Array.from(coarse)).toEqual(Array.from({ length: grid.points }, (_, i) => i).filter((i) => countsAt(grid, i).every((n) => n % 5 === 0)));
    expect(() => coarsePoints(grid, 3)).toThrow("stride of a grid: 3 — a whole number that divides its 20 parts");
  });

  test("strides go down by prime factors", () => {
    expect(strides(5)).toEqual([5, 1]);
    expect(strides(20)).toEqual([20, 10, 5, 1]);
    expect(strides(1)).toEqual([1]);
  });

  test("what is no grid is refused", () => {
    expect(() => simplexGrid(1, 4)).toThrow("corners of a grid: 1");
    expect(() => simplexGrid(3, 2.5)).toThrow("parts of a grid: 2.5");
    expect(() => simplexGrid(4, 1000)).toThrow("grid too fine");
  });
});

describe("refinement", () => {
  test("takes the cells around a wanted point, without what is known", () => {
    const grid = simplexGrid(3, 12);
    const known = new Uint8Array(grid.points);
    for (const i of coarsePoints(grid, 4)) known[i] = 1;
    const centre = gridIndex(grid, [4, 4, 4]);
    const found = refineAround(grid, { stride: 4, finer: 1, wanted: [centre], known });
    // The hexagon of radius 4 has 61 points, 7 of them on the coarse grid.
    expect(found).toHaveLength(54);
    for (const i of found) expect(gridDistance(grid, i, centre)).toBeLessThanOrEqual(4);
    // By halves only every other of them.
    expect(refineAround(grid, { stride: 4, finer: 2, wanted: [centre], known })).toHaveLength(19 - 7);
    expect(refineAround(grid, { stride: 4, finer: 1, wanted: [], known })).toHaveLength(0);
  });

  test("boundaries are points beside another label", () => {
    const grid = simplexGrid(2, 6);
    const labels = [0, 0, 0, 1, 1, -1, 1];
    const all = Int32Array.from(labels.keys());
    expect(Array.from(alongBoundaries(grid, all, labels, 1))).toEqual([2, 3]);
  });

  test("a cell's corners surround its point: their weighted counts are the point's", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), fc.nat(), (corners, stride, coarse, pick) => {
        const grid = simplexGrid(corners, stride * coarse);
        const i = pick % grid.points;
        const { points, weights } = cellAround(grid, i, stride);
        expect(weights.every((w) => w > 0)).toBe(true);
        expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
        for (let k = 0; k < corners; k++) {
          expect(points.every((p) => countsAt(grid, p)[k]! % stride === 0)).toBe(true);
          expect(points.reduce((sum, p, v) => sum + weights[v]! * countsAt(grid, p)[k]!, 0)).toBeCloseTo(countsAt(grid, i)[k]!, 12);
        }
        for (const p of points) for (const q of points) expect(gridDistance(grid, p, q)).toBeLessThanOrEqual(stride * Math.floor(corners / 2));
      }),
    );
  });

  test("filling gives linear functions back, keeps what is known, and passes by what is not", () => {
    const grid = simplexGrid(3, 12);
    const linear = (i: number) => 2 * countsAt(grid, i)[0]! - countsAt(grid, i)[2]!;
    const known = new Uint8Array(grid.points);
    const values = new Float64Array(grid.points).fill(Number.NaN);
    for (const i of coarsePoints(grid, 6)) [known[i], values[i]] = [1, linear(i)];
    const filled = fillGrid(grid, { levels: [6, 3, 1], known, values });
    filled.forEach((v, i) => expect(v).toBeCloseTo(linear(i), 10));
    const odd = gridIndex(grid, [5, 4, 3]);
    [known[odd], values[odd]] = [1, 99];
    expect(fillGrid(grid, { levels: [6, 3, 1], known, values })[odd]).toBe(99);
    values[gridIndex(grid, [12, 0, 0])] = Number.NaN;
    const around = fillGrid(grid, { levels: [6, 1], known, values });
    expect(around[gridIndex(grid, [12, 0, 0])]).toBeNaN();
    expect(around[gridIndex(grid, [11, 1, 0])]).toBe(linear(gridIndex(grid, [6, 6, 0])));
  });
});

describe("connectedRegions", () => {
  test("two islands are two regions, the larger first, with centre and extent", () => {
    const grid = simplexGrid(3, 10);
    const member = new Uint8Array(grid.points);
    const island = [[6, 2, 2], [5, 3, 2], [5, 2, 3]].map((counts) => gridIndex(grid, counts));
    for (const i of island) member[i] = 1;
    member[gridIndex(grid, [0, 10, 0])] = 1;
    const [first, second, ...none] = connectedRegions(grid, member);
    expect(none).toEqual([]);
    expect(Array.from(first!.points)).toEqual(island.toSorted((a, b) => a - b));
    expect(first!.share).toBe(3 / 66);
    expect(Array.from(first!.centre, (v) => Number(v.toFixed(12)))).toEqual([0.533333333333, 0.233333333333, 0.233333333333]);
    expect(Array.from(first!.low)).toEqual([0.5, 0.2, 0.2]);
    expect(Array.from(first!.high)).toEqual([0.6, 0.3, 0.3]);
    expect(Array.from(second!.centre)).toEqual([0, 1, 0]);
  });

  test("points that only a longer way links are one region; nothing is no region", () => {
    const grid = simplexGrid(3, 4);
    const ring = new Uint8Array(grid.points).fill(1);
    ring[gridIndex(grid, [2, 1, 1])] = 0;
    expect(connectedRegions(grid, ring)).toHaveLength(1);
    expect(connectedRegions(grid, new Uint8Array(grid.points))).toEqual([]);
  });
});
