import { expect, test } from "vitest";
import { one } from "../../src/base/unit.ts";
import { classShares, stretched } from "../../src/learn/stretched.ts";
import { categoricalMarginal } from "../../src/prob/categorical.ts";
import { exponentialMarginal } from "../../src/prob/exponential.ts";
import { normalMarginal } from "../../src/prob/marginal.ts";
import { predictive } from "../../src/prob/predictive.ts";

const p = predictive(2, [
  normalMarginal({ name: "y", unit: one, mean: Float64Array.of(1, 1), sd: Float64Array.of(0.5, 0.5) }),
  categoricalMarginal({ name: "c", levels: ["a", "b"], probability: { rows: 2, cols: 2, data: Float64Array.of(0.9, 0.1, 0.9, 0.1) } }),
]);

test("rows inside the domain are unchanged, rows outside are wider around the same mean", () => {
  const [y, c] = stretched(p, Float64Array.of(1, 3), { shares: { c: [0.5, 0.5] }, spreads: {} }).marginals;
  if (y?.kind !== "number" || c?.kind !== "category") throw new Error("kinds are kept");
  expect(Array.from(y.mean)).toEqual([1, 1]);
  expect(y.sd[0]).toBe(0.5);
  expect(y.sd[1]).toBeCloseTo(1.5, 12);
  const [near, far] = y.logMass(0, 2);
  expect(far).toBeLessThan(near!);
  expect(c.probability.data[0]).toBe(0.9);
  // 0.9^(1/3) / (0.9^(1/3) + 0.1^(1/3))
  expect(c.probability.data[2]).toBeCloseTo(0.6753, 4);
  expect(c.probability.data[2]! + c.probability.data[3]!).toBeCloseTo(1, 12);
});

test("nothing is copied when every row is inside", () => {
  expect(stretched(p, Float64Array.of(1, 1), { shares: {}, spreads: {} })).toBe(p);
});

test("far outside a rare class is as rare as in the data, and never likelier for being far", () => {
  const shares = { c: [0.99, 0.01] };
  const rare = (p: number, factor: number) => {
    const [c] = stretched(predictive(1, [categoricalMarginal({ name: "c", levels: ["a", "b"], probability: { rows: 1, cols: 2, data: Float64Array.of(1 - p, p) } })]), Float64Array.of(factor), { shares, spreads: {} }).marginals;
    return c!.kind === "category" ? c!.probability.data[1]! : Number.NaN;
  };
  expect(rare(0.6, 1e9)).toBeCloseTo(0.01, 6);
  expect(rare(0.6, 3)).toBeLessThan(0.6);
  expect(rare(0.6, 3)).toBeGreaterThan(rare(0.6, 5));
  expect(rare(0.01, 5)).toBeCloseTo(0.01, 12);
});

test("shares are counted by weight, without rows of no known class", () => {
  const targets = { rows: 4, columns: [{ kind: "category" as const, name: "c", levels: ["a", "b"], codes: Int32Array.of(0, 1, -1, 1) }], weights: Float64Array.of(2, 1, 9, 1) };
  expect(classShares(targets)).toEqual({ c: [0.5, 0.5] });
});

test("a logarithm is stretched to the spread of the data and not beyond; what is wider stays", () => {
  const logs = normalMarginal({ name: "z", unit: one, mean: Float64Array.of(0, 0, 0), sd: Float64Array.of(0.1, 0.5, 2) });
  const [z] = stretched(predictive(3, [exponentialMarginal({ name: "z", unit: one }, logs)]), Float64Array.of(3, 3, 3), { shares: {}, spreads: { z: 1 } }).marginals;
  if (z?.kind !== "number") throw new Error("kinds are kept");
  expect(Array.from(z.log!.sd, (s) => Number(s.toFixed(12)))).toEqual([0.3, 1, 2]);
});
