import { expect, test } from "vitest";
import { key, stream } from "../../src/base/key.ts";
import { fidelityOf } from "../../src/explain/fidelity.ts";

test("fidelity and accuracy are told apart, with the numbers of a table counted by hand", () => {
  const said = [1, 1, 1, 0, 0, 0, 0, 0];
  const model = Int8Array.of(1, 1, 1, 1, 0, 0, 0, 0);
  const truth = Int8Array.of(1, 0, 0, 1, 0, 0, 0, -1);
  const probability = Float64Array.of(0.9, 0.9, 0.9, 0.6, 0.1, 0.1, 0.1, 0.1);
  const { fidelity, accuracy, model: own, explained } = fidelityOf(key(1), { said, model, probability, truth, groups: said.map((_, i) => i) }, { draws: 200 });
  expect(fidelity.agreement.estimate).toBe(7 / 8);
  // Chance: ½ · 3/8 + ½ · 5/8 = ½.
  expect(fidelity.kappa.estimate).toBeCloseTo(0.75, 12);
  expect([fidelity.recall.estimate, fidelity.precision.estimate]).toEqual([3 / 4, 1]);
  expect(accuracy.agreement.estimate).toBeCloseTo(4 / 7, 12);
  expect(own.agreement.estimate).toBeCloseTo(5 / 7, 12);
  const mean = probability.reduce((a, b) => a + b / 8, 0);
  const total = probability.reduce((s, p) => s + (p - mean) ** 2, 0);
  expect(explained!.estimate).toBeCloseTo((3 * (0.9 - mean) ** 2 + 5 * (0.2 - mean) ** 2) / total, 12);
});

test("intervals are over groups: rows that repeat one another do not narrow them", () => {
  const rng = stream(key(2));
  const rows = Array.from({ length: 60 }, () => [rng.below(2), rng.below(2)]);
  const width = (copies: number) => {
    const all = rows.flatMap((row, g) => Array.from({ length: copies }, () => [...row, g]));
    const { low, high } = fidelityOf(key(3), { said: all.map(([s]) => s), model: Int8Array.from(all, ([, m]) => m), truth: Int8Array.from(all, ([, m]) => m), groups: all.map(([, , g]) => g) }, { draws: 400 }).fidelity.agreement;
    return high - low;
  };
  expect(width(5)).toBeCloseTo(width(1), 12);
});
