import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import { lowerHull } from "../../src/numeric/index.ts";

type Point = readonly [number, number, number];
const hullOf = (points: readonly Point[]) => lowerHull(...([0, 1, 2].map((c) => Float64Array.from(points, (p) => p[c]!)) as [Float64Array, Float64Array, Float64Array]));
const trianglesOf = (points: readonly Point[]) => {
  const { triangles } = hullOf(points);
  return Array.from({ length: triangles.length / 3 }, (_, t) => [...triangles.subarray(3 * t, 3 * t + 3)].sort((a, b) => a - b).join()).sort();
};

const corners: readonly Point[] = [[0, 0, 0], [1, 0, 0], [0, 1, 0]];

describe("hand cases", () => {
  test("three corners make one triangle, seen counter-clockwise", () => expect([...hullOf(corners).triangles]).toEqual([0, 1, 2]));

  test("one low point inside splits it into three", () => expect(trianglesOf([...corners, [0.25, 0.25, -1]])).toEqual(["0,1,3", "0,2,3", "1,2,3"]));

  test("one low point on an edge splits it into two", () => expect(trianglesOf([...corners, [0.5, 0, -1]])).toEqual(["0,2,3", "1,2,3"]));

  test("a point above is left out, by its height over the plane below it", () => {
    const { triangles, above } = hullOf([...corners, [0.25, 0.25, -1], [0.5, 0.25, -0.25]]);
    expect(triangles).not.toContain(4);
    // (0.5, 0.25) = 2/3 · (0.25, 0.25) + ... on the plane through (1,0,0), (0,1,0), (¼,¼,−1): z = −2 (1 − x − y)
    expect(above[4]).toBeCloseTo(0.25, 14);
    expect([...above.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
  });

  test("points in the plane of the hull lie on it without being a corner", () => {
    const { triangles, above } = hullOf([...corners, [0.25, 0.25, 0], [0.5, 0.5, 0], [0.5, 0, 0]]);
    expect([...above]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(triangles.length).toBeGreaterThan(0);
  });

  test("of two points at one place the lower is taken", () => {
    const { above } = hullOf([...corners, [0.25, 0.25, -1], [0.25, 0.25, -0.5]]);
    expect(above[3]).toBe(0);
    expect(above[4]).toBe(0.5);
  });

  test("the smallest height decides along which diagonal a square folds", () => {
    const square = (z: number): readonly Point[] => [[0, 0, 0], [1, 0, 0], [1, 1, z], [0, 1, 0]];
    expect(trianglesOf(square(1e-300))).toEqual(["0,1,3", "1,2,3"]);
    expect(trianglesOf(square(-1e-300))).toEqual(["0,1,2", "0,2,3"]);
  });

  test.each([
    ["nothing", []],
    ["a line", [[0, 0, 0], [1, 1, -1], [2, 2, 0]] as const],
    ["one place", [[1, 1, 0], [1, 1, 2], [1, 1, 1], [1, 1, 3]] as const],
  ])("%s has no hull over an area", (_, points) => expect(() => hullOf(points)).toThrow(/lie on one line — give at least three/));

  test("a height that is no number is refused by its index", () => expect(() => hullOf([...corners, [0, 0, Number.NaN]])).toThrow("point 3 of the hull is not finite"));
});

/** Height of the hull by brute force: the lowest convex combination of any three points around a place. */
function bruteAbove(points: readonly Point[], [x, y, z]: Point): number {
  let floor = z;
  const n = points.length;
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++)
      for (let k = j + 1; k < n; k++) {
        const [a, b, c] = [points[i]!, points[j]!, points[k]!];
        const area = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
        if (area === 0) continue;
        const v = ((x - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (y - a[1])) / area;
        const w = ((b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])) / area;
        if (v >= 0 && w >= 0 && v + w <= 1) floor = Math.min(floor, a[2] + v * (b[2] - a[2]) + w * (c[2] - a[2]));
      }
  return z - floor;
}

describe("any points on a lattice, where three in a row and four in a plane are common", () => {
  const eighths = fc.integer({ min: 0, max: 8 }).map((v) => v / 8);
  const points = fc.array(fc.tuple(eighths, eighths, fc.integer({ min: -4, max: 4 })), { minLength: 1, maxLength: 14 }).map((some): readonly Point[] => [[0, 0, 0], [1, 0, 0], [0, 1, 0], ...some]);

  test("heights above the hull are those of brute force", () => {
    fc.assert(
      fc.property(points, (all) => {
        const { above } = hullOf(all);
        all.forEach((p, i) => expect(above[i]).toBeCloseTo(bruteAbove(all, p), 9));
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test("the triangles cover the convex hull of the places once", () => {
    fc.assert(
      fc.property(points, (all) => {
        const { triangles } = hullOf(all);
        let area = 0;
        const edges = new Map<string, number>();
        for (let t = 0; t < triangles.length; t += 3) {
          const [a, b, c] = [triangles[t]!, triangles[t + 1]!, triangles[t + 2]!];
          const twice = (all[b]![0] - all[a]![0]) * (all[c]![1] - all[a]![1]) - (all[c]![0] - all[a]![0]) * (all[b]![1] - all[a]![1]);
          expect(twice).toBeGreaterThan(0);
          area += twice / 2;
          for (const [from, to] of [[a, b], [b, c], [c, a]]) edges.set(`${from}>${to}`, (edges.get(`${from}>${to}`) ?? 0) + 1);
        }
        expect([...edges.values()].every((count) => count === 1)).toBe(true);
        // Green: the area inside the edges that no other triangle shares.
        const rim = [...edges.keys()].filter((e) => !edges.has(e.split(">").reverse().join(">"))).map((e) => e.split(">").map(Number) as [number, number]);
        expect(rim.reduce((sum, [a, b]) => sum + (all[a]![0] * all[b]![1] - all[b]![0] * all[a]![1]) / 2, 0)).toBeCloseTo(area, 12);
      }),
      { seed: 2, numRuns: 200 },
    );
  });
});
