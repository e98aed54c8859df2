import fc from "fast-check";
import { expect, test } from "vitest";
import { one } from "../../src/base/unit.ts";
import { impute, medianImputation, robustScaler, scale, standardScaler, unscale } from "../../src/data/scaler.ts";
import { columnOf, joinTables, selectFeatures, selectTableRows, table } from "../../src/data/table.ts";

const feature = (name: string) => ({ name, unit: one, about: name });
const small = table([feature("a"), feature("b")], [[1, 2], [3, 4], [5, 6]]);

test("tables are joined side by side, cut by rows and by names", () => {
  const joined = joinTables(small, table([feature("c")], [[7], [8], [9]]));
  expect(joined).toMatchObject({ rows: 3, cols: 3, data: Float64Array.of(1, 2, 7, 3, 4, 8, 5, 6, 9) });
  expect(selectTableRows(joined, [2, 0]).data).toEqual(Float64Array.of(5, 6, 9, 1, 2, 7));
  expect(selectFeatures(joined, ["c", "a"])).toMatchObject({ cols: 2, data: Float64Array.of(7, 1, 8, 3, 9, 5) });
  expect(columnOf(joined, 1)).toEqual(Float64Array.of(2, 4, 6));
});

test("tables that do not fit are refused", () => {
  expect(() => joinTables(small, small)).toThrow('two features of one name: "a"');
  expect(() => joinTables(small, table([feature("c")], [[7]]))).toThrow("tables of 3 and 1 rows");
  expect(() => table([feature("a")], [[1, 2]])).toThrow("row 0 has 2 numbers");
  expect(() => table([feature("a"), feature("b")], Float64Array.of(1, 2, 3))).toThrow("a multiple of 2");
  expect(() => selectFeatures(small, ["z"])).toThrow('unknown feature: "z"');
  expect(() => selectTableRows(small, [-1])).toThrow("no such row: -1");
});

test("scaled columns have mean 0 and standard deviation 1, and unscaling is the inverse", () => {
  const cell = fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constant(Number.NaN));
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 2, maxLength: 30 }), (rows) => {
      const x = table([feature("a"), feature("b")], rows);
      for (const fit of [standardScaler, robustScaler]) {
        const scaler = fit(x);
        unscale(scale(x, scaler), scaler).data.forEach((v, i) => expect(Number.isNaN(v) ? Number.isNaN(x.data[i]!) : Math.abs(v - x.data[i]!) <= 1e-9 * (1 + Math.abs(scaler.centre[i % 2]!) + Math.abs(v))).toBe(true));
        expect(scaler.scale.every((s) => s > 0)).toBe(true);
      }
      const z = columnOf(scale(x, standardScaler(x)), 0).filter((v) => !Number.isNaN(v));
      if (new Set(z).size < 2) return;
      expect(Math.abs(z.reduce((s, v) => s + v, 0) / z.length)).toBeLessThan(1e-6);
    }),
  );
  const z = scale(small, standardScaler(small));
  expect(columnOf(z, 0).reduce((s, v) => s + v * v, 0) / 3).toBeCloseTo(1, 14);
});

test("constant and empty columns are centred and not scaled; half-constant ones are", () => {
  const x = table([feature("c"), feature("e"), feature("h")], [[7.1, Number.NaN, 1], [7.1, Number.NaN, 1], [7.1, Number.NaN, 1], [7.1, Number.NaN, 1], [7.1, Number.NaN, 9]]);
  for (const fit of [standardScaler, robustScaler]) expect(Array.from(fit(x).scale.subarray(0, 2))).toEqual([1, 1]);
  expect(robustScaler(x).centre).toEqual(Float64Array.of(7.1, 0, 1));
  // The spread about the median, since the middle half is constant.
  expect(robustScaler(x).scale[2]).toBeCloseTo(Math.sqrt(64 / 5), 14);
});

test("medians stand for missing values, zero for a column of none", () => {
  const x = table([feature("a"), feature("b")], [[1, Number.NaN], [Number.NaN, Number.NaN], [9, Number.NaN], [2, Number.NaN]]);
  const filled = impute(x, medianImputation(x));
  expect(filled.data).toEqual(Float64Array.of(1, 0, 2, 0, 9, 0, 2, 0));
  expect(filled.features).toBe(x.features);
  expect(() => impute(x, Float64Array.of(1))).toThrow("fitted on 1");
});
