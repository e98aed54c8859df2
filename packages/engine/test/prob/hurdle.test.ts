import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import { key } from "../../src/base/key.ts";
import { one } from "../../src/base/unit.ts";
import { hurdleMarginal, mixHurdles } from "../../src/prob/hurdle.ts";
import { normalMarginal } from "../../src/prob/marginal.ts";
import { crpsOf } from "../../src/prob/scoring.ts";
import { scaledMarginal } from "../../src/prob/scaled.ts";
import type { HurdleLaw } from "../../src/prob/types.ts";

const named = { name: "gap", unit: one };
const of = (law: Partial<HurdleLaw> & { readonly p?: number; readonly m?: number; readonly s?: number; readonly nu?: number } = {}) => {
  const { p = 0.4, m = 1.2, s = 0.6, nu } = law;
  return hurdleMarginal(named, { at: 0, scale: "sqrt", atom: Float64Array.of(p), mean: Float64Array.of(m), sd: Float64Array.of(s), ...(nu === undefined ? {} : { df: Float64Array.of(nu) }), ...law });
};
const at = (v: number) => Float64Array.of(v);
const SCALES = ["linear", "sqrt", "log"] as const;

describe.each(SCALES)("a heap and a %s law above it", (scale) => {
  const law = of({ scale, at: -1, nu: 5 });
  const cdf = (y: number) => law.cdf(at(y))[0]!;

  test("the distribution function starts at the heap, rises to one, and quantiles undo it", () => {
    expect(cdf(-1.0001)).toBe(0);
    expect(cdf(-1)).toBeCloseTo(0.4, 12);
    expect(cdf(1e9)).toBeCloseTo(1, 6);
    for (const p of [0.01, 0.39, 0.4]) expect(law.quantile(p)[0]).toBe(-1);
    for (const p of [0.41, 0.6, 0.9, 0.999]) expect(cdf(law.quantile(p)[0]!)).toBeCloseTo(p, 10);
  });

  test("probabilities of a partition sum to one, and the heap is counted once", () => {
    const cuts = [Number.NEGATIVE_INFINITY, -2, -1.00001, 0, 0.7, 3, Number.POSITIVE_INFINITY];
    const mass = (low: number, high: number) => Math.exp(law.logMass(low, high)[0]!);
    expect(cuts.slice(1).reduce((sum, high, i) => sum + mass(cuts[i]!, high), 0)).toBeCloseTo(1, 12);
    expect(mass(-1, -1)).toBeCloseTo(0.4, 12);
    expect(mass(-9, -2)).toBe(0);
  });

  test("the density is the slope of the distribution function, and at the heap its probability", () => {
    for (const y of [-0.6, 0.2, 1.5]) {
      const h = 1e-5;
      expect(Math.exp(law.logDensity(at(y))[0]!)).toBeCloseTo((cdf(y + h) - cdf(y - h)) / (2 * h), 6);
    }
    expect(law.logDensity(at(-1))[0]).toBeCloseTo(Math.log(0.4), 12);
    expect(law.logDensity(at(-1.5))[0]).toBe(Number.NEGATIVE_INFINITY);
  });

  test("draws follow the distribution function", () => {
    const n = 4000;
    const many = hurdleMarginal(named, { at: -1, scale, atom: new Float64Array(n).fill(0.4), mean: new Float64Array(n).fill(1.2), sd: new Float64Array(n).fill(0.6) });
    const draws = many.sample(key(4));
    for (const y of [-1, 0, 1]) {
      const p = many.cdf(new Float64Array(n).fill(y))[0]!;
      expect(Math.abs(draws.filter((v) => v <= y).length / n - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / n));
    }
  });
});

