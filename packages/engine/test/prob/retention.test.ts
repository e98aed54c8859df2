import { expect, test } from "vitest";
import * as fc from "fast-check";
import { key, stream } from "../../src/base/key.ts";
import { retention } from "../../src/prob/retention.ts";

test("the curve by hand: losses 4, 1, 3 kept in the order 2, 3, 1", () => {
  const { share, loss, oracle, area, oracleArea, randomArea } = retention(Float64Array.of(4, 1, 3), Float64Array.of(3, 1, 2), [1 / 3, 2 / 3, 1]);
  expect(Array.from(share)).toEqual([1 / 3, 2 / 3, 1]);
  expect(Array.from(loss)).toEqual([1, 2, 8 / 3]);
  expect(Array.from(oracle)).toEqual([1, 2, 8 / 3]);
  expect(area).toBeCloseTo((1 + 2 + 8 / 3) / 3, 14);
  expect(oracleArea).toBe(area);
  expect(randomArea).toBeCloseTo(8 / 3, 14);
});

test("uncertainties that are all equal are worth as much as chance, whatever the order of rows", () => {
  const loss = Float64Array.of(5, 0, 1, 2);
  const tied = retention(loss, new Float64Array(4).fill(0.3));
  expect(tied.area).toBeCloseTo(2, 14);
  expect(tied.loss.every((l) => Math.abs(l - 2) < 1e-14)).toBe(true);
  expect(retention(loss.toReversed(), new Float64Array(4)).area).toBeCloseTo(tied.area, 14);
});

test("no order beats the oracle, and every curve ends at the mean loss", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.double({ min: 0, max: 9, noNaN: true })), { minLength: 1, maxLength: 60 }), (rows) => {
      const found = retention(Float64Array.from(rows, ([l]) => l), Float64Array.from(rows, ([, u]) => u));
      const slack = 1e-9 * (1 + found.randomArea);
      expect(found.oracleArea).toBeLessThanOrEqual(found.area + slack);
      expect(found.oracleArea).toBeLessThanOrEqual(found.randomArea + slack);
      expect(Math.abs(found.loss.at(-1)! - found.randomArea)).toBeLessThanOrEqual(slack);
    }),
  );
});

test("with errors of N(0, sd²) an honest sd keeps the sure rows: its area is that of the exact expectation", () => {
  const n = 20_000;
  const rng = stream(key(5));
  const sd = Float64Array.from({ length: n }, (_, i) => (i + 0.5) / n);
  const { area, randomArea } = retention(sd.map((s) => s * Math.abs(rng.normal())), sd);
  // E|e| of the first share p is √(2/π) p / 2, whose mean over p is √(2/π) / 4; the random order has √(2/π) / 2.
  const unit = Math.sqrt(2 / Math.PI);
  const error = unit / Math.sqrt(n);
  expect(Math.abs(area - unit / 4)).toBeLessThan(5 * error);
  expect(Math.abs(randomArea - unit / 2)).toBeLessThan(5 * error);
});

test("losses without uncertainties are refused", () => {
  expect(() => retention(Float64Array.of(1), new Float64Array(0))).toThrow("nothing to keep: 0 uncertainties of 1 losses");
  expect(() => retention(Float64Array.of(1), Float64Array.of(Number.NaN))).toThrow("uncertainty of row 0 is NaN");
  expect(() => retention(Float64Array.of(Number.NaN), Float64Array.of(1))).toThrow("loss of row 0 is NaN");
});
