import { describe, expect, test } from "vitest";
import { fold, key, stream } from "../../src/base/key.ts";
import { errorAt, fitScalingLaw, rowsAt, rowsUntil, scalingBand } from "../../src/learn/scalingLaw.ts";

const SIZES = [10, 20, 50, 100, 200, 500, 1000, 2000];
const curve = (law: { amplitude: number; exponent: number; floor: number }, scatter = 0, seed = 1) => {
  const rng = stream(key(seed));
  return SIZES.map((rows) => ({ rows, error: errorAt(law, rows) * Math.exp(scatter * rng.normal()) }));
};

test.each([
  { amplitude: 3, exponent: 0.5, floor: 0.1 },
  { amplitude: 0.02, exponent: 1.3, floor: 4e-5 },
  { amplitude: 700, exponent: 0.25, floor: 0 },
])("a planted law without noise is found: $amplitude n^-$exponent + $floor", (planted) => {
  const found = fitScalingLaw(curve(planted), { draws: 2 }, key(1));
  expect(found.exponent).toBeCloseTo(planted.exponent, 4);
  expect(found.amplitude / planted.amplitude).toBeCloseTo(1, 3);
  expect(found.floor).toBeCloseTo(planted.floor, 4);
  expect(rowsUntil(found, errorAt(planted, 5000)).value / 5000).toBeCloseTo(1, 2);
});

test("the 90 % band covers the planted law in about nine of ten curves", () => {
  const planted = { amplitude: 3, exponent: 0.5, floor: 0.1 };
  const trials = 40;
  let inside = 0;
  for (let t = 0; t < trials; t++) {
    const { low, high } = scalingBand(fitScalingLaw(curve(planted, 0.05, t), { draws: 60 }, fold(key(2), t)), 300);
    if (low <= errorAt(planted, 300) && errorAt(planted, 300) <= high) inside++;
  }
  // Three standard errors of a share of 0.9, and a little for bounds at C = 0.
  expect(inside / trials).toBeGreaterThan(0.9 - 3 * Math.sqrt(0.09 / trials) - 0.03);
});

test("an error below the floor is never reached, and the answer says so", () => {
  const found = fitScalingLaw(curve({ amplitude: 3, exponent: 1, floor: 0.5 }, 0.01), { draws: 50 }, key(1));
  const { value, low, high } = rowsUntil(found, 0.4);
  expect([value, low, high]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  expect(rowsAt(found, 1)).toBeGreaterThan(4);
});

test("the unit of the error does not matter", () => {
  const points = curve({ amplitude: 3, exponent: 0.5, floor: 0.1 }, 0.05);
  const [a, b] = [points, points.map((p) => ({ ...p, error: 1000 * p.error }))].map((p) => fitScalingLaw(p, { draws: 5 }, key(1)));
  expect(b.exponent).toBeCloseTo(a.exponent, 8);
  expect(b.floor / 1000).toBeCloseTo(a.floor, 8);
});

describe("bad curves are refused", () => {
  test.each([
    [[{ rows: 10, error: 1 }, { rows: 20, error: 0.5 }], "too few sizes for a scaling law: 2"],
    [SIZES.map((rows) => ({ rows, error: 0 })), "no point of a learning curve: error 0 at 10 rows"],
  ])("%#", (points, message) => expect(() => fitScalingLaw(points, {}, key(1))).toThrow(message));
});
