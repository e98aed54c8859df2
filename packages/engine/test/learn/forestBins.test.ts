import fc from "fast-check";
import { expect, test } from "vitest";
import { key, permutation } from "../../src/base/key.ts";
import { one } from "../../src/base/unit.ts";
import type { Table } from "../../src/data/types.ts";
import { bagOf, rowWords } from "../../src/learn/forest/bags.ts";
import { MOST_BINS, binColumns, binCounts, binRows, learnBins } from "../../src/learn/forest/bins.ts";

const columnTable = (values: readonly number[]): Table => ({ rows: values.length, cols: 1, data: Float64Array.from(values), features: [{ name: "x", unit: one, about: "" }] });

const value = fc.oneof(fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, 1, 2, 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE), fc.double({ noNaN: true, noDefaultInfinity: true }));

test("bins keep the order of values, put equal values together, and tell few distinct values apart", () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 2, maxLength: 400 }), (values) => {
      const x = columnTable(values);
      const binning = learnBins(x);
      const finite = [...new Set(values.filter(Number.isFinite).map((v) => v + 0))];
      const gaps = finite.length > 0 && values.some((v) => !Number.isFinite(v));
      expect(binning.features.length).toBe(finite.length > 1 || gaps ? 1 : 0);
      if (binning.features.length === 0) return;
      const bins = binColumns(binning, x);
      expect(binCounts(binning)[0]).toBeLessThanOrEqual(MOST_BINS);
      expect(Math.max(...bins)).toBeLessThan(binCounts(binning)[0]);
      const order = Array.from(values.keys()).filter((i) => Number.isFinite(values[i])).sort((i, j) => values[i] - values[j]);
      for (let k = 1; k < order.length; k++) {
        const [a, b] = [order[k - 1], order[k]];
        expect(bins[a]).toBeLessThanOrEqual(bins[b]);
        if (values[a] === values[b]) expect(bins[a]).toBe(bins[b]);
        else if (finite.length < 200) expect(bins[a]).toBeLessThan(bins[b]);
      }
      values.forEach((v, i) => {
        if (!Number.isFinite(v)) expect(bins[i]).toBe(0);
      });
      expect(binRows(binning, x, Int32Array.of(0), { from: 0, to: values.length }, Int32Array.of(0)).bins).toEqual(bins);
    }),
    { numRuns: 200 },
  );
});

test("ten thousand distinct values fill all bins about evenly", () => {
  const x = columnTable(Array.from(permutation(key(1), 10_000), (v) => Math.exp(v / 1000)));
  const counts = new Int32Array(MOST_BINS);
  for (const b of binColumns(learnBins(x), x)) counts[b]++;
  expect(Math.min(...counts)).toBeGreaterThan(30);
  expect(Math.max(...counts)).toBeLessThan(50);
});

test("a bootstrap draws each row Poisson(1) times, independently of the other rows", () => {
  const names = Array.from({ length: 2000 }, (_, i) => `row ${i}`);
  const words = rowWords(key(4), names);
  const totals = new Float64Array(4);
  const trees = 50;
  for (let t = 0; t < trees; t++) for (const c of bagOf(words, t, { kind: "bootstrap" })) if (c < 4) totals[c]++;
  const n = 2000 * trees;
  [1, 1, 1 / 2, 1 / 6].forEach((ratio, k) => {
    const p = Math.exp(-1) * ratio;
    expect(Math.abs(totals[k] / n - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / n));
  });
  const fewer = bagOf(rowWords(key(4), names.slice(500)), 7, { kind: "bootstrap" });
  expect(fewer).toEqual(bagOf(words, 7, { kind: "bootstrap" }).slice(500));
});

test("rows of one name draw apart, rows of one group together", () => {
  const words = rowWords(key(4), ["a", "a", "b"]);
  expect(words.slice(0, 2)).not.toEqual(words.slice(2, 4));
  const grouped = rowWords(key(4), ["a", "b", "c", "d"], Int32Array.of(1, 0, 1, 0));
  expect(grouped.slice(0, 2)).toEqual(grouped.slice(4, 6));
  expect(grouped.slice(2, 4)).toEqual(grouped.slice(6, 8));
  expect(grouped.slice(0, 2)).not.toEqual(grouped.slice(2, 4));
});
