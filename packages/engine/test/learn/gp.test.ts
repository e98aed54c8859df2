import { describe, expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { UnsupportedError } from "../../src/base/errors.ts";
import { key, stream } from "../../src/base/key.ts";
import { one } from "../../src/base/unit.ts";
import type { NumberColumn, Table, Targets } from "../../src/data/types.ts";
import { type Problem, condition, covariance, evidence } from "../../src/learn/gp/evidence.ts";
import { type Shape, type Smoothness, layoutOf, matern } from "../../src/learn/gp/kernel.ts";
import { gp } from "../../src/learn/gp/gp.ts";
import type { GpState } from "../../src/learn/gp/model.ts";
import { invert, similarityMatrix } from "../../src/learn/tanimoto.ts";

const rng = stream(key(11));
const n = 14;
const d = 3;

/** Sparse counts and the same counts dense. */
function counts(rows: number, cols: number) {
  const dense = Float64Array.from({ length: rows * cols }, () => (rng.uniform() < 0.4 ? 1 + rng.below(3) : 0));
  const offsets = new Int32Array(rows + 1);
  const indices: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < cols; k++) if (dense[i * cols + k] > 0) [indices[indices.length], values[values.length]] = [k, dense[i * cols + k]];
    offsets[i + 1] = indices.length;
  }
  return { dense, set: { rows, cols, offsets, indices: Int32Array.from(indices), values: Float64Array.from(values) } };
}

const { dense, set } = counts(n, 9);
const second = counts(n, 5).set;
const real = Float64Array.from({ length: n * d }, () => rng.normal());
const y = Float64Array.from({ length: n }, () => rng.normal());

function problem(combine: Shape["combine"], smoothness: Smoothness, weights = new Float64Array(n).fill(1), known = new Float64Array(n)): Problem {
  const shape: Shape = { combine, smoothness, sets: 2, d };
  return { shape, layout: layoutOf(shape), n, grams: [set, second].map((s) => similarityMatrix(invert(s), s)), real, y, known, weights };
}

test("similarity through the index equals Σ min / Σ max written out", () => {
  const found = similarityMatrix(invert(set), set);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let [low, high] = [0, 0];
      for (let k = 0; k < 9; k++) {
        low += Math.min(dense[i * 9 + k], dense[j * 9 + k]);
        high += Math.max(dense[i * 9 + k], dense[j * 9 + k]);
      }
      expect(found[i * n + j]).toBe(high > 0 ? low / high : 1);
    }
});

/** Gauss-Jordan inverse and log determinant, independent of the kernels. */
function invertDense(a: readonly (readonly number[])[]): { inverse: number[][]; logDet: number } {
  const m = a.length;
  const w = a.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  let logDet = 0;
  for (let k = 0; k < m; k++) {
    const pivot = w[k][k];
    logDet += Math.log(pivot);
    w[k] = w[k].map((v) => v / pivot);
    for (let i = 0; i < m; i++) if (i !== k) w[i] = w[i].map((v, j) => v - w[i][k] * w[k][j]);
  }
  return { inverse: w.map((row) => row.slice(m)), logDet };
}

test("evidence equals the restricted likelihood written out densely", () => {
  const p = problem("sum", "5/2");
  const theta = Float64Array.of(-0.3, -1, 0.2, 0.1, 0.5, 0.9, -1.5);
  const lengths = [0.1, 0.5, 0.9].map(Math.exp);
  const v = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => {
      const r2 = lengths.reduce((s, l, k) => s + ((real[i * d + k] - real[j * d + k]) / l) ** 2, 0);
      return Math.exp(-0.3) * p.grams[0][i * n + j] + Math.exp(-1) * p.grams[1][i * n + j] + Math.exp(0.2) * matern("5/2", r2) + (i === j ? Math.exp(-1.5) : 0);
    }),
  );
  const { inverse, logDet } = invertDense(v);
  const sum = (f: (i: number, j: number) => number) => inverse.reduce((s, row, i) => s + row.reduce((t, w, j) => t + w * f(i, j), 0), 0);
  const precision = sum(() => 1);
  const mean = sum((_, j) => y[j]) / precision;
  const quadratic = sum((i, j) => (y[i] - mean) * (y[j] - mean));
  const wanted = -0.5 * ((n - 1) * Math.log(2 * Math.PI) + logDet + Math.log(precision) + quadratic);
  const found = condition(p, covariance(p, theta).k, theta);
  expect(found.logEvidence).toBeCloseTo(wanted, 9);
  expect(found.mean).toBeCloseTo(mean, 9);
});

