import { expect, test } from "vitest";
import { key, permutation, stream } from "../../src/base/key.ts";
import { averagePrecision, averagePrecisionBy, expectedCalibrationError, reliability, rocAuc } from "../../src/prob/ranking.ts";
import { groupBootstrap } from "../../src/prob/groupBootstrap.ts";

const positive = Uint8Array.of(1, 0, 1, 1, 0, 0, 1, 0);
const score = Float64Array.of(0.9, 0.9, 0.8, 0.4, 0.4, 0.4, 0.2, 0.1);
const weights = Float64Array.of(1, 2, 0, 1, 3, 1, 2, 1);

test("average precision and area under the curve agree with scikit-learn, with ties and weights", () => {
  // sklearn.metrics.average_precision_score, roc_auc_score of these rows; with sample_weight=weights
  expect(averagePrecision(positive, score)).toBeCloseTo(0.5595238095238095, 14);
  expect(rocAuc(positive, score)).toBeCloseTo(0.59375, 14);
  expect(averagePrecision(positive, score, weights)).toBeCloseTo(0.3458333333333333, 14);
  expect(rocAuc(positive, score, weights)).toBeCloseTo(0.3928571428571429, 14);
});

test("a perfect order scores one, a constant the share of the class and one half", () => {
  expect(averagePrecision([0, 1, 1], Float64Array.of(0.1, 0.2, 0.3))).toBe(1);
  expect(rocAuc([0, 1, 1], Float64Array.of(0.1, 0.2, 0.3))).toBe(1);
  expect(averagePrecision(positive, new Float64Array(8))).toBe(0.5);
  expect(rocAuc(positive, new Float64Array(8))).toBe(0.5);
  expect(averagePrecision([0, 0], Float64Array.of(1, 2))).toBeNaN();
});

test("the order of rows does not matter, and whole weights are copies", () => {
  const order = permutation(key(1), 8);
  const take = (rows: ArrayLike<number>) => [Uint8Array.from(rows, (i) => positive[i]!), Float64Array.from(rows, (i) => score[i]!)] as const;
  expect(averagePrecision(...take(order))).toBeCloseTo(averagePrecision(positive, score), 14);
  const copies = Array.from(weights).flatMap((w, i) => Array.from({ length: w }, () => i));
  expect(averagePrecisionBy(positive, score)(weights)).toBeCloseTo(averagePrecision(...take(copies)), 14);
  expect(rocAuc(positive, score, weights)).toBeCloseTo(rocAuc(...take(copies)), 14);
});

test("a score that is not a number is refused", () => {
  expect(() => rocAuc([1, 0], Float64Array.of(Number.NaN, 1))).toThrow("score of row 0 is NaN — rows are ranked by numbers");
  expect(() => averagePrecision([1], Float64Array.of())).toThrow("nothing to score");
});

test("reliability and its error by hand", () => {
  const p = Float64Array.of(0.05, 0.15, 0.1, 1, 0.95, 0.9);
  const bins = reliability([0, 1, 0, 1, 1, 0], p, [0, 0.1, 0.9, 1]);
  expect(bins.map(({ rows, found }) => [rows, found])).toEqual([[1, 0], [2, 0.5], [3, 2 / 3]]);
  expect(bins[1]!.predicted).toBeCloseTo(0.125, 14);
  // Ten bins: {0.05}, {0.15, 0.1}, {1, 0.95, 0.9}.
  expect(expectedCalibrationError([0, 1, 0, 1, 1, 0], p)).toBeCloseTo((0.05 + 2 * 0.375 + 3 * (0.95 - 2 / 3)) / 6, 14);
});

test("the interval of a mean over groups is that of the group means, not of the rows", () => {
  const rng = stream(key(5));
  const groups = Int32Array.from({ length: 400 }, (_, i) => i % 40);
  const level = Float64Array.from({ length: 40 }, () => rng.normal());
  const value = Float64Array.from(groups, (g) => level[g]! + 0.01 * rng.normal());
  const mean = (w: Float64Array) => value.reduce((sum, v, i) => sum + w[i]! * v, 0) / w.reduce((a, b) => a + b, 0);
  const { m, twice } = groupBootstrap(key(1), groups, (w) => ({ m: mean(w), twice: 2 * mean(w) }), { draws: 2000 });
  const centre = level.reduce((a, b) => a + b, 0) / 40;
  const error = Math.sqrt(level.reduce((s, v) => s + (v - centre) ** 2, 0)) / 40;
  expect(m.estimate).toBeCloseTo(mean(new Float64Array(400).fill(1)), 14);
  // The standard error of a 2.5 % quantile of 2000 draws is 6 % of the standard deviation: four of them on both ends.
  expect(Math.abs((m.high - m.low) / (2 * 1.96 * error) - 1)).toBeLessThan(0.13);
  expect([twice.low, twice.high, twice.positive]).toEqual([expect.closeTo(2 * m.low, 12), expect.closeTo(2 * m.high, 12), m.positive]);
});

test("reordering rows leaves the draws alone; draws without a value are counted out", () => {
  const groups = ["b", "a", "b", "c"];
  const run = (rows: readonly number[]) => groupBootstrap(key(2), rows.map((i) => groups[i]!), (w) => ({ share: w.reduce((s, v, k) => s + v * rows[k]!, 0), some: w[rows.indexOf(1)]! > 0 ? 1 : Number.NaN }), { draws: 300 });
  expect(run([2, 3, 1, 0])).toEqual(run([0, 1, 2, 3]));
  const { some } = run([0, 1, 2, 3]);
  // Group a is drawn with chance 1 − (2/3)³ = 0.70.
  expect(Math.abs(some.draws / 300 - 0.704)).toBeLessThan(4 * Math.sqrt((0.704 * 0.296) / 300));
  expect(() => groupBootstrap(key(2), ["a", "a"], () => ({ x: 0 }))).toThrow("too few groups: 1");
});
