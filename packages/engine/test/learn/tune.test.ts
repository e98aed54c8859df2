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
  /** Inner folds are three: two thirds of the rows of a round are learnt from. */
  const seen = (rows: number) => Math.ceil((rows * 2) / 3);
  const cost = (plan: ReturnType<typeof planRounds>, seconds: (rows: number) => number) => plan.reduce((sum, { settings, rows }) => sum + 3 * settings * seconds(seen(rows)), 0);

  test.each([[450, 3], [450, 30], [1000, 200], [20_000, 900], [200, 5]])("for %i rows and %i s stays within its budget, uses it, and ends on all rows", (rows, budget) => {
    const seconds = (k: number) => k / 1000;
    const plan = planRounds(rows, budget, (_, k) => seconds(k));
    expect(plan.at(-1)!.rows).toBe(rows);
    expect(cost(plan, seconds)).toBeLessThanOrEqual(budget);
    if (plan[0].settings < 243) expect(cost(planRounds(rows, budget * 1.5, (_, k) => seconds(k)), seconds)).toBeGreaterThan(cost(plan, seconds));
    plan.slice(1).forEach((round, r) => {
      expect(round.settings).toBeLessThan(plan[r].settings);
      expect(round.rows).toBeGreaterThan(plan[r].rows);
    });
    for (const round of plan) expect(round.rows).toBeGreaterThanOrEqual(Math.min(rows, 150));
    // The last round compares the learner's own settings with another.
    expect(plan.at(-1)!.settings).toBeGreaterThanOrEqual(2);
  });

  test("counts every setting at its own price, and as if the dearest went on", () => {
    const price = (i: number, rows: number) => (rows / 1000) * (i === 0 ? 1 : 1 + (i % 5));
    const plan = planRounds(1400, 60, price);
    const dearest = (count: number, rows: number) => Array.from({ length: plan[0].settings }, (_, i) => i).slice(1).map((i) => price(i, rows)).sort((a, b) => b - a).slice(0, count - 1).reduce((sum, s) => sum + s, price(0, rows));
    const most = plan.reduce((sum, { settings, rows }) => sum + 3 * dearest(settings, seen(rows)), 0) + price(4, 1400) - price(0, 1400);
    expect(plan.length).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(60);
    expect(most).toBeGreaterThan(50);
  });

  test("is empty when two settings cannot be compared", () => {
    expect(planRounds(450, 0.1, (_, rows) => rows / 1000)).toEqual([]);
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
    const plan = planRounds(n, 40, (_, rows) => rows / 1000);
    const planned = plan.reduce((sum, { settings }) => sum + 3 * settings, 0);
    expect([...fits.values()].reduce((a, b) => a + b, 0)).toBe(planned + 1);
    // The losses that are told are ordered within a round.
    const last = trials.filter(({ rows }) => rows === n).map(({ loss }) => loss!);
    expect(last).toEqual(last.toSorted((a, b) => a - b));
  });

  test("never asks the clock: a slow machine tries the same settings", async () => {
    let now = 0;
    const slow = { ...quiet, now: () => (now += 1e7) };
    const [here, there] = await Promise.all([search(20).fit(x, y, key(3), quiet), search(20).fit(x, y, key(3), slow)]);
    expect(trialsOf(there.toRecord())).toEqual(trialsOf(here.toRecord()));
  });

  test.each([3, 12, 60])("of %i s is forecast to take no longer, its last fit included, however dear the settings that do well", async (budget) => {
    let spent = 0;
    const seconds = (rows: number, _: number, { rate = 0.5 }: Readonly<Record<string, unknown>>) => (rows / 10_000) * (Number(rate) > 2 ? 8 : 1);
    const make = (options: Readonly<Record<string, unknown>>): Learner => {
      const inner = sine(new Map())(options);
      return { ...inner, fit: (table, ...rest) => ((spent += seconds(table.rows, table.cols, options)), inner.fit(table, ...rest)) };
    };
    const model = await tuned({ name: "sine", make, space, budget, seconds }).fit(x, y, key(2), quiet);
    expect(trialsOf(model.toRecord()).length).toBeGreaterThan(1);
    expect(spent).toBeLessThanOrEqual(budget + seconds(n, 2, {}));
  });

  test("goes on where a setting cannot be learnt from part of the rows", async () => {
    const rare: Targets = { ...y, columns: [{ kind: "number", name: "y", unit: one, values: values.map((v, i) => (i < 2 ? v : 0)) }] };
    const model = await learners["tuned"]!({ learner: "boosting", options: { rounds: 5 }, seconds: 2 }).fit(x, rare, key(4), quiet);
    const trials = trialsOf(model.toRecord());
    expect(trials.length).toBeGreaterThan(1);
    expect(trials.some(({ loss }) => loss === null)).toBe(true);
  });

  test("leaves options alone that the user gives", async () => {
    const model = await tuned({ name: "sine", make: sine(new Map()), space: { ...space, other: { values: [1, 2] } }, options: { rate: 2 }, budget: 20, seconds: (rows) => rows / 1000 }).fit(x, y, key(3), quiet);
    const trials = trialsOf(model.toRecord());
    expect(trials.length).toBeGreaterThan(1);
    for (const { options } of trials) expect(options["rate"]).toBe(2);
  });

  test("tries no setting twice", async () => {
    const few = { rate: { values: [1, 3] }, other: { values: ["a", "b"] } };
    const trials = trialsOf((await tuned({ name: "sine", make: sine(new Map()), space: few, budget: 1000, seconds: (rows) => rows / 1000 }).fit(x, y, key(3), quiet)).toRecord());
    expect(trials.map(({ options }) => JSON.stringify(options)).sort()).toEqual(["{}", ...["1", "3"].flatMap((rate) => ["a", "b"].map((other) => `{"rate":${rate},"other":"${other}"}`))].sort());
    expect(trialsOf((await tuned({ name: "sine", make: sine(new Map()), space: few, options: { rate: 1, other: "a" }, budget: 1000, seconds: (rows) => rows / 1000 }).fit(x, y, key(3), quiet)).toRecord())).toEqual([]);
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
