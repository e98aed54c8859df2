import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { key } from "../../src/base/key.ts";
import { one } from "../../src/base/unit.ts";
import { logSumExp } from "../../src/numeric/logspace.ts";
import { categoricalMarginal } from "../../src/prob/categorical.ts";
import { normalMarginal, studentMarginal } from "../../src/prob/marginal.ts";
import { mixtureMarginal } from "../../src/prob/mixture.ts";
import { predictive } from "../../src/prob/predictive.ts";
import { scaledMarginal } from "../../src/prob/scaled.ts";
import type { NumericMarginal } from "../../src/prob/types.ts";

const y = { name: "y", unit: one };
const matrix = (rows: number, cols: number, ...data: readonly number[]) => ({ rows, cols, data: Float64Array.from(data) });

const FAMILIES: readonly (readonly [string, NumericMarginal])[] = [
  ["normal", normalMarginal({ ...y, mean: Float64Array.of(0, 3, -20), sd: Float64Array.of(1, 0.5, 4) })],
  ["t", studentMarginal({ ...y, location: Float64Array.of(0, 3, -20), scale: Float64Array.of(1, 0.5, 4), df: Float64Array.of(3, 8, 1e7) })],
  ["mixture", mixtureMarginal({ ...y, means: matrix(3, 2, -1, 1, 2, 5, -20, -20), sds: matrix(3, 2, 1, 0.3, 0.5, 0.2, 4, 2), weights: Float64Array.of(1, 3) })],
  ["scaled normal", scaledMarginal(normalMarginal({ ...y, mean: Float64Array.of(0, 3, -20), sd: Float64Array.of(1, 0.5, 4) }), Float64Array.of(0.5, 1, 2))],
  ["scaled t", scaledMarginal(studentMarginal({ ...y, location: Float64Array.of(0, 3, -20), scale: Float64Array.of(1, 0.5, 4), df: 5 }), 1.7)],
];

