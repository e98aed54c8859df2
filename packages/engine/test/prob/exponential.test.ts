import fc from "fast-check";
import { expect, test } from "vitest";
import { key } from "../../src/base/key.ts";
import { one, parseUnit } from "../../src/base/unit.ts";
import { logSumExp } from "../../src/numeric/logspace.ts";
import { exponentialMarginal } from "../../src/prob/exponential.ts";
import { normalMarginal, studentMarginal } from "../../src/prob/marginal.ts";
import { scaledMarginal } from "../../src/prob/scaled.ts";

const kelvin = { name: "Tc", unit: parseUnit("K") };
const normal = exponentialMarginal(kelvin, normalMarginal({ name: "Tc", unit: one, mean: Float64Array.of(Math.log(40), 0), sd: Float64Array.of(0.5, 2) }));
const heavy = exponentialMarginal(kelvin, studentMarginal({ name: "Tc", unit: one, location: Float64Array.of(Math.log(40), 0), scale: Float64Array.of(0.5, 2), df: 3 }));

test.each([["normal", normal], ["t", heavy]] as const)("%s: the centre is the median, and nothing lies below zero", (_, law) => {
  expect(Array.from(law.mean, (v) => Number(v.toFixed(9)))).toEqual([40, 1]);
  law.quantile(0.5).forEach((q, i) => expect(q).toBeCloseTo(law.mean[i]!, 9));
  expect(Array.from(law.logMass(Number.NEGATIVE_INFINITY, 0))).toEqual([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  expect(Array.from(law.logMass(-5, Number.POSITIVE_INFINITY), Math.abs)).toEqual([0, 0]);
  expect(Array.from(law.cdf(Float64Array.of(-1, 0)))).toEqual([0, 0]);
  expect(Array.from(law.logDensity(Float64Array.of(-1, 0)))).toEqual([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]);
});

test("a partition sums to one, and quantiles undo the distribution function", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -10, max: 1e4, noNaN: true }), { maxLength: 6 }), fc.double({ min: 0.001, max: 0.999, noNaN: true }), (cuts, p) => {
      const edges = [Number.NEGATIVE_INFINITY, ...cuts.toSorted((a, b) => a - b), Number.POSITIVE_INFINITY];
      for (const law of [normal, heavy]) {
        const parts = edges.slice(1).map((high, i) => law.logMass(edges[i]!, high));
        law.mean.forEach((_, i) => expect(Math.abs(logSumExp(parts.map((part) => part[i]!)))).toBeLessThan(1e-9));
        law.cdf(law.quantile(p)).forEach((c) => expect(c).toBeCloseTo(p, 9));
      }
    }),
  );
});

test("density is the slope of the distribution function", () => {
  for (const y of [3, 40, 200]) {
    const h = y * 1e-5;
    const slope = normal.cdf(Float64Array.of(y + h, y + h)).map((c, i) => (c - normal.cdf(Float64Array.of(y - h, y - h))[i]!) / (2 * h));
    normal.logDensity(Float64Array.of(y, y)).forEach((l, i) => expect(Math.exp(l) / slope[i]!).toBeCloseTo(1, 6));
  }
});

test("draws are positive, about the median, and one per row whatever the batch", () => {
  const draws = Array.from({ length: 400 }, (_, k) => normal.sample(key(k))[0]!);
  expect(Math.min(...draws)).toBeGreaterThan(0);
  const below = draws.filter((v) => v < 40).length;
  expect(Math.abs(below - 200)).toBeLessThan(4 * 10); // standard error of 400 even coins: 10
});

test("stretching widens the logarithm, keeps the centre and stays above zero", () => {
  const wide = scaledMarginal(normal, Float64Array.of(3, 1));
  expect(wide.mean).toEqual(normal.mean);
  expect(wide.log!.sd[0]).toBeCloseTo(1.5, 12);
  expect(wide.quantile(0.01)[0]).toBeGreaterThan(0);
  expect(wide.quantile(0.95)[0]!).toBeCloseTo(40 * (normal.quantile(0.95)[0]! / 40) ** 3, 9);
  expect(wide.quantile(0.95)[1]).toBeCloseTo(normal.quantile(0.95)[1]!, 9);
});
