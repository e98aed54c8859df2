import { describe, expect, test } from "vitest";
import { key, stream } from "../../src/base/key.ts";
import { one } from "../../src/base/unit.ts";
import { applyCalibration, calibrateNumber, conformalQuantile, nestedCalibrations } from "../../src/learn/calibrate.ts";
import { calibrateCategory, calibrateProbabilities, nestedProbabilities } from "../../src/learn/classCalibration.ts";
import { residualCorrelation } from "../../src/learn/correlation.ts";
import { isotonic, stepAt } from "../../src/numeric/isotonic.ts";
import type { CategoryOutOfFold, NumberOutOfFold } from "../../src/learn/outOfFold.ts";
import { logLoss } from "../../src/prob/classes.ts";
import { studentQuantile } from "../../src/numeric/student.ts";

const identity = (n: number) => Int32Array.from({ length: n }, (_, i) => i);

/** Errors drawn by `noise`, claimed to have standard deviation `claimed`. */
function numbers(n: number, claimed: number, noise: () => number): NumberOutOfFold {
  const mean = Float64Array.from({ length: n }, (_, i) => Math.sin(i));
  return { kind: "number", name: "y", unit: one, rows: identity(n), fold: identity(n).map((i) => i % 5), y: mean.map((m) => m + noise()), mean, sd: new Float64Array(n).fill(claimed) };
}

test.each([
  [9, 9],
  [10, 10],
  [19, 18],
  [99, 90],
])("of scores 1 .. %i the conformal 90 %% bound is %i", (n, wanted) => {
  expect(conformalQuantile(Float64Array.from({ length: n }, (_, i) => n - i))).toBe(wanted);
});

describe("calibration of numbers", () => {
  const rng = stream(key(21));
  test("finds the factor by which the spread was understated, with normal tails", () => {
    const { factor, df } = calibrateNumber(numbers(4000, 0.5, () => 1.5 * rng.normal()));
    expect(df).toBe(Number.POSITIVE_INFINITY);
    // The 90 % point of |z| among 4,000 has a relative standard error of 1.4 %.
    expect(Math.abs(factor / 3 - 1)).toBeLessThan(0.045);
  });

  test("finds heavy tails, and keeps the 90 % band right with them", () => {
    const oof = numbers(4000, 1, () => studentQuantile(rng.uniform(), 3));
    const calibration = calibrateNumber(oof);
    expect(calibration.df).toBeLessThanOrEqual(4);
    const marginal = applyCalibration(oof, calibration);
    const [low, high] = [marginal.quantile(0.05), marginal.quantile(0.95)];
    const inside = oof.y.filter((v, i) => v >= low[i] && v <= high[i]).length / 4000;
    expect(Math.abs(inside - 0.9)).toBeLessThan(0.002);
  });

  test("the nested factor covers new rows nine times in ten, whatever the errors", () => {
    let inside = 0;
    let total = 0;
    for (let run = 0; run < 60; run++) {
      const oof = numbers(50, 0.1 + run, () => Math.exp(rng.normal()) - 1);
      const marginal = applyCalibration(oof, nestedCalibrations(oof));
      const [low, high] = [marginal.quantile(0.05), marginal.quantile(0.95)];
      oof.y.forEach((v, i) => (inside += v >= low[i] && v <= high[i] ? 1 : 0));
      total += 50;
    }
    // Finite-sample coverage lies between 0.9 and 0.9 + 1 / 41; rows of one run share their factors, so allow 4 × 1.5 %.
    expect(inside / total).toBeGreaterThan(0.9 - 0.03);
    expect(inside / total).toBeLessThan(0.9 + 1 / 41 + 0.03);
  });

  test("fold k is calibrated without fold k", () => {
    const oof = numbers(100, 1, () => rng.normal());
    const spoiled = { ...oof, y: oof.y.map((v, i) => (oof.fold[i] === 2 ? v + 1000 : v)) };
    expect(nestedCalibrations(spoiled)[2]).toEqual(nestedCalibrations(oof)[2]);
    expect(nestedCalibrations(spoiled)[1]).not.toEqual(nestedCalibrations(oof)[1]);
  });

  test("probabilities far out stay finite after scaling", () => {
    const oof = numbers(100, 1, () => rng.normal());
    const logMass = applyCalibration(oof, calibrateNumber(oof)).logMass(30, Number.POSITIVE_INFINITY);
    expect(logMass.every((l) => Number.isFinite(l) && l < -20)).toBe(true);
  });
});

