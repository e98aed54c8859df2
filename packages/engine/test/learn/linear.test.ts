import { describe, expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { InputError, UnsupportedError } from "../../src/base/errors.ts";
import { key, stream } from "../../src/base/key.ts";
import { one } from "../../src/base/unit.ts";
import type { Table, Targets } from "../../src/data/types.ts";
import { linear } from "../../src/learn/bayesianLinear.ts";
import type { LinearState } from "../../src/learn/bayesianLinear.ts";
import { type Problem, evidence, solveAt } from "../../src/learn/linear/evidence.ts";
import { blocksOf, scaleOf } from "../../src/learn/linear/features.ts";
import { dualProblem, primalProblem } from "../../src/learn/linear/problem.ts";

const table = (columns: readonly (readonly number[])[], kind: "real" | "count" = "real"): Table => {
  const rows = columns[0].length;
  const data = new Float64Array(rows * columns.length);
  columns.forEach((column, j) => column.forEach((v, i) => (data[i * columns.length + j] = v)));
  return { rows, cols: columns.length, data, features: columns.map((_, j) => ({ name: `x${j}`, unit: one, about: "", block: kind, kind })) };
};

const targets = (values: readonly number[], weights?: readonly number[]): Targets => ({
  rows: values.length,
  columns: [{ kind: "number", name: "y", unit: one, values: Float64Array.from(values) }],
  ...(weights && { weights: Float64Array.from(weights) }),
});

/** ∫∫ Π N(y_i | c + w φ_i, σ²)^{n_i} N(w | 0, λσ²) dc dw by the trapezoid rule, which is exact to rounding for Gaussians. */
function bruteForce(phi: readonly number[], y: readonly number[], n: readonly number[], lambda: number, variance: number): number {
  const reach = 14 * Math.sqrt(variance * Math.max(1, lambda));
  const steps = 1400;
  const h = (2 * reach) / steps;
  let sum = 0;
  for (let a = 0; a <= steps; a++)
    for (let b = 0; b <= steps; b++) {
      const [c, w] = [-reach + a * h, -reach + b * h];
      let log = -0.5 * Math.log(2 * Math.PI * lambda * variance) - (w * w) / (2 * lambda * variance);
      for (let i = 0; i < y.length; i++) log += n[i] * (-0.5 * Math.log(2 * Math.PI * variance) - (y[i] - c - w * phi[i]) ** 2 / (2 * variance));
      sum += Math.exp(log);
    }
  return Math.log(sum * h * h);
}

describe("linear evidence", () => {
  const raw = [-1.2, 0.3, 0.9, 1.6, -0.4];
  const y = [-1, 0.1, 1.4, 1.3, 0.2];
  const problems = (n: readonly number[]) => {
    const weights = Float64Array.from(n);
    const blocks = blocksOf({ rows: 5, real: Float64Array.from(raw), sets: [] }, 1);
    const scales = blocks.map((block) => scaleOf(block, weights));
    const total = n.reduce((a, b) => a + b, 0);
    const mean = y.reduce((s, v, i) => s + v * n[i], 0) / total;
    const scaled = Float64Array.from(y, (v, i) => (v - mean) * Math.sqrt(n[i]));
    const phi = raw.map((v) => (v - scales[0].mean[0]) * scales[0].scale);
    return { phi, dual: dualProblem(blocks, scales, scaled, weights), primal: primalProblem(blocks, scales, scaled, weights) };
  };

  test.each([[[1, 1, 1, 1, 1]], [[2, 1, 3, 1, 1]]])("equals brute-force integration over intercept and slope, multiplicities %j", (n) => {
    const { phi, dual, primal } = problems(n);
    for (const problem of [dual, primal] as readonly Problem[]) {
      const lambda = 0.7;
      const { logEvidence, q } = solveAt(problem, Float64Array.of(Math.log(lambda)));
      expect(logEvidence).toBeCloseTo(bruteForce(phi, y, n, lambda, q / (problem.total - 1)), 8);
    }
  });

  test("its gradient equals finite differences in both forms, with two blocks", () => {
    const rng = stream(key(3));
    const rows = 12;
    const blocks = [4, 3].map((d) => ({ rows, d, dense: Float64Array.from({ length: rows * d }, () => rng.normal()) }));
    const weights = Float64Array.from({ length: rows }, (_, i) => 1 + (i % 3));
    const scales = blocks.map((block) => scaleOf(block, weights));
    const values = Float64Array.from({ length: rows }, (_, i) => blocks[0].dense[i * 4] + 0.5 * rng.normal());
    const mean = values.reduce((s, v, i) => s + v * weights[i], 0) / weights.reduce((a, b) => a + b, 0);
    const y0 = values.map((v, i) => (v - mean) * Math.sqrt(weights[i]));
    const at = Float64Array.of(0.4, -1.1);
    const [dual, primal] = [dualProblem(blocks, scales, y0, weights), primalProblem(blocks, scales, y0, weights)];
    expect(solveAt(dual, at).logEvidence).toBeCloseTo(solveAt(primal, at).logEvidence, 9);
    for (const problem of [dual, primal] as readonly Problem[])
      for (const b of [0, 1]) {
        const h = 1e-5;
        const shift = (by: number) => evidence(problem, at.map((v, k) => (k === b ? v + by : v))).value;
        expect(evidence(problem, at).gradient[b]).toBeCloseTo((shift(h) - shift(-h)) / (2 * h), 6);
      }
  });
});

describe("linear model", () => {
  const rng = stream(key(4));
  const x1 = Array.from({ length: 80 }, () => rng.normal());
  const x2 = Array.from({ length: 80 }, () => 100 + 20 * rng.normal());
  const y = x1.map((v, i) => 3 + 2 * v - 0.05 * x2[i] + 0.3 * rng.normal());

  test("recovers slopes, intercept and noise", async () => {
    const model = await linear().fit(table([x1, x2]), targets(y), key(1), quiet);
    const p = (await model.predict(table([[0, 1, 0], [100, 100, 120]]), quiet)).marginals[0];
    if (p.kind !== "number") throw new Error("not numeric");
    // Standard errors of the estimates are about 0.3 / √80 ≈ 0.034.
    expect(p.mean[0]).toBeCloseTo(-2, 0.7);
    expect(Math.abs(p.mean[1] - p.mean[0] - 2)).toBeLessThan(4 * 0.034);
    expect(Math.abs(p.mean[2] - p.mean[0] + 1)).toBeLessThan(4 * 0.034);
    const { noise, df } = model.toRecord().state as LinearState;
    expect(df).toBe(79);
    expect(Math.abs(Math.sqrt(noise) - 0.3)).toBeLessThan((4 * 0.3) / Math.sqrt(160));
  });

  test("is less sure far from the data", async () => {
    const model = await linear().fit(table([x1, x2]), targets(y), key(1), quiet);
    const p = (await model.predict(table([[0, 4, 8], [100, 100, 100]]), quiet)).marginals[0];
    if (p.kind !== "number") throw new Error("not numeric");
    expect(p.sd[1]).toBeGreaterThan(p.sd[0]);
    expect(p.sd[2]).toBeGreaterThan(p.sd[1]);
  });

  test("dual and primal predict the same: rows repeated until they outnumber the features", async () => {
    const few = Array.from({ length: 6 }, (_, j) => Array.from({ length: 5 }, (_, i) => Math.sin(i * (j + 1.3))));
    const values = [1, -0.5, 0.4, 2, 0.1];
    const copies = 2;
    const dual = await linear().fit(table(few), targets(values, Array.from({ length: 5 }, () => copies)), key(1), quiet);
    const primal = await linear().fit(table(few.map((c) => [...c, ...c])), targets([...values, ...values]), key(1), quiet);
    const fresh = table(few.map((c) => c.map((v) => v + 0.2)));
    const [a, b] = [(await dual.predict(fresh, quiet)).marginals[0], (await primal.predict(fresh, quiet)).marginals[0]];
    if (a.kind !== "number" || b.kind !== "number") throw new Error("not numeric");
    expect(dual.toRecord().state).toHaveProperty("dual");
    expect(primal.toRecord().state).toHaveProperty("primal");
    a.mean.forEach((m, i) => expect(m).toBeCloseTo(b.mean[i], 4));
    a.sd.forEach((s, i) => expect(s).toBeCloseTo(b.sd[i], 4));
  });

  test("a wild value of a feature is held to the range widened by itself", async () => {
    const model = await linear().fit(table([x1, x2]), targets(y), key(1), quiet);
    const p = (await model.predict(table([[1e9, 1e12], [100, 100]]), quiet)).marginals[0];
    if (p.kind !== "number") throw new Error("not numeric");
    expect(p.mean[0]).toBe(p.mean[1]);
    expect(Math.abs(p.mean[0])).toBeLessThan(50);
  });

  test("what cannot be learnt is refused with its reason", async () => {
    const refusal = async (x: Table, t: Targets) => linear().fit(x, t, key(1), quiet).then(() => undefined, (error: unknown) => error as Error);
    expect(await refusal(table([x1]), targets(y.map(() => 7)))).toMatchObject({ name: "InputError", message: expect.stringContaining("constant target") as string });
    expect(await refusal(table([x1.map(() => 1)]), targets(y))).toBeInstanceOf(InputError);
    expect(await refusal(table([x1.slice(0, 2)]), targets([1, 2]))).toMatchObject({ message: expect.stringContaining("too few values") as string });
    expect(await refusal(table([x1]), { rows: 80, columns: [{ kind: "category", name: "c", levels: ["a", "b"], codes: new Int32Array(80) }] })).toBeInstanceOf(UnsupportedError);
    expect(await refusal(table([x1]), targets([1, 2]))).toMatchObject({ message: expect.stringContaining("80 and 2 rows") as string });
  });
});