describe("gradient of the evidence equals finite differences", () => {
  const weights = Float64Array.from({ length: n }, (_, i) => 1 + (i % 2));
  const known = Float64Array.from({ length: n }, (_, i) => 0.05 * (i % 3));
  const cases = (["sum", "product"] as const).flatMap((combine) => (["1/2", "3/2", "5/2"] as const).map((smoothness) => [combine, smoothness] as const));
  test.each(cases)("%s, Matérn %s", (combine, smoothness) => {
    const p = problem(combine, smoothness, weights, known);
    const theta = Float64Array.from({ length: p.layout.size }, (_, k) => 0.3 * Math.sin(k + 1));
    const { gradient } = evidence(p, theta);
    const h = 1e-5;
    gradient.forEach((g, k) => {
      const at = (by: number) => evidence(p, theta.map((t, q) => (q === k ? t + by : t))).value;
      expect(g).toBeCloseTo((at(h) - at(-h)) / (2 * h), 5);
    });
  });
});

const line = (xs: readonly number[]): Table => ({ rows: xs.length, cols: 1, data: Float64Array.from(xs), features: [{ name: "x", unit: one, about: "" }] });
const numbers = (values: readonly number[], more: Partial<NumberColumn> = {}): Targets => ({ rows: values.length, columns: [{ kind: "number", name: "y", unit: one, values: Float64Array.from(values), ...more }] });

const predict = async (model: Awaited<ReturnType<ReturnType<typeof gp>["fit"]>>, xs: readonly number[]) => {
  const p = (await model.predict(line(xs), quiet)).marginals[0];
  if (p.kind !== "number") throw new Error("not numeric");
  return p;
};

describe("a fitted Gaussian process", () => {
  const xs = Array.from({ length: 25 }, (_, i) => i / 4);
  const smooth = xs.map((x) => 5 + Math.sin(x));

  test("passes through smooth data and is unsure beyond them", async () => {
    const model = await gp().fit(line(xs), numbers(smooth), key(1), quiet);
    const p = await predict(model, [1.1, 3.3, 5.2, 12]);
    [1.1, 3.3, 5.2].forEach((x, i) => expect(p.mean[i]).toBeCloseTo(5 + Math.sin(x), 2));
    expect(p.sd[3]).toBeGreaterThan(10 * p.sd[0]);
  });

  test("predicts with the closed form at its hyper-parameters", async () => {
    const model = await gp().fit(line(xs), numbers(smooth.map((v, i) => v + 0.1 * Math.cos(7 * i))), key(1), quiet);
    const state = model.toRecord().state as GpState;
    const [amplitude, length, noise] = [...state.theta].map(Math.exp);
    const z = (x: number) => (x - state.design.mean[0]) / state.design.scale[0];
    const k = (a: number, b: number) => amplitude * matern("5/2", ((z(a) - z(b)) / length) ** 2);
    const { inverse } = invertDense(xs.map((a, i) => xs.map((b, j) => k(a, b) + (i === j ? noise : 0))));
    const dot = (f: readonly number[], g: readonly number[]) => inverse.reduce((s, row, i) => s + row.reduce((t, w, j) => t + f[i] * w * g[j], 0), 0);
    const ones = xs.map(() => 1);
    const at = xs.map((x) => k(2.2, x));
    const mean = dot(ones, [...state.y]) / dot(ones, ones);
    const p = await predict(model, [2.2]);
    expect(p.mean[0]).toBeCloseTo(state.shift + state.scale * (mean + dot(at, [...state.y].map((v) => v - mean))), 8);
    expect(p.sd[0] ** 2).toBeCloseTo(state.scale ** 2 * (amplitude + noise - dot(at, at) + (1 - dot(at, ones)) ** 2 / dot(ones, ones)), 8);
  });

  test("trusts rows with a small stated error more", async () => {
    const twice = [...xs, ...xs];
    const values = [...smooth, ...smooth.map((v) => v + 2)];
    const model = await gp().fit(line(twice), numbers(values, { sd: Float64Array.from(twice, (_, i) => (i < xs.length ? 0.05 : 4)) }), key(1), quiet);
    const p = await predict(model, [2.1]);
    expect(Math.abs(p.mean[0] - (5 + Math.sin(2.1)))).toBeLessThan(0.3);
  });

  test("more rows than it can hold are refused with what to use instead", async () => {
    const many = Array.from({ length: 5001 }, (_, i) => i);
    const error = await gp().fit(line(many), numbers(many), key(1), quiet).then(() => undefined, (e: unknown) => e as Error);
    expect(error).toBeInstanceOf(UnsupportedError);
    expect(error?.message).toContain("extra-trees");
  });
});
