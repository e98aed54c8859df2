import { expect, test } from "vitest";
import { one } from "../../src/base/unit.ts";
import { stretched } from "../../src/learn/stretched.ts";
import { categoricalMarginal } from "../../src/prob/categorical.ts";
import { normalMarginal } from "../../src/prob/marginal.ts";
import { predictive } from "../../src/prob/predictive.ts";

const p = predictive(2, [
  normalMarginal({ name: "y", unit: one, mean: Float64Array.of(1, 1), sd: Float64Array.of(0.5, 0.5) }),
  categoricalMarginal({ name: "c", levels: ["a", "b"], probability: { rows: 2, cols: 2, data: Float64Array.of(0.9, 0.1, 0.9, 0.1) } }),
]);

test("rows inside the domain are unchanged, rows outside are wider around the same mean", () => {
  const [y, c] = stretched(p, Float64Array.of(1, 3)).marginals;
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
  expect(stretched(p, Float64Array.of(1, 1))).toBe(p);
});