describe("a law above the heap that lies mostly below it", () => {
  test.each([3, 5, 10, 50, 1000])("quantiles undo the distribution function %i standard deviations away", (z) => {
    for (const scale of ["linear", "sqrt"] as const)
      for (const nu of [undefined, 4]) {
        const law = of({ scale, p: 0.3, m: -0.5 * z, s: 0.5, ...(nu && { nu }) });
        for (const p of [0.3001, 0.5, 0.9, 0.999]) expect(law.cdf(law.quantile(p))[0]).toBeCloseTo(p, 9);
        expect(law.mean[0]).toBeLessThan(nu ? 1e7 : 0.2);
      }
  });

  test("its standard deviation is that of draws", () => {
    const n = 40_000;
    for (const scale of ["linear", "sqrt"] as const)
      for (const m of [-1, 0, 0.3]) {
        const many = { at: 0, scale, atom: new Float64Array(n).fill(0.3), mean: new Float64Array(n).fill(m), sd: new Float64Array(n).fill(0.5) };
        const draws = hurdleMarginal(named, many).sample(key(6));
        const mean = draws.reduce((a, b) => a + b, 0) / n;
        const sd = Math.sqrt(draws.reduce((s, v) => s + (v - mean) ** 2, 0) / n);
        // The square root is taken to first order.
        expect(Math.abs(of({ scale, p: 0.3, m, s: 0.5 }).sd[0]! / sd - 1)).toBeLessThan(scale === "sqrt" ? 0.4 : 0.03);
      }
  });

  test("is the heap alone where nothing is above", () => {
    const law = of({ p: 0.3, m: -1, s: 0 });
    expect([law.quantile(0.9)[0], law.cdf(at(0))[0], law.cdf(at(2))[0], law.logMass(1, 2)[0]]).toEqual([0, 1, 1, Number.NEGATIVE_INFINITY]);
  });
});

test("what is not known of the law above is not known of its quantiles", () => {
  expect(of({ p: 0.7, m: Number.NaN }).quantile(0.5)[0]).toBe(Number.NaN);
});

test("the centre is the median: the heap where it is likelier than not", () => {
  expect(of({ p: 0.51 }).mean[0]).toBe(0);
  expect(of({ p: 0 }).mean[0]).toBeCloseTo(1.2 ** 2, 1);
  expect(of({ p: 0.4 }).mean[0]).toBeLessThan(1.44);
  expect(of({ p: 0.4 }).mean[0]).toBeGreaterThan(0);
});

test("the standard deviation is that of draws where truncation matters little", () => {
  const n = 40_000;
  for (const scale of SCALES) {
    const big = { at: 2, scale, atom: new Float64Array(n).fill(0.3), mean: new Float64Array(n).fill(2), sd: new Float64Array(n).fill(0.1) };
    const draws = hurdleMarginal(named, big).sample(key(6));
    const mean = draws.reduce((a, b) => a + b, 0) / n;
    const sd = Math.sqrt(draws.reduce((s, v) => s + (v - mean) ** 2, 0) / n);
    expect(hurdleMarginal(named, { ...big, atom: at(0.3), mean: at(2), sd: at(0.1) }).sd[0]! / sd).toBeCloseTo(1, 1);
  }
});

test("stretching widens what lies above and draws the odds of the heap to even", () => {
  const [narrow, wide] = [of({ p: 0.9 }), scaledMarginal(of({ p: 0.9 }), 2)];
  expect(wide.hurdle!.atom[0]).toBeCloseTo(0.75, 12);
  expect(wide.hurdle!.sd[0]).toBeCloseTo(1.2, 12);
  expect(wide.quantile(0.99)[0]!).toBeGreaterThan(narrow.quantile(0.99)[0]!);
  expect(scaledMarginal(of(), 1).cdf(at(1))[0]).toBe(of().cdf(at(1))[0]);
});

test("it is a distribution whatever its parts", () => {
  fc.assert(
    fc.property(fc.constantFrom(...SCALES), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: -3, max: 5, noNaN: true }), fc.double({ min: 1e-3, max: 3, noNaN: true }), fc.array(fc.double({ min: -2, max: 60, noNaN: true }), { minLength: 2, maxLength: 6 }), (scale, p, m, s, ys) => {
      const law = of({ scale, p, m, s });
      const sorted = ys.toSorted((a, b) => a - b).map((y) => law.cdf(at(y))[0]!);
      sorted.forEach((v, i) => {
        expect(v >= 0 && v <= 1).toBe(true);
        if (i > 0) expect(v).toBeGreaterThanOrEqual(sorted[i - 1]! - 1e-12);
      });
      expect(law.quantile(0.3)[0]!).toBeLessThanOrEqual(law.quantile(0.8)[0]!);
    }),
  );
  expect(() => of({ p: 1.2 })).toThrow("probability of gap = 0: 1.2");
});

