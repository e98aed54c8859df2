import { describe, expect, test } from "vitest";
import { key, stream } from "../../src/base/key.ts";
import { type Observations, type Structure, coregionalEvidence, conditionAt, positionsOf } from "../../src/learn/gp/coregional.ts";
import { covariance, evidence } from "../../src/learn/gp/evidence.ts";
import { layoutOf } from "../../src/learn/gp/kernel.ts";

const rng = stream(key(4));
const [n, d] = [13, 2];
const real = Float64Array.from({ length: n * d }, () => rng.normal());
const gramOf = () => {
  const z = Float64Array.from({ length: n * 3 }, () => rng.normal());
  return Float64Array.from({ length: n * n }, (_, p) => Math.exp(-0.5 * [0, 1, 2].reduce((s, k) => s + (z[3 * Math.floor(p / n) + k] - z[3 * (p % n) + k]) ** 2, 0)));
};
const task = Int32Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 1 : i % 5 === 0 ? 2 : 0));
const indicator = Float64Array.from({ length: n * 3 }, (_, p) => (task[Math.floor(p / 3)] === p % 3 ? 1 : 0));
const common = { grams: [gramOf()], real, y: Float64Array.from({ length: n }, () => rng.normal()), known: Float64Array.from({ length: n }, (_, i) => 0.01 * (i % 4)), weights: Float64Array.from({ length: n }, (_, i) => 1 + (i % 2)) };

const structures: Readonly<Record<string, Structure>> = {
  intrinsic: { tasks: 3, kernels: 1, latents: [0, 1].map(() => ({ kernel: 0, tasks: [0, 1, 2] })) },
  linear: { tasks: 3, kernels: 2, latents: [0, 1].map((kernel) => ({ kernel, tasks: [0, 1, 2] })) },
  autoregressive: { tasks: 3, kernels: 3, latents: [0, 1, 2].map((kernel) => ({ kernel, tasks: [0, 1, 2].filter((t) => t >= kernel) })) },
};

describe.each(Object.entries(structures))("%s", (_, structure) => {
  test.each(["sum", "product"] as const)("the gradient equals finite differences, %s of kernels", (combine) => {
    const observations: Observations = { ...common, shape: { combine, smoothness: "5/2", sets: 1, d }, task, basis: indicator };
    const positions = positionsOf(observations.shape, structure);
    const theta = Float64Array.from({ length: positions.size }, (__, p) => (p >= positions.noise ? -1 - 0.2 * p : 0.4 * Math.sin(3 * p + 1)));
    const { gradient } = coregionalEvidence(structure, positions, observations, theta);
    const h = 1e-5;
    gradient.forEach((g, p) => {
      const at = (by: number) => coregionalEvidence(structure, positions, observations, theta.map((t, k) => (k === p ? t + by : t))).value;
      expect(g).toBeCloseTo((at(h) - at(-h)) / (2 * h), 5);
    });
  });
});

test("one task alone is the Gaussian process of gp", () => {
  const structure: Structure = { tasks: 1, kernels: 1, latents: [{ kernel: 0, tasks: [0] }] };
  const shape = { combine: "sum", smoothness: "3/2", sets: 1, d } as const;
  const observations: Observations = { ...common, shape, task: new Int32Array(n), basis: new Float64Array(n).fill(1) };
  const positions = positionsOf(shape, structure);
  const kernel = [0.2, -0.3, 0.5, 0.1];
  const theta = Float64Array.of(...kernel, 1, -1.2);
  const wanted = evidence({ shape, layout: layoutOf(shape), n, ...common }, Float64Array.of(...kernel, -1.2));
  const found = coregionalEvidence(structure, positions, observations, theta);
  expect(found.value).toBeCloseTo(wanted.value, 10);
  wanted.gradient.forEach((g, p) => expect(found.gradient[p < 4 ? p : 5]).toBeCloseTo(g, 8));
});

test("two fidelities are the covariance of Kennedy and O'Hagan, written out", () => {
  const shape = { combine: "sum", smoothness: "5/2", sets: 0, d } as const;
  const structure: Structure = { tasks: 2, kernels: 2, latents: [{ kernel: 0, tasks: [0, 1] }, { kernel: 1, tasks: [1] }] };
  const level = Int32Array.from({ length: n }, (_, i) => (i < 8 ? 0 : 1));
  const observations: Observations = { ...common, grams: [], shape, task: level, basis: Float64Array.from({ length: n * 2 }, (_, p) => (level[p >> 1] === p % 2 ? 1 : 0)), weights: new Float64Array(n).fill(1), known: new Float64Array(n) };
  const positions = positionsOf(shape, structure);
  const [rho, sigma] = [0.8, 0.6];
  const low = [0, 0.3, 0.1];
  const high = [0, -0.2, 0.4];
  const theta = Float64Array.of(...low, ...high, 1, rho, sigma, -2, -3);
  const { factor } = conditionAt(structure, positions, observations, theta);
  const k = [low, high].map((t) => covariance({ layout: layoutOf(shape), n, ...observations }, Float64Array.of(...t, 0)).k);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const both = level[i] + level[j];
      const wanted = both === 0 ? k[0][i * n + j] : both === 1 ? rho * k[0][i * n + j] : rho ** 2 * k[0][i * n + j] + sigma ** 2 * k[1][i * n + j];
      let found = 0;
      for (let c = 0; c < n; c++) found += factor.lower[i * n + c] * factor.lower[j * n + c];
      expect(found).toBeCloseTo(wanted + (i === j ? Math.exp(level[i] === 0 ? -2 : -3) : 0), 10);
    }
});
