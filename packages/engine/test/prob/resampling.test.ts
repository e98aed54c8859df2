import fc from "fast-check";
import { expect, test } from "vitest";
import { fold, key } from "../../src/base/key.ts";
import { NumericalError } from "../../src/base/errors.ts";
import { conditionalSampleSize, effectiveSampleSize, normalisedWeights, systematicResampling } from "../../src/prob/resampling.ts";

const ZERO = Number.NEGATIVE_INFINITY;
const logWeights = fc.array(fc.oneof(fc.double({ min: -800, max: 800, noNaN: true }), fc.constant(ZERO)), { minLength: 1, maxLength: 40 }).filter((l) => l.some((x) => x > ZERO)).map((l) => Float64Array.from(l));

test("uniform weights are worth n particles, one-hot weights one", () => {
  expect(effectiveSampleSize(new Float64Array(250).fill(-1e4))).toBeCloseTo(250, 8);
  expect(effectiveSampleSize(Float64Array.of(ZERO, 3, ZERO))).toBeCloseTo(1, 12);
  expect(effectiveSampleSize(Float64Array.of(ZERO, ZERO))).toBe(0);
});

test("the effective sample size is between 1 and n and does not depend on the weights' scale", () => {
  fc.assert(
    fc.property(logWeights, fc.double({ min: -500, max: 500, noNaN: true }), (l, shift) => {
      const ess = effectiveSampleSize(l);
      expect(ess).toBeGreaterThanOrEqual(1 - 1e-9);
      expect(ess).toBeLessThanOrEqual(l.length * (1 + 1e-9));
      expect(Math.abs(effectiveSampleSize(l.map((x) => x + shift)) / ess - 1)).toBeLessThan(1e-9);
    }),
  );
});

test("conditional size: n for constant increments, the plain size for uniform weights, by the formula else", () => {
  const v = Float64Array.of(0.3, -2, 1, 0);
  expect(conditionalSampleSize(Float64Array.of(0, -1, -2, -3), new Float64Array(4).fill(5))).toBeCloseTo(4, 12);
  expect(conditionalSampleSize(new Float64Array(4), v)).toBeCloseTo(effectiveSampleSize(v), 12);
  const W = normalisedWeights(Float64Array.of(0, -1, -2, -3));
  const [first, second] = [1, 2].map((power) => W.reduce((s, w, i) => s + w * Math.exp(power * v[i]!), 0));
  expect(conditionalSampleSize(Float64Array.of(0, -1, -2, -3), v)).toBeCloseTo((4 * first! ** 2) / second!, 12);
  expect(conditionalSampleSize(Float64Array.of(0, ZERO), Float64Array.of(ZERO, 0))).toBe(0);
});

test("systematic resampling takes each particle ⌊n w⌋ or one more times, in order, and none of weight zero", () => {
  fc.assert(
    fc.property(logWeights, fc.integer({ min: 1, max: 100 }), fc.nat(), (l, count, seed) => {
      const w = normalisedWeights(l);
      const ancestors = systematicResampling(key(seed), l, count);
      expect(ancestors).toEqual(ancestors.toSorted());
      const taken = new Float64Array(l.length);
      for (const a of ancestors) taken[a]! += 1;
      taken.forEach((t, i) => {
        expect(Math.abs(t - count * w[i]!)).toBeLessThan(1 + 1e-9);
        if (w[i] === 0) expect(t).toBe(0);
      });
      expect(ancestors.length).toBe(count);
    }),
  );
});

test("systematic resampling is unbiased", () => {
  const l = Float64Array.from([0.1, 0.22, 0.03, 0.4, 0.25], Math.log);
  const runs = 4000;
  const taken = new Float64Array(5);
  for (let r = 0; r < runs; r++) for (const a of systematicResampling(fold(key(1), r), l, 7)) taken[a]! += 1;
  l.forEach((x, i) => {
    const expected = 7 * Math.exp(x);
    const part = expected % 1;
    expect(Math.abs(taken[i]! / runs - expected)).toBeLessThan(5 * Math.sqrt((part * (1 - part)) / runs));
  });
});

test("weights that are all zero, or not numbers, are a numerical error", () => {
  expect(() => systematicResampling(key(1), Float64Array.of(ZERO, ZERO))).toThrow(NumericalError);
  expect(() => normalisedWeights(Float64Array.of(0, Number.NaN))).toThrow(NumericalError);
});
