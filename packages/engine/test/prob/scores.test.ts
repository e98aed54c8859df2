import { expect, test } from "vitest";
import { key, stream } from "../../src/base/key.ts";
import { one } from "../../src/base/unit.ts";
import { binomialTest, clopperPearsonInterval, wilsonInterval } from "../../src/prob/binomial.ts";
import { brierScore, classScores, confusionMatrix, likeliest, logLoss } from "../../src/prob/classes.ts";
import { chiSquareTest, rHat, splitRHat, twoSampleTest } from "../../src/prob/diagnostics.ts";
import { normalMarginal, studentMarginal } from "../../src/prob/marginal.ts";
import {
  calibrationError, coverage, crpsNormal, crpsOf, crpsStudent, intervalWidth, meanAbsoluteError, miscalibrationArea, negativeLogLikelihood, normalisedCalibrationError, rootMeanSquaredError, rSquared,
} from "../../src/prob/scoring.ts";

const normals = (seed: number, n: number) => {
  const rng = stream(key(seed));
  return Float64Array.from({ length: n }, () => rng.normal());
};
const standard = (n: number, sd = 1) => normalMarginal({ name: "y", unit: one, mean: new Float64Array(n), sd: new Float64Array(n).fill(sd) });

test("point errors by hand", () => {
  const y = Float64Array.of(1, 2, 4);
  const predicted = Float64Array.of(1, 3, 2);
  expect(meanAbsoluteError(y, predicted)).toBeCloseTo(1, 14);
  expect(rootMeanSquaredError(y, predicted)).toBeCloseTo(Math.sqrt(5 / 3), 14);
  expect(rSquared(y, predicted)).toBeCloseTo(1 - 5 / (14 / 3), 14);
  expect(rSquared(Float64Array.of(2, 2), Float64Array.of(1, 2))).toBeNaN();
  expect(() => meanAbsoluteError(y, Float64Array.of(1))).toThrow("nothing to score");
});

test("the normal's CRPS equals its defining integral", () => {
  const marginal = standard(1);
  for (const y of [-2, 0.3, 4]) {
    let integral = 0;
    const step = 1e-3;
    for (let x = -10 + step / 2; x < 10; x += step) integral += (marginal.cdf(Float64Array.of(x))[0]! - (x >= y ? 1 : 0)) ** 2 * step;
    expect(crpsNormal(Float64Array.of(y), Float64Array.of(0), Float64Array.of(1))[0]).toBeCloseTo(integral, 3);
  }
  expect(crpsNormal(Float64Array.of(3), Float64Array.of(1), Float64Array.of(0))[0]).toBe(2);
});

test("an honest forecast is calibrated, an overconfident one is not", () => {
  const n = 20_000;
  const y = normals(3, n);
  const error = Math.sqrt(0.9 * 0.1 / n);
  expect(Math.abs(coverage(y, standard(n), 0.9) - 0.9)).toBeLessThan(5 * error);
  expect(coverage(y, standard(n, 0.5), 0.9)).toBeLessThan(0.62);
  expect(intervalWidth(standard(n), 0.9)).toBeCloseTo(2 * 1.6448536269514722, 10);
  expect(negativeLogLikelihood(y, standard(n))).toBeLessThan(negativeLogLikelihood(y, standard(n, 0.5)));
  // Mean of |bridge| over the levels is below the largest excursion, which exceeds 1.95/√n once in a thousand.
  const limit = 1.95 / Math.sqrt(n);
  const pit = standard(n).cdf(y);
  expect(miscalibrationArea(pit)).toBeLessThan(limit);
  expect(calibrationError(pit)).toBeLessThan(limit);
  expect(miscalibrationArea(standard(n, 0.5).cdf(y))).toBeGreaterThan(0.15);
  const sd = Float64Array.from({ length: n }, (_, i) => 0.5 + i / n);
  const spread = y.map((v, i) => v * sd[i]!);
  expect(normalisedCalibrationError(spread, new Float64Array(n), sd)).toBeLessThan(5 / Math.sqrt((2 * n) / 20));
  expect(normalisedCalibrationError(spread, new Float64Array(n), sd.map((s) => s / 2))).toBeGreaterThan(0.9);
});

test("class scores by hand", () => {
  const codes = Int32Array.of(0, 0, 1, 2);
  const p = { rows: 4, cols: 3, data: Float64Array.of(0.7, 0.2, 0.1, 0.3, 0.4, 0.3, 0.1, 0.8, 0.1, 0.5, 0.5, 0) };
  const predicted = likeliest(p);
  expect(Array.from(predicted)).toEqual([0, 1, 1, 0]);
  const confusion = confusionMatrix(codes, predicted, 3);
  expect(Array.from(confusion.data)).toEqual([1, 1, 0, 0, 1, 0, 1, 0, 0]);
  expect(classScores(confusion)).toEqual([{ precision: 0.5, recall: 0.5, support: 2 }, { precision: 0.5, recall: 1, support: 1 }, { precision: Number.NaN, recall: 0, support: 1 }]);
  expect(logLoss(codes, p)).toBe(Number.POSITIVE_INFINITY);
  expect(logLoss(codes.subarray(0, 3), { rows: 3, cols: 3, data: p.data.subarray(0, 9) })).toBeCloseTo(-(Math.log(0.7) + Math.log(0.3) + Math.log(0.8)) / 3, 14);
  expect(brierScore(Int32Array.of(0), { rows: 1, cols: 3, data: Float64Array.of(0.7, 0.2, 0.1) })).toBeCloseTo(0.14, 14);
  expect(() => logLoss(Int32Array.of(-1, 0, 1, 2), p)).toThrow("unknown class");
});

