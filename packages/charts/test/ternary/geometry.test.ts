import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import { fromXy, gridIndex, gridPlace, ternaryGrid, toXy, type Composition } from "../../src/index.ts";
import { clipPolygon, clipSegment, cornersOf, isShown, lineWithin, place, viewOf, within, without } from "../../src/ternary/geometry.ts";

const close = (p: readonly number[], q: readonly number[]) => p.forEach((v, i) => expect(v).toBeCloseTo(q[i]!, 12));
const fractions = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })).map(([u, v]): Composition => [u, (1 - u) * v, (1 - u) * (1 - v)]);

test.each([
  [[1, 0, 0], [0.5, Math.sqrt(3) / 2]],
  [[0, 1, 0], [0, 0]],
  [[0, 0, 1], [1, 0]],
  [[1 / 3, 1 / 3, 1 / 3], [0.5, Math.sqrt(3) / 6]],
] as const)("composition %j stands at %j", (composition, xy) => close(toXy(composition), xy));

test("fractions come back from the plane", () => fc.assert(fc.property(fractions, (p) => close(fromXy(toXy(p)), p)), { seed: 1 }));

describe("the regular grid", () => {
  test.each([[1, 3], [0.5, 6], [0.05, 231], [0.01, 5151], [0.005, 20_301], [0.0025, 80_601]])("in steps of %d has %d points", (step, size) => {
    const { a, b, c } = ternaryGrid(step);
    expect(a.length).toBe(size);
    for (let i = 0; i < size; i++) expect(Math.abs(a[i]! + b[i]! + c[i]! - 1)).toBeLessThan(1e-15 * 4);
  });

  test("numbers its rows from the top, and finds a number's place again", () => {
    const { a, c, steps } = ternaryGrid(0.1);
    for (let i = 0; i < a.length; i++) {
      const [row, k] = gridPlace(i);
      expect(gridIndex(row, k)).toBe(i);
      expect([a[i], c[i]]).toEqual([(steps - row) / steps, k / steps]);
    }
  });

  test.each([0, -0.1, 0.3, 2, Number.NaN])("has no step of %d", (step) => expect(() => ternaryGrid(step)).toThrow(/not a step of a ternary grid: .* — it divides 1/));
});

describe("a zoomed view", () => {
  const view = viewOf(10, 200, 100, [0.5, 0.1, 0]);

  test("puts its own corners at the corners of the triangle", () => {
    close(place(view, [0.9, 0.1, 0]), [60, 200 - 50 * Math.sqrt(3)]);
    close(place(view, [0.5, 0.5, 0]), [10, 200]);
    close(place(view, [0.5, 0.1, 0.4]), [110, 200]);
  });

  test("goes back and forth", () => fc.assert(fc.property(fractions, (p) => close(without(view, within(view, p)), p)), { seed: 2 }));

  test("shows what lies between its least fractions", () => {
    expect(isShown(view, [0.6, 0.2, 0.2])).toBe(true);
    expect(isShown(view, [0.4, 0.3, 0.3])).toBe(false);
  });

  test("cuts segments at its sides", () => {
    const part = clipSegment(view, [1, 0, 0], [0, 1, 0])!;
    close(part[0], [0.9, 0.1, 0]);
    close(part[1], [0.5, 0.5, 0]);
    expect(clipSegment(view, [0, 1, 0], [0, 0, 1])).toBeUndefined();
  });

  test.each([[[0.5, 0.5, 0]], [[-0.1, 0, 0]], [[2, 0, 0]]] as const)("from %j has nothing to show", (from) => expect(() => viewOf(0, 0, 1, from)).toThrow("no part of the triangle"));
});

test("a polygon keeps what its half-planes allow", () => {
  const whole = cornersOf(viewOf(0, 0, 1));
  const cut = clipPolygon(whole, { weights: [1, 0, 0], least: 0.5 });
  expect(cut.length).toBe(3);
  cut.forEach(([a]) => expect(a).toBeGreaterThanOrEqual(0.5));
  expect(clipPolygon(whole, { weights: [1, 0, 0], least: 1.5 })).toEqual([]);
  expect(clipPolygon(cut, { weights: [0, 1, 0], least: 0.1 }).length).toBe(3);
});

test("a line of constant electrons per atom meets two sides", () => {
  const [p, q] = lineWithin(viewOf(0, 0, 1), [3, 1, -2], 1.86)!;
  for (const [a, b, c] of [p, q]) expect(3 * a + b - 2 * c).toBeCloseTo(1.86, 12);
  expect(lineWithin(viewOf(0, 0, 1), [1, 1, 1], 2)).toBeUndefined();
});