describe("calibration of classes", () => {
  const rng = stream(key(22));
  const n = 900;
  const truth = Float64Array.from({ length: n }, () => rng.uniform());
  const codes = Int32Array.from(truth, (p) => (rng.uniform() < p ? 1 : 0));
  /** Probabilities whose log odds are stretched threefold: overconfident. */
  const sharp = truth.map((p) => p ** 3 / (p ** 3 + (1 - p) ** 3));
  const oof: CategoryOutOfFold = { kind: "category", name: "c", levels: ["no", "yes"], rows: identity(n), fold: identity(n).map((i) => i % 5), codes, probability: Float64Array.from({ length: 2 * n }, (_, k) => (k % 2 ? sharp[k >> 1] : 1 - sharp[k >> 1])) };

  test("overconfident probabilities are drawn back, and the log loss of held-out rows falls", () => {
    const calibration = calibrateCategory(oof);
    expect(calibration.method).not.toBe("none");
    expect(calibration.slope).toBeGreaterThan(0.25);
    expect(calibration.slope).toBeLessThan(0.45);
    const table = (data: Float64Array) => ({ rows: n, cols: 2, data });
    expect(logLoss(codes, table(nestedProbabilities(oof, calibration.method)))).toBeLessThan(logLoss(codes, table(oof.probability)) - 0.05);
  });

  test("well calibrated probabilities hardly change", () => {
    const fair = { ...oof, probability: Float64Array.from({ length: 2 * n }, (_, k) => (k % 2 ? truth[k >> 1] : 1 - truth[k >> 1])) };
    const p = calibrateProbabilities(fair.probability, 2, calibrateCategory(fair));
    expect(Math.max(...p.map((v, i) => Math.abs(v - fair.probability[i])))).toBeLessThan(0.06);
  });

  test("with a handful of a rare class no shift is fitted for a gain that may be chance", () => {
    const rare = Int32Array.from({ length: n }, (_, i) => (i % 150 === 0 ? 1 : 0));
    const p = Float64Array.from({ length: 2 * n }, (_, k) => (k % 2 ? (rare[k >> 1] ? 0.4 : 0.005) : rare[k >> 1] ? 0.6 : 0.995));
    const noisy = p.map((v, k) => (k % 2 ? v : 1 - p[k + 1]));
    expect(calibrateCategory({ ...oof, codes: rare, probability: noisy }).method).not.toBe("vector");
  });

  test("a probability of zero for a class that occurs stays payable", () => {
    const wrong = { ...oof, probability: Float64Array.from({ length: 2 * n }, (_, k) => (k % 2 ? 0 : 1)) };
    const p = calibrateProbabilities(wrong.probability, 2, calibrateCategory(wrong));
    expect(logLoss(codes, { rows: n, cols: 2, data: p })).toBeLessThan(0.75);
  });
});

describe("isotonic regression", () => {
  test("pools what falls and leaves what rises", () => {
    const steps = isotonic(Float64Array.of(1, 2, 3, 4, 5), Float64Array.of(1, 3, 2, 4, 0));
    expect([...steps.level]).toEqual([1, 2.25]);
    expect([...steps.start]).toEqual([1, 2]);
    expect(stepAt(steps, 0)).toBe(1);
    expect(stepAt(steps, 9)).toBe(2.25);
  });

  test("levels never fall, rest on enough points, and keep the mean", () => {
    const rng = stream(key(23));
    const x = Float64Array.from({ length: 200 }, () => Math.floor(30 * rng.uniform()));
    const y = x.map((v) => v / 10 + rng.normal());
    const { level, count, start } = isotonic(x, y, 7);
    expect([...level]).toEqual([...level].sort((a, b) => a - b));
    expect(Math.min(...count)).toBeGreaterThanOrEqual(7);
    expect(count.reduce((a, b) => a + b, 0)).toBe(200);
    expect(new Set(start).size).toBe(start.length);
    expect(level.reduce((s, v, k) => s + v * count[k], 0)).toBeCloseTo(y.reduce((a, b) => a + b, 0), 8);
  });
});

describe("correlation of errors", () => {
  const rng = stream(key(24));
  const pair = (n: number, r: number) => {
    const [a, b] = [numbers(n, 1, () => 0), numbers(n, 1, () => 0)];
    const draws = Array.from({ length: n }, () => [rng.normal(), rng.normal()]);
    return [
      { ...a, name: "a", y: a.mean.map((m, i) => m + Math.exp(draws[i][0])) },
      { ...b, name: "b", y: b.mean.map((m, i) => m + (r * draws[i][0] + Math.sqrt(1 - r * r) * draws[i][1]) ** 3) },
    ];
  };

  test("is that of the copula, whatever the marginals", () => {
    const found = residualCorrelation(pair(2000, 0.7), 2000);
    expect(found?.data[1]).toBe(found?.data[2]);
    // The standard error of r = 0.7 from 2,000 pairs is 0.011.
    expect(Math.abs(found!.data[1] - 0.7)).toBeLessThan(0.045);
  });

  test("is not guessed from fewer than fifty common rows", () => {
    expect(residualCorrelation(pair(49, 0.9), 49)).toBeUndefined();
    const [a, b] = pair(120, 0.9);
    const half = { ...b, rows: b.rows.map((r) => r + 80) };
    expect(residualCorrelation([a, half], 200)).toBeUndefined();
  });
});
