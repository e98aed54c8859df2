import { describe, expect, test } from "vitest";
import { NumericalError } from "../../src/base/errors.ts";
import { quiet } from "../../src/base/context.ts";
import { key, stream } from "../../src/base/key.ts";
import { one } from "../../src/base/unit.ts";
import { randomFolds } from "../../src/data/splits.ts";
import type { Table, Targets } from "../../src/data/types.ts";
import { learners, recipes, reviveModel } from "../../src/learn/catalogue.ts";
import { fitModel } from "../../src/learn/fitted.ts";
import { inThisThread } from "../../src/learn/jobs.ts";
import type { Learner } from "../../src/learn/types.ts";
import { type SelectOptions, select } from "../../src/learn/select.ts";
import { normalMarginal } from "../../src/prob/marginal.ts";
import { predictive } from "../../src/prob/predictive.ts";

const n = 500;
const rng = stream(key(6));
const cols = 8;
const x: Table = { rows: n, cols, data: Float64Array.from({ length: n * cols }, () => rng.normal()), features: Array.from({ length: cols }, (_, j) => ({ name: `f${j}`, unit: one, about: "", block: "r" })) };
// A straight part that trees cut into steps, and steps that lines cannot follow: neither kind of learner is right alone.
const values = Float64Array.from({ length: n }, (_, i) => 2 * x.data[i * cols] - x.data[i * cols + 1] + 2.5 * Number(x.data[i * cols + 2] > 0.5) + 0.4 * rng.normal());
const y: Targets = { rows: n, columns: [{ kind: "number", name: "y", unit: one, values }], names: Array.from(values, (_, i) => `row ${i}`) };
const folds = randomFolds(key(2), n, { folds: 4 });
const options: SelectOptions = { x, y, column: 0, folds, candidates: [{ name: "forest", options: { trees: 40 } }, { name: "linear" }], recipes, combinations: true };
const choose = (change: Partial<SelectOptions> = {}) => select({ ...options, ...change }, inThisThread(learners), key(3), quiet);