describe.each(FAMILIES)("%s", (_, marginal) => {
  const bound = fc.double({ min: -60, max: 60, noNaN: true });

  test("a partition of the line sums to one in every row", () => {
    fc.assert(
      fc.property(fc.array(bound, { maxLength: 8 }), (cuts) => {
        const edges = [Number.NEGATIVE_INFINITY, ...cuts.toSorted((a, b) => a - b), Number.POSITIVE_INFINITY];
        const parts = edges.slice(1).map((high, i) => marginal.logMass(edges[i]!, high));
        marginal.mean.forEach((_, i) => expect(Math.abs(logSumExp(parts.map((part) => part[i]!)))).toBeLessThan(1e-9));
      }),
    );
  });

  test("mass grows with the interval, is finite, and agrees with the distribution function", () => {
    fc.assert(
      fc.property(bound, bound, (a, b) => {
        fc.pre(Math.abs(a - b) > 1e-9);
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const mass = marginal.logMass(low, high);
        const wider = marginal.logMass(low - 1, high + 1);
        const difference = marginal.cdf(new Float64Array(3).fill(high)).map((p, i) => p - marginal.cdf(new Float64Array(3).fill(low))[i]!);
        mass.forEach((l, i) => {
          expect(Number.isFinite(l)).toBe(true);
          expect(wider[i]! >= l - 1e-12 * Math.abs(l)).toBe(true);
          expect(Math.abs(Math.exp(l) - difference[i]!)).toBeLessThan(1e-10);
        });
      }),
    );
  });

  test("quantiles invert the distribution function, and bands hold their probability", () => {
    for (const p of [1e-6, 0.05, 0.3, 0.5, 0.95, 1 - 1e-9]) marginal.cdf(marginal.quantile(p)).forEach((found) => expect(Math.abs(found - p)).toBeLessThan(1e-9));
    marginal.logMass(marginal.quantile(0.05), marginal.quantile(0.95)).forEach((l) => expect(Math.abs(Math.exp(l) - 0.9)).toBeLessThan(1e-9));
  });

  test("the density is the derivative of the distribution function", () => {
    const at = Float64Array.from(marginal.mean, (m, i) => m + 0.7 * marginal.sd[i]!);
    const h = 1e-5;
    const mass = marginal.logMass(at.map((v) => v - h), at.map((v) => v + h));
    marginal.logDensity(at).forEach((l, i) => expect(Math.abs(l - (mass[i]! - Math.log(2 * h)))).toBeLessThan(1e-6));
  });

  test("draws have the distribution: their transform is uniform", () => {
    const n = 4000;
    const u = Array.from({ length: n }, (_, k) => marginal.cdf(marginal.sample(key(k))));
    marginal.mean.forEach((_, i) => {
      const mean = u.reduce((s, row) => s + row[i]!, 0) / n;
      const square = u.reduce((s, row) => s + row[i]! ** 2, 0) / n;
      expect(Math.abs(mean - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
      expect(Math.abs(square - 1 / 3)).toBeLessThan(5 * Math.sqrt(4 / 45 / n));
    });
    expect(marginal.sample(key(3))).toEqual(marginal.sample(key(3)));
  });

  test("bounds may be given per row; empty ones have no mass, reversed ones are refused", () => {
    const low = Float64Array.of(-1, 2, -25);
    const high = Float64Array.of(1, 4, -18);
    marginal.logMass(low, high).forEach((l, i) => expect(l).toBe(marginal.logMass(low[i]!, high[i]!)[i]));
    expect(Array.from(marginal.logMass(1, 1))).toEqual(Array(3).fill(Number.NEGATIVE_INFINITY));
    expect(() => marginal.logMass(1, 0)).toThrow("empty interval");
    expect(() => marginal.logMass(Number.NaN, 0)).toThrow("empty interval");
    expect(() => marginal.quantile(1.1)).toThrow("not a probability");
  });
});

test("the normal's mass is finite and symmetric 40 sd from the mean", () => {
  const marginal = normalMarginal({ ...y, mean: Float64Array.of(5), sd: Float64Array.of(0.25) });
  const [above] = marginal.logMass(15, 16);
  expect(above).toBe(marginal.logMass(-6, -5)[0]);
  // mpmath: log(ncdf(-40) - ncdf(-44))
  expect(above).toBeCloseTo(-804.6084420137538, 9);
});

test("a mixture's mean and sd are those of its draws' law", () => {
  const marginal = FAMILIES[2]![1];
  expect(Array.from(marginal.mean)).toEqual([0.5, 4.25, -20]);
  // Var = E[sd²] + Var[mean]: 0.25·1 + 0.75·0.09 + 0.75·0.25·4
  expect(marginal.sd[0]! ** 2).toBeCloseTo(0.25 + 0.0675 + 0.75, 12);
});

test("a mixture's quantile is found between far components, at point masses, and for one component", () => {
  const of = (means: readonly number[], sds: readonly number[]) => mixtureMarginal({ ...y, means: matrix(1, means.length, ...means), sds: matrix(1, sds.length, ...sds) });
  const far = of([0, 100], [1, 1]);
  expect(far.quantile(0.5)[0]! > 5 && far.quantile(0.5)[0]! < 95).toBe(true);
  expect(far.quantile(0.25)[0]).toBeCloseTo(0, 9);
  expect(far.quantile(1 - 1e-12)[0]).toBeCloseTo(normalMarginal({ ...y, mean: Float64Array.of(100), sd: Float64Array.of(1) }).quantile(1 - 2e-12)[0]!, 4);
  expect(of([1, 5], [0, 0]).quantile(0.4)[0]).toBeCloseTo(1, 14);
  expect(of([1, 5], [0, 0]).quantile(0.6)[0]).toBeCloseTo(5, 14);
  expect(of([1, 1], [2, 2]).quantile(0.9)[0]).toBeCloseTo(1 + 2 * 1.2815515655446004, 12);
});

test("a scaled marginal keeps its mean and stretches its bands by the factor", () => {
  const base = normalMarginal({ ...y, mean: Float64Array.of(2), sd: Float64Array.of(1) });
  const wide = scaledMarginal(base, 3);
  expect(wide.quantile(0.95)[0]! - 2).toBeCloseTo(3 * (base.quantile(0.95)[0]! - 2), 12);
  expect(wide.sd[0]).toBe(3);
  expect(wide.logMass(-1, 5)[0]).toBe(base.logMass(1, 3)[0]);
  expect(() => scaledMarginal(base, 0)).toThrow("scale factor");
});

test("a row without spread is a point mass", () => {
  const marginal = normalMarginal({ ...y, mean: Float64Array.of(1), sd: Float64Array.of(0) });
  expect([marginal.logMass(0, 2)[0], marginal.logMass(1, 1)[0], marginal.logMass(2, 3)[0], marginal.quantile(0.9)[0], marginal.sample(key(1))[0]]).toEqual([0, 0, Number.NEGATIVE_INFINITY, 1, 1]);
});

test("a row's answer does not depend on the rows beside it", () => {
  const alone = normalMarginal({ ...y, mean: Float64Array.of(1), sd: Float64Array.of(2) });
  const beside = normalMarginal({ ...y, mean: Float64Array.of(1, 7), sd: Float64Array.of(2, 1) });
  expect(alone.sample(key(4))[0]).toBe(beside.sample(key(4))[0]);
  expect(alone.logMass(3, 4)[0]).toBe(beside.logMass(3, 4)[0]);
});

test("constructors refuse what cannot be a distribution", () => {
  expect(() => normalMarginal({ ...y, mean: Float64Array.of(1), sd: Float64Array.of(-1) })).toThrow("negative standard deviation");
  expect(() => normalMarginal({ ...y, mean: Float64Array.of(1), sd: Float64Array.of(1, 1) })).toThrow("wrong number of values");
  expect(() => studentMarginal({ ...y, location: Float64Array.of(1), scale: Float64Array.of(1), df: 0 })).toThrow("degrees of freedom");
  expect(() => mixtureMarginal({ ...y, means: matrix(1, 2, 0, 1), sds: matrix(1, 2, 1, 1), weights: Float64Array.of(0, 0) })).toThrow("mixture weights");
  const normal = normalMarginal({ ...y, mean: Float64Array.of(1), sd: Float64Array.of(1) });
  expect(() => predictive(2, [normal])).toThrow("rows of y: 1");
  expect(() => predictive(1, [normal, normal])).toThrow("two marginals of one name");
  expect(() => predictive(1, [normal], matrix(1, 1, 2))).toThrow("correlation");
});

test("categorical masses are exact near one, sum over levels, and draws follow them", () => {
  const marginal = categoricalMarginal({ name: "phase", levels: ["a", "b", "c"], probability: matrix(2, 3, 1 - 1e-12, 1e-12, 0, 0.2, 0.3, 0.5) });
  expect(marginal.logMass(["a"])[0]! / -1e-12).toBeCloseTo(1, 3);
  expect(marginal.logMass(["a", "b", "c"])).toEqual(Float64Array.of(0, 0));
  expect(marginal.logMass(["c"])[0]).toBe(Number.NEGATIVE_INFINITY);
  expect(marginal.logMass(["b", "c"])[1]).toBeCloseTo(Math.log(0.8), 14);
  const n = 5000;
  const drawn = Array.from({ length: n }, (_, k) => marginal.sample(key(k))[1]!);
  [0.2, 0.3, 0.5].forEach((p, level) => expect(Math.abs(drawn.filter((d) => d === level).length / n - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / n)));
  expect(() => marginal.logMass(["d"])).toThrow("unknown level");
  expect(() => categoricalMarginal({ name: "phase", levels: ["a", "b"], probability: matrix(1, 2, 0.7, 0.7) })).toThrow("sum to one");
});
