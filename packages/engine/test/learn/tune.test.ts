import { describe, expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { decode, encode } from "../../src/base/encoding.ts";
import { key, stream } from "../../src/base/key.ts";
import { one } from "../../src/base/unit.ts";
import type { Table, Targets } from "../../src/data/types.ts";
import { learners, recipes, reviveModel } from "../../src/learn/catalogue.ts";
import { planRounds, trialsOf, tuned } from "../../src/learn/tune.ts";
import type { Learner, Model, ModelRecord } from "../../src/learn/types.ts";
import { normalMarginal } from "../../src/prob/marginal.ts";
import { predictive } from "../../src/prob/predictive.ts";

const n = 450;
const rng = stream(key(1));
const x: Table = { rows: n, cols: 2, data: Float64Array.from({ length: 2 * n }, () => rng.normal()), features: ["a", "b"].map((name) => ({ name, unit: one, about: "", block: "r" })) };
const values = Float64Array.from({ length: n }, (_, i) => Math.sin(3 * x.data[2 * i]) + 0.1 * rng.normal());
const y: Targets = { rows: n, columns: [{ kind: "number", name: "y", unit: one, values }], names: Array.from(values, (_, i) => `row ${i}`) };

/** Predicts sin(rate · a), whatever it is fitted to: its one option is right at 3. Counts its fits by their rows. */
function sine(fits: Map<number, number>): (options: Readonly<Record<string, unknown>>) => Learner {
  return ({ rate = 0.5 }): Learner => ({
    id: `sine(${String(rate)})`,
    acceptsMissing: false,
    complexity: 1,
    fit: async (table) => {
      fits.set(table.rows, (fits.get(table.rows) ?? 0) + 1);
      const outputs = [{ kind: "number" as const, name: "y", unit: one }];
      const model: Model = {
        id: "sine", inputs: table.features, outputs,
        predict: async (fresh) => predictive(fresh.rows, [normalMarginal({ name: "y", unit: one, mean: Float64Array.from({ length: fresh.rows }, (_, i) => Math.sin(Number(rate) * fresh.data[2 * i])), sd: new Float64Array(fresh.rows).fill(0.3) })]),
        toRecord: () => ({ type: "sine", id: "sine", inputs: table.features, outputs, state: { rate } }),
      };
      return model;
    },
  });
}

const space = { rate: { low: 0.1, high: 10 } };
const search = (budget: number, fits = new Map<number, number>(), options = {}) => tuned({ name: "sine", make: sine(fits), space, options, budget, seconds: (rows) => rows / 1000 });

describe("a plan of rounds", () => {
  const cost = (plan: ReturnType<typeof planRounds>, seconds: (rows: number) => number) => plan.reduce((sum, { settings, rows }) => sum + 3 * settings * seconds(Math.ceil((rows * 2) / 3)), 0);

  test.each([[450, 3], [450, 30], [1000, 200], [20_000, 900], [200, 5]])("for %i rows and %i s stays within its budget, uses it, and ends on all rows", (rows, budget) => {
    const seconds = (k: number) => k / 1000;
    const plan = planRounds(rows, budget, seconds);
    expect(plan.at(-1)!.rows).toBe(rows);
    expect(cost(plan, seconds)).toBeLessThanOrEqual(budget);
    if (plan[0].settings < 243) expect(cost(planRounds(rows, budget * 1.5, seconds), seconds)).toBeGreaterThan(cost(plan, seconds));
    plan.slice(1).forEach((round, r) => {
      expect(round.settings).toBeLessThan(plan[r].settings);
      expect(round.rows).toBeGreaterThan(plan[r].rows);
    });
    for (const round of plan) expect(round.rows).toBeGreaterThanOrEqual(Math.min(rows, 150));
  });

  test("is empty when two settings cannot be compared", () => {
    expect(planRounds(450, 0.1, (rows) => rows / 1000)).toEqual([]);
    expect(planRounds(450, 0, () => 0.001)).toEqual([]);
  });
});

describe("a search", () => {
  test("finds what the learner's own settings miss, and its fits are those of the plan", async () => {
    const fits = new Map<number, number>();
    const model = await search(40, fits).fit(x, y, key(2), quiet);
    const trials = trialsOf(model.toRecord());
    const [best] = trials;
    expect(best.chosen).toBe(true);
    expect(Math.abs(Number(best.options["rate"]) - 3)).toBeLessThan(0.5);
    expect(trials.filter(({ chosen }) => chosen)).toHaveLength(1);
    // The learner's own settings come as far as the last round.
    expect(trials.find(({ options }) => options["rate"] === undefined)!.rows).toBe(n);
    const plan = planRounds(n, 40, (rows) => rows / 1000);
    const planned = plan.reduce((sum, { settings }) => sum + 3 * settings, 0);
    const made = [...fits.values()].reduce((a, b) => a + b, 0);
    expect(made).toBeLessThanOrEqual(planned + 3 * plan.length + 1);
    expect(made).toBeGreaterThanOrEqual(planned + 1);
    // The losses that are told are ordered within a round.
    const last = trials.filter(({ rows }) => rows === n).map(({ loss }) => loss);
    expect(last).toEqual(last.toSorted((a, b) => a - b));
  });

  test("never asks the clock: a slow machine tries the same settings", async () => {
    let now = 0;
    const slow = { ...quiet, now: () => (now += 1e7) };
    const [here, there] = await Promise.all([search(20).fit(x, y, key(3), quiet), search(20).fit(x, y, key(3), slow)]);
    expect(trialsOf(there.toRecord())).toEqual(trialsOf(here.toRecord()));
  });

  test("leaves options alone that the user gives", async () => {
    const model = await tuned({ name: "sine", make: sine(new Map()), space: { ...space, other: { values: [1, 2] } }, options: { rate: 2 }, budget: 20, seconds: (rows) => rows / 1000 }).fit(x, y, key(3), quiet);
    const trials = trialsOf(model.toRecord());
    expect(trials.length).toBeGreaterThan(1);
    for (const { options } of trials) expect(options["rate"]).toBe(2);
  });

  test("without a budget is the learner itself", async () => {
    const fits = new Map<number, number>();
    expect(trialsOf((await search(0, fits).fit(x, y, key(3), quiet)).toRecord())).toEqual([]);
    expect([...fits]).toEqual([[n, 1]]);
  });

  test("stops when it is cancelled", async () => {
    const stop = new AbortController();
    let pauses = 0;
    const ctx = { ...quiet, signal: stop.signal, report: () => { if (++pauses === 3) stop.abort(new Error("enough")); } };
    await expect(search(100).fit(x, y, key(3), ctx)).rejects.toThrow("enough");
  });

  test("is remembered by the record", async () => {
    const small = { rows: 60, cols: 2, data: x.data.slice(0, 120), features: x.features };
    const few: Targets = { rows: 60, columns: [{ kind: "number", name: "y", unit: one, values: values.slice(0, 60) }], names: y.names!.slice(0, 60) };
    const model = await learners["tuned"]!({ learner: "forest", options: { trees: 10 }, seconds: 0.05 }).fit(small, few, key(4), quiet);
    const back = reviveModel(decode(encode(model.toRecord())) as ModelRecord);
    expect(trialsOf(back.toRecord())).toEqual(trialsOf(model.toRecord()));
    expect(trialsOf(model.toRecord()).length).toBeGreaterThan(1);
  });
});

test.each(Object.entries(recipes).flatMap(([name, recipe]) => (recipe.space ? [[name, recipe] as const] : [])))("every setting that a search of %s may draw is one that the learner takes", (_, { space: own, make }) => {
  for (const [option, dimension] of Object.entries(own!)) {
    const ends = "values" in dimension ? dimension.values : [dimension.low, dimension.high];
    for (const value of ends) expect(() => make({ [option]: value })).not.toThrow();
  }
});

test.each([
  [{ learner: "linear" }, "nothing to tune: linear"],
  [{ learner: "forest", seconds: -1 }, "bad option of tuned: seconds = -1"],
  [{ learner: "forest", seconds: Number.POSITIVE_INFINITY }, "bad option of tuned: seconds"],
  [{ learner: "forest", options: { leaf: 1 } }, 'unknown option of forest: "leaf"'],
])("the options %j are refused", (options, message) => {
  expect(() => learners["tuned"]!(options)).toThrow(message);
});

test("a tuned learner costs its budget and its last fit", () => {
  expect(recipes["tuned"]!.needs({ learner: "forest", seconds: 12 }).seconds(500, 30)).toBeCloseTo(12 + recipes["forest"]!.needs({}).seconds(500, 30), 9);
});