describe("the choice of a learner within a budget", () => {
  test("begins with the cheapest, and tells what it forecast", async () => {
    const { table } = await choose({ combinations: false });
    expect(table.map(({ learner }) => learner)).toEqual(["linear", "forest"]);
    for (const { learner, seconds } of table) expect(seconds).toBeCloseTo(5 * recipes[learner]!.needs(learner === "forest" ? { trees: 40 } : {}).seconds(n, cols), 9);
  });

  test("leaves out what does not fit in what is left, and says so", async () => {
    const { table } = await choose({ budget: 0.01, candidates: [{ name: "boosting" }, { name: "linear" }] });
    expect(table.find(({ learner }) => learner === "boosting")!.note).toMatch(/^forecast to take \d+ s, more than the 0 s left of the budget$/);
    expect(table.find(({ chosen }) => chosen)!.learner).toBe("linear");
  });

  test("spends what is left on tuning the best learner and never more than the budget; a stack costs nothing", async () => {
    const { table } = await choose({ budget: 12, candidates: [{ name: "forest", options: { trees: 40 } }] });
    expect(table.map(({ learner }) => learner)).toEqual(["forest", "forest, tuned", ...table.slice(2).map(({ learner }) => learner)]);
    expect(table.reduce((sum, { seconds }) => sum + seconds, 0)).toBeLessThanOrEqual(12);
    expect(table[1].seconds).toBeGreaterThan(1);
  });

  test("tunes a learner that sees some features only, the choice of features paid from the same budget", async () => {
    const spec = { name: "selected", options: { learner: "forest", options: { trees: 40 }, features: cols } };
    const needs = recipes["selected"]!.needs(spec.options).seconds(n, cols);
    const inner = recipes["forest"]!.needs({ trees: 40 }).seconds(n, cols);
    expect(needs).toBeGreaterThan(inner);
    // Nothing is left beside two seconds for each search, but the half of what choosing the features takes.
    const { table } = await choose({ budget: 5 * (needs + inner + 2 + (needs - inner) / 2), candidates: [spec] });
    const searched = table.find(({ learner }) => learner === "forest, tuned (8 features)")!;
    expect(searched.nll).not.toBeNull();
    expect(searched.seconds).toBeCloseTo(5 * (1 + needs), 9);
  });

  test("puts learners together that are better so, and the model of the stack is what was chosen", async () => {
    const { table, learner } = await choose({ budget: 0.5 });
    const line = table.find((l) => l.learner === "stack")!;
    expect(line.chosen).toBe(true);
    expect(line.note).toMatch(/^smallest loss; \d+ % (linear|forest) \+ \d+ % (linear|forest)$/);
    expect(line.rmse!).toBeLessThan(Math.min(...table.filter((l) => l.learner !== "stack").map(({ rmse }) => rmse!)));
    const { model, selection, validation } = await fitModel({ table: x, targets: y, folds, learner: "auto", candidates: options.candidates, recipes, budget: 0.5 }, reviveModel, key(3), quiet);
    expect(validation.properties[0].learner).toBe("stack");
    expect(selection[0].budget).toBe(0.5);
    const [told] = (await reviveModel((model.toRecord().state as { inner: Parameters<typeof reviveModel>[0] }).inner).predict(x, quiet)).marginals;
    if (told.kind !== "number") throw new Error("a number was asked for");
    expect(told.mean.every(Number.isFinite)).toBe(true);
    expect(learner.name).toBe("stack");
  });

  test("goes on without a learner that breaks down, and ends with its words where there is no other", async () => {
    const broken = { ...recipes["linear"]!, make: () => ({ ...learners["linear"]!({}), fit: () => Promise.reject(new NumericalError("no decomposition: the matrix is singular — other rows")) }) };
    const catalog = { ...recipes, broken };
    const chosen = (candidates: SelectOptions["candidates"]) => select({ ...options, candidates, recipes: catalog, combinations: false }, inThisThread({ ...learners, broken: broken.make }), key(3), quiet);
    const { table, learner } = await chosen([{ name: "broken" }, { name: "linear" }]);
    expect(learner.name).toBe("linear");
    expect(table.find((line) => line.learner === "broken")).toMatchObject({ chosen: false, nll: null, note: "no decomposition: the matrix is singular — other rows" });
    await expect(chosen([{ name: "broken" }])).rejects.toThrow(NumericalError);
  });

  test("never chooses a learner that predicts no numbers, even where it comes first", async () => {
    const blank: Learner = { ...learners["linear"]!({}), fit: async (...given) => {
      const model = await learners["linear"]!({}).fit(...given);
      return { ...model, predict: async (t) => predictive(t.rows, [normalMarginal({ name: "y", unit: one, mean: new Float64Array(t.rows).fill(Number.NaN), sd: new Float64Array(t.rows).fill(1) })]) };
    } };
    const recipe = { ...recipes["linear"]!, make: () => blank, needs: () => ({ ...recipes["linear"]!.needs({}), seconds: () => 0 }) };
    const { learner } = await select({ ...options, candidates: [{ name: "blank" }, { name: "linear" }], recipes: { ...recipes, blank: recipe }, budget: 1 }, inThisThread({ ...learners, blank: recipe.make }), key(3), quiet);
    expect(learner.name).toBe("linear");
  });

  test("shares its budget among properties", async () => {
    const two: Targets = { ...y, columns: [y.columns[0], { kind: "number", name: "z", unit: one, values: values.map((v) => -v) }] };
    const { selection } = await fitModel({ table: x, targets: two, folds, learner: "auto", candidates: [{ name: "linear" }], recipes, budget: 3 }, reviveModel, key(3), quiet);
    expect(selection.map(({ budget }) => budget)).toEqual([1.5, 1.5]);
  });

  test("a learner by name has no budget, and tells what its search tried", async () => {
    const { selection } = await fitModel({ table: x, targets: y, folds, learner: { name: "tuned", options: { learner: "forest", options: { trees: 10 }, seconds: 0.1 } }, recipes }, reviveModel, key(3), quiet);
    expect(selection[0].budget).toBe(null);
    expect(selection[0].trials!.length).toBeGreaterThan(1);
    const narrow = await fitModel({ table: x, targets: y, folds, learner: { name: "selected", options: { learner: "linear", features: 3 } }, recipes }, reviveModel, key(3), quiet);
    expect(narrow.selection[0].features!.toSorted()).toEqual(["f0", "f1", "f2"]);
  });
});
