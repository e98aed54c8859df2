import { expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { key, permutation, stream } from "../../src/base/key.ts";
import { one } from "../../src/base/unit.ts";
import type { CategoryColumn, NumberColumn, Table, Targets } from "../../src/data/types.ts";
import { ensemble } from "../../src/learn/ensemble.ts";
import { reviveMixed } from "../../src/learn/mixed.ts";
import { forest } from "../../src/learn/forest/forest.ts";
import { reviveForest } from "../../src/learn/forest/model.ts";
import { takeRows } from "../../src/learn/inputs.ts";
import type { Learner, ModelRecord } from "../../src/learn/types.ts";
import { normalMarginal } from "../../src/prob/marginal.ts";
import type { CategoricalMarginal, NumericMarginal } from "../../src/prob/types.ts";

const rng = stream(key(3));
const x: Table = { rows: 80, cols: 3, data: Float64Array.from({ length: 240 }, () => rng.normal()), features: ["a", "b", "c"].map((name) => ({ name, unit: one, about: "" })) };
const number: NumberColumn = { kind: "number", name: "y", unit: one, values: Float64Array.from({ length: 80 }, (_, i) => 2 * x.data[3 * i] + 0.3 * rng.normal()) };
const category: CategoryColumn = { kind: "category", name: "c", levels: ["p", "q"], codes: Int32Array.from({ length: 80 }, (_, i) => (x.data[3 * i + 1] > 0 ? 1 : 0)) };
const y: Targets = { rows: 80, columns: [number, category], names: Array.from({ length: 80 }, (_, i) => `row ${i}`) };
const revive = (record: ModelRecord) => reviveForest(record, revive);

/** Predicts the weighted mean of what it was shown, with an sd of one half. */
const meanLearner: Learner = {
  id: "mean",
  acceptsMissing: true,
  complexity: 0,
  fit: async (table, { columns, weights }) => {
    const values = (columns[0] as NumberColumn).values;
    const total = weights!.reduce((a, b) => a + b, 0);
    const level = values.reduce((sum, v, i) => sum + v * weights![i], 0) / total;
    const output = { kind: "number" as const, name: "y", unit: one };
    return {
      id: "mean", inputs: table.features, outputs: [output],
      predict: async ({ rows }) => ({ rows, marginals: [normalMarginal({ ...output, mean: new Float64Array(rows).fill(level), sd: new Float64Array(rows).fill(0.5) })] }),
      toRecord: () => ({ type: "mean", id: "mean", inputs: table.features, outputs: [output], state: level }),
    };
  },
};

test("the variance is the members' mean variance plus the variance of their means", async () => {
  const model = await ensemble({ learner: meanLearner, size: 7 }).fit(x, { ...y, columns: [number] }, key(1), quiet);
  const levels = (model.toRecord().state as { readonly members: readonly ModelRecord[] }).members.map((m) => m.state as number);
  const mean = levels.reduce((a, b) => a + b, 0) / 7;
  const variance = levels.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 7;
  const marginal = (await model.predict(takeRows(x, Int32Array.of(0)), quiet)).marginals[0] as NumericMarginal;
  expect(variance).toBeGreaterThan(0);
  expect(marginal.mean[0]).toBeCloseTo(mean, 12);
  expect(marginal.sd[0] ** 2).toBeCloseTo(0.25 + variance, 12);
});

test("members' means scatter as the mean of a bootstrap does", async () => {
  const size = 200;
  const model = await ensemble({ learner: meanLearner, size }).fit(x, { ...y, columns: [number] }, key(2), quiet);
  const levels = (model.toRecord().state as { readonly members: readonly ModelRecord[] }).members.map((m) => m.state as number);
  const centre = number.values.reduce((a, b) => a + b, 0) / 80;
  const expected = Math.sqrt(number.values.reduce((sum, v) => sum + (v - centre) ** 2, 0) / 80 / 80);
  const scatter = Math.sqrt(levels.reduce((sum, v) => sum + (v - centre) ** 2, 0) / size);
  // The standard error of a standard deviation of 200 draws is 5 %; 1/n corrections of the bootstrap are 1 %.
  expect(Math.abs(scatter / expected - 1)).toBeLessThan(0.2);
});

test("an ensemble of forests mixes numbers and classes, survives its record, and does not mind the order of rows", async () => {
  const learner = ensemble({ learner: forest({ trees: 8 }), size: 3 });
  const model = await learner.fit(x, y, key(1), quiet);
  const prediction = await model.predict(x, quiet);
  const [n, c] = [prediction.marginals[0] as NumericMarginal, prediction.marginals[1] as CategoricalMarginal];
  expect(c.probability.data.every((p) => p > 0 && p < 1)).toBe(true);
  const order = permutation(key(5), 80);
  const shuffled = await learner.fit(
    takeRows(x, order),
    { rows: 80, names: Array.from(order, (i) => y.names![i]), columns: [{ ...number, values: Float64Array.from(order, (i) => number.values[i]) }, { ...category, codes: Int32Array.from(order, (i) => category.codes[i]) }] },
    key(1),
    quiet,
  );
  const again = (await shuffled.predict(x, quiet)).marginals as readonly [NumericMarginal, CategoricalMarginal];
  expect(again[0].mean).toEqual(n.mean);
  expect(again[1].probability).toEqual(c.probability);
  expect(learner.id).toBe("ensemble(3 × forest(trees=8))");
});

test("a record read back predicts the same", async () => {
  const model = await ensemble({ learner: forest({ trees: 8 }), size: 3 }).fit(x, { ...y, columns: [number] }, key(1), quiet);
  const back = reviveMixed(structuredClone(model.toRecord()), revive);
  const [a, b] = [(await model.predict(x, quiet)).marginals[0] as NumericMarginal, (await back.predict(x, quiet)).marginals[0] as NumericMarginal];
  expect([b.mean, b.sd, b.quantile(0.3)]).toEqual([a.mean, a.sd, a.quantile(0.3)]);
});

test("an ensemble of none is refused", () => {
  expect(() => ensemble({ learner: meanLearner, size: 0 })).toThrow("bad size of an ensemble: 0 — a whole number ≥ 1");
});