test("binomial intervals and test agree with scipy", () => {
  // scipy.stats.binomtest(7, 50, 0.3): proportion_ci(method="wilson" and "exact"), pvalue; binomtest(0, 12) exact
  expect(wilsonInterval(7, 50).low).toBeCloseTo(0.06950833427016292, 12);
  expect(wilsonInterval(7, 50).high).toBeCloseTo(0.26186193710585537, 12);
  expect(clopperPearsonInterval(7, 50).low).toBeCloseTo(0.05819170034, 9);
  expect(clopperPearsonInterval(7, 50).high).toBeCloseTo(0.26739600250, 9);
  expect(clopperPearsonInterval(0, 12)).toEqual({ low: 0, high: expect.closeTo(0.26464846939705117, 10) });
  expect(clopperPearsonInterval(12, 12).high).toBe(1);
  expect(binomialTest(7, 50, 0.3)).toBeCloseTo(0.012856372631356968, 12);
  expect(() => wilsonInterval(3, 2)).toThrow("not a count");
});

test("R-hat is near one for equal chains and large for chains that sit apart", () => {
  const chains = [0, 1, 2, 3].map((seed) => normals(100 + seed, 500));
  expect(splitRHat(chains)).toBeLessThan(1.02);
  expect(splitRHat(chains.map((chain, i) => chain.map((x) => x + i)))).toBeGreaterThan(1.4);
  expect(splitRHat([Float64Array.from({ length: 500 }, (_, i) => i / 50)])).toBeGreaterThan(1.5);
  expect(rHat([new Float64Array(5), new Float64Array(5)])).toBe(1);
  expect(rHat([new Float64Array(5), new Float64Array(5).fill(1)])).toBe(Number.POSITIVE_INFINITY);
  expect(() => splitRHat([new Float64Array(3)])).toThrow("chains of lengths");
});

test("the two-sample test keeps its level under agreement and sees a shift", () => {
  const p = Array.from({ length: 60 }, (_, i) => twoSampleTest(key(i), normals(2 * i, 40), normals(2 * i + 1, 50), 99).pValue);
  const rejected = p.filter((x) => x <= 0.1).length / 60;
  expect(rejected).toBeLessThan(0.1 + 4 * Math.sqrt(0.09 / 60));
  expect(twoSampleTest(key(1), normals(1, 60), normals(2, 60).map((x) => x + 1.2), 199).pValue).toBe(1 / 200);
  expect(twoSampleTest(key(1), Float64Array.of(0), Float64Array.of(3)).distance).toBe(6);
});

test("the chi-square test agrees with scipy", () => {
  // scipy.stats.chisquare([18, 22, 20, 40], [25] * 4).pvalue
  expect(chiSquareTest([18, 22, 20, 40], [25, 25, 25, 25])).toBeCloseTo(0.006363629995195269, 12);
});

test("the CRPS of Student's t equals its defining integral, and that of quantiles comes close", () => {
  for (const df of [2, 3, 6, 30])
    for (const y of [-2, 0.3, 4]) {
      const marginal = studentMarginal({ name: "y", unit: one, location: Float64Array.of(0.5), scale: Float64Array.of(2), df });
      const step = 0.01;
      let integral = 0;
      for (let x = -3000 + step / 2; x < 3000; x += Math.abs(x) < 50 ? step : 1) integral += (marginal.cdf(Float64Array.of(x))[0]! - (x >= y ? 1 : 0)) ** 2 * (Math.abs(x) < 50 ? step : 1);
      const exact = crpsStudent(Float64Array.of(y), Float64Array.of(0.5), Float64Array.of(2), df)[0]!;
      expect(Math.abs(exact - integral)).toBeLessThan(0.02);
      expect(Math.abs(crpsOf(Float64Array.of(y), marginal, 4000)[0]! - exact)).toBeLessThan(0.01);
    }
  expect(crpsStudent(Float64Array.of(1), Float64Array.of(0), Float64Array.of(1), 1e7)[0]).toBeCloseTo(crpsNormal(Float64Array.of(1), Float64Array.of(0), Float64Array.of(1))[0]!, 6);
  expect(crpsStudent(Float64Array.of(1), Float64Array.of(0), Float64Array.of(1), 1)[0]).toBeNaN();
});