test.each(SCALES)("the CRPS of a heap and a %s law is the integral of its definition", (scale) => {
  // The exponential of a Student-t has no mean, and its CRPS no end.
  const law = of({ scale, at: -1, p: 0.35, m: 0.4, s: 0.5, ...(scale === "log" ? {} : { nu: 6 }) });
  const cdf = (x: number) => law.cdf(at(x))[0]!;
  // Simpson's rule on pieces that end at the jumps: at the heap, where both functions jump, and at the measured value.
  const integral = (f: (x: number) => number, from: number, to: number, parts = 4000): number => {
    const h = (to - from) / parts;
    return Array.from({ length: parts + 1 }, (_, k) => (k === 0 || k === parts ? 1 : k % 2 ? 4 : 2) * f(from + k * h)).reduce((a, b) => a + b, 0) * (h / 3);
  };
  const top = law.quantile(1 - 1e-7)[0]!;
  for (const y of [-1, -0.5, 1.3]) {
    const exact = integral((x) => cdf(x) ** 2, -1, Math.max(y, -1 + 1e-12)) + integral((x) => (1 - cdf(x)) ** 2, y, top);
    expect(crpsOf(at(y), law, 4000)[0]! / exact).toBeCloseTo(1, 2);
  }
});

describe("a mixture of laws with heaps", () => {
  const law = (p: number, m: number, s: number, scale: HurdleLaw["scale"] = "sqrt") => ({ mean: at(0), sd: at(0), hurdle: { at: 0, scale, atom: at(p), mean: at(m), sd: at(s) } });
  const bell = (m: number, s: number) => ({ mean: at(m), sd: at(s) });
  const cdfOf = (mixed: HurdleLaw, y: number) => hurdleMarginal(named, mixed).cdf(at(y))[0]!;

  test("of one law is that law", () => {
    const { hurdle } = law(0.3, 2, 0.4);
    const mixed = mixHurdles([law(0.3, 2, 0.4), law(0.3, 2, 0.4)], [0.25, 0.75]);
    for (const field of ["atom", "mean", "sd"] as const) expect(mixed[field][0]).toBeCloseTo(hurdle[field][0]!, 12);
  });

  test("has their mean heap, and above it the moments of each in the part that it has there", () => {
    const mixed = mixHurdles([law(0.2, 1, 0.3), law(0.6, 2, 0.1)], [0.5, 0.5]);
    expect(mixed.atom[0]).toBeCloseTo(0.4, 12);
    expect(mixed.mean[0]).toBeCloseTo((0.8 * 1 + 0.4 * 2) / 1.2, 12);
    expect(mixed.sd[0]! ** 2).toBeCloseTo((0.8 * (0.09 + 1) + 0.4 * (0.01 + 4)) / 1.2 - (1.6 / 1.2) ** 2, 12);
    const sure = mixHurdles([law(1, 5, 0.1), law(0.5, 1, 0.2)], [0.5, 0.5]);
    expect([sure.atom[0], sure.mean[0], sure.sd[0]]).toEqual([0.75, 1, expect.closeTo(0.2, 12)]);
    expect(mixHurdles([law(1, 5, 0.1), law(1, 5, 0.1)], [0.5, 0.5]).atom[0]).toBe(1);
  });

  test("counts what a law without a heap says of values at most as large, and keeps its quantiles above", () => {
    const mixed = mixHurdles([law(1, 1, 0.1), bell(3, 1.5)], [1e-9, 1 - 1e-9]);
    const normal = (y: number) => normalMarginal({ ...named, mean: at(3), sd: at(1.5) }).cdf(at(y))[0]!;
    for (const y of [0, 1.5, 3, 4.5, 6]) expect(Math.abs(cdfOf(mixed, y) - normal(y))).toBeLessThan(0.03);
  });

  test("reads a law of another scale by its quantiles", () => {
    const other = law(0.3, Math.log(4), 0.2, "log");
    const mixed = mixHurdles([law(1, 1, 0.1), other], [1e-9, 1 - 1e-9]);
    expect(mixed.scale).toBe("sqrt");
    const exact = hurdleMarginal(named, other.hurdle);
    for (const y of [0, 3, 4, 5, 6]) expect(Math.abs(cdfOf(mixed, y) - exact.cdf(at(y))[0]!)).toBeLessThan(0.02);
  });
});
