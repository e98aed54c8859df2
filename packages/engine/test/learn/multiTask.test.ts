import { describe, expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { decode, encode } from "../../src/base/encoding.ts";
import { key, stream } from "../../src/base/key.ts";
import { one } from "../../src/base/unit.ts";
import { randomFolds } from "../../src/data/splits.ts";
import type { NumberColumn, Table, Targets } from "../../src/data/types.ts";
import { learners, recipes, reviveModel } from "../../src/learn/catalogue.ts";
import { fitModel } from "../../src/learn/fitted.ts";
import { fidelityInput } from "../../src/learn/fidelityInput.ts";
import { type FidelityModel, fidelityGp } from "../../src/learn/gp/fidelity.ts";
import { linear } from "../../src/learn/bayesianLinear.ts";
import { gp } from "../../src/learn/gp/gp.ts";
import { multiTaskGp } from "../../src/learn/gp/multiTask.ts";
import { runJob } from "../../src/learn/jobs.ts";
import type { Learner, ModelRecord } from "../../src/learn/types.ts";
import type { NumericMarginal } from "../../src/prob/types.ts";
import { rootMeanSquaredError } from "../../src/prob/scoring.ts";
import { checkLearner } from "../../src/testing/learner.ts";

const D = 2;
const low = ([a, b]: Float64Array) => Math.sin(3 * a) + 0.5 * Math.cos(2 * b);
const high = (r: Float64Array) => 10 + 4 * low(r) + 0.8 * r[1];

const table = (seed: number, rows: number): Table => {
  const rng = stream(key(seed));
  return { rows, cols: D, data: Float64Array.from({ length: rows * D }, () => 4 * rng.uniform() - 2), features: ["a", "b"].map((name) => ({ name, unit: one, about: "" })) };
};
const at = (x: Table, i: number) => x.data.subarray(i * D, (i + 1) * D);
const column = (x: Table, name: string, of: (row: Float64Array) => number, known: (i: number) => boolean, noise = 0.05): NumberColumn => {
  const rng = stream(key(name.length));
  return { kind: "number", name, unit: one, values: Float64Array.from({ length: x.rows }, (_, i) => of(at(x, i)) + noise * rng.normal()).map((v, i) => (known(i) ? v : Number.NaN)) };
};

const [rows, few] = [90, 12];
const x = table(1, rows);
const y: Targets = { rows, names: Array.from({ length: rows }, (_, i) => `row ${i}`), columns: [column(x, "simulated", low, (i) => i >= few / 2), column(x, "measured", high, (i) => i < few)] };
const fresh = table(2, 300);
const truth = Float64Array.from({ length: 300 }, (_, i) => high(at(fresh, i)));

const predict = async (learner: Learner, targets: Targets): Promise<NumericMarginal> => (await (await learner.fit(x, targets, key(3), quiet)).predict(fresh, quiet)).marginals.at(-1) as NumericMarginal;

const joint: Readonly<Record<string, Learner>> = {
  intrinsic: multiTaskGp(),
  linear: multiTaskGp({ structure: "linear" }),
  autoregressive: multiTaskGp({ structure: "autoregressive", order: ["simulated", "measured"] }),
  recursive: fidelityGp({ order: ["simulated", "measured"] }),
  "an input that names the column": fidelityInput(gp()),
};

test.each(Object.entries(joint))("%s: twelve measurements beside eighty simulations are worth far more than twelve alone", async (_, learner) => {
  const alone = await predict(gp(), { ...y, columns: y.columns.slice(1) });
  const helped = await predict(learner, y);
  expect(rootMeanSquaredError(truth, helped.mean)).toBeLessThan(0.5 * rootMeanSquaredError(truth, alone.mean));
  const [lowest, highest] = [helped.quantile(0.025), helped.quantile(0.975)];
  expect(truth.filter((v, i) => v >= lowest[i] && v <= highest[i]).length / 300).toBeGreaterThan(0.8);
});

test("tasks that go against each other help as much", async () => {
  const against: Targets = { ...y, columns: [{ ...(y.columns[0] as NumberColumn), values: (y.columns[0] as NumberColumn).values.map((v) => 7 - 2 * v) }, y.columns[1]] };
  expect(rootMeanSquaredError(truth, (await predict(multiTaskGp(), against)).mean)).toBeLessThan(1.3 * rootMeanSquaredError(truth, (await predict(multiTaskGp(), y)).mean));
});

test("the planted multiple of the lower fidelity is found", async () => {
  const model = (await fidelityGp().fit(x, y, key(3), quiet)) as FidelityModel;
  // The level below is known only by its noisy rows.
  expect(model.rhos[0]).toBeGreaterThan(3.5);
  expect(model.rhos[0]).toBeLessThan(4.5);
});

test.each(Object.entries(joint))("%s: read back, it predicts the same bits of every column", async (_, learner) => {
  const model = await learner.fit(x, y, key(3), quiet);
  const revived = reviveModel(decode(encode(model.toRecord())) as ModelRecord);
  const [a, b] = [await model.predict(fresh, quiet), await revived.predict(fresh, quiet)];
  expect(a.marginals.map(({ name }) => name)).toEqual(["simulated", "measured"]);
  a.marginals.forEach((m, j) => {
    expect((b.marginals[j] as NumericMarginal).mean).toEqual((m as NumericMarginal).mean);
    expect((b.marginals[j] as NumericMarginal).sd).toEqual((m as NumericMarginal).sd);
  });
});

const twins = [{ check: "repeated measurements shrink the spread", reason: "twins without a difference say that there is no noise, and the evidence moves to another scale" }];

describe.each([
  ["multi-task, one column", { learner: multiTaskGp() }],
  ["multi-task, product", { learner: multiTaskGp({ combine: "product", smoothness: "3/2" }), skip: twins }],
  ["fidelities, one column", { learner: fidelityGp() }],
  ["one column, named by an input", { learner: fidelityInput(linear()) }],
] as const)("%s", (_, options) => {
  for (const claim of checkLearner({ ...options, revive: reviveModel })) test.skipIf(claim.skip !== undefined)(claim.name, claim.check);
});

describe("jobs of a joint learner", () => {
  const job = { learner: { name: "multi-task-gp" }, key: key(3), x, y, column: 1, train: Int32Array.from({ length: 8 }, (_, i) => i), test: Int32Array.of(8, 9, 10, 11) };

  test("it sees the other column of its training rows, and answers for one", async () => {
    const result = await runJob(job, learners, quiet);
    if (result.kind !== "number") throw new Error("a number was asked for");
    expect(result.mean).toHaveLength(4);
    const values = (y.columns[1] as NumberColumn).values.subarray(8, 12);
    expect(rootMeanSquaredError(Float64Array.from(values), result.mean)).toBeLessThan(1);
  });

  test("nothing of the rows left out reaches it, in any column", async () => {
    const changed: Targets = { ...y, columns: y.columns.map((c) => ({ ...(c as NumberColumn), values: (c as NumberColumn).values.map((v, i) => (i >= 8 && i < 12 ? 1e3 : v)) })) };
    expect(await runJob({ ...job, y: changed }, learners, quiet)).toEqual(await runJob(job, learners, quiet));
  });

  test("of the wanted column it knows the rows to train on alone", async () => {
    const changed: Targets = { ...y, columns: [y.columns[0], { ...(y.columns[1] as NumberColumn), values: (y.columns[1] as NumberColumn).values.map((v, i) => (i === 3 ? 1e3 : v)) }] };
    const less = { ...job, train: Int32Array.of(0, 1, 2, 4, 5, 6, 7) };
    expect(await runJob({ ...less, y: changed }, learners, quiet)).toEqual(await runJob(less, learners, quiet));
  });

  test("a whole fit validates each column out of fold, helped by the other", async () => {
    const result = await fitModel({ table: x, targets: y, folds: randomFolds(key(1), rows, { folds: 4 }), learner: { name: "multi-task-gp", options: { restarts: 1 } }, recipes }, reviveModel, key(1), quiet);
    const scores = result.validation.properties.map((p) => (p.kind === "number" ? p.rmse : null));
    const alone = await fitModel({ table: x, targets: y, folds: randomFolds(key(1), rows, { folds: 4 }), learner: { name: "gp" }, recipes }, reviveModel, key(1), quiet);
    expect(scores[1]!).toBeLessThan(0.6 * (alone.validation.properties[1] as { rmse: number }).rmse);
    expect(result.model.outputs.map(({ name }) => name)).toEqual(["simulated", "measured"]);
    const marginals = (await reviveModel(decode(encode(result.model.toRecord())) as ModelRecord).predict(fresh, quiet)).marginals;
    expect((marginals[1] as NumericMarginal).mean).toEqual(((await result.model.predict(fresh, quiet)).marginals[1] as NumericMarginal).mean);
  });
});

test.each([
  [{ order: ["measured", "guess"] }, 'unknown column: "guess" — the numeric columns are simulated, measured'],
])("the options %j are refused", async (options, message) => {
  await expect(learners["fidelity-gp"]!(options).fit(x, y, key(1), quiet)).rejects.toThrow(message);
});
