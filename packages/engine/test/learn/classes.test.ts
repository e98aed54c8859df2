import { describe, expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { decode, encode } from "../../src/base/encoding.ts";
import { key, stream } from "../../src/base/key.ts";
import { one } from "../../src/base/unit.ts";
import type { CategoryColumn, NumberColumn, Table } from "../../src/data/types.ts";
import { randomFolds } from "../../src/data/splits.ts";
import { recipes, reviveModel } from "../../src/learn/catalogue.ts";
import { fitModel, predictRows, reviveFitted } from "../../src/learn/fitted.ts";
import type { ModelRecord } from "../../src/learn/types.ts";

const n = 180;
const rng = stream(key(51));
const values = Float64Array.from({ length: n * 4 }, () => rng.normal());
const table: Table = { rows: n, cols: 4, data: values, features: ["p", "q", "r", "s"].map((name) => ({ name, unit: one, about: "", block: "x" })) };
const at = (i: number) => values[4 * i] + 0.3 * rng.normal();
const phase: CategoryColumn = { kind: "category", name: "phase", levels: ["gas", "liquid", "solid"], codes: Int32Array.from({ length: n }, (_, i) => (i % 13 === 0 ? -1 : at(i) < -0.5 ? 0 : at(i) < 0.5 ? 1 : 2)) };
const density: NumberColumn = { kind: "number", name: "density", unit: one, values: Float64Array.from({ length: n }, (_, i) => 1 + 0.1 * values[4 * i + 1] + 0.02 * rng.normal()) };
const options = { budget: 4, table, targets: { rows: n, columns: [phase, density] }, folds: randomFolds(key(2), n, { folds: 3 }), recipes, candidates: [{ name: "linear" }, { name: "extra-trees", options: { trees: 60 } }] };

describe("a class and a number learnt together", () => {
  const done = fitModel({ ...options, learner: "auto" }, reviveModel, key(3), quiet);

  test("each gets a learner that can predict it", async () => {
    const { selection } = await done;
    expect(selection.map(({ candidates }) => candidates.find((c) => c.chosen)?.learner)).toEqual(["extra-trees", "linear"]);
    expect(selection[0].candidates.find((c) => c.learner === "linear")?.note).toBe("predicts no classes");
  });

  test("the confusion matrix counts every validated row, and precision and recall follow from it", async () => {
    const [validation] = (await done).validation.properties;
    if (validation.kind !== "category") throw new Error("not a class");
    const known = phase.codes.filter((c) => c >= 0).length;
    expect(validation.confusion.flat().reduce((a, b) => a + b, 0)).toBe(known);
    validation.classes.forEach(({ precision, recall, support }, k) => {
      expect(recall).toBeCloseTo(validation.confusion[k][k] / support, 12);
      expect(precision).toBeCloseTo(validation.confusion[k][k] / validation.confusion.reduce((s, row) => s + row[k], 0), 12);
    });
    expect(validation.accuracy).toBeGreaterThan(0.6);
    expect(validation.logLoss).toBeLessThan(Math.log(3) * 0.8);
  });

  test("probabilities survive storage, and no correlation is claimed with a class", async () => {
    const { model } = await done;
    const back = reviveFitted(decode(encode(model.toRecord())) as ModelRecord, reviveModel);
    const [ours, theirs] = [await predictRows(model, table, quiet), await predictRows(back, table, quiet)];
    const [p, q] = [ours.predictive.marginals[0], theirs.predictive.marginals[0]];
    if (p.kind !== "category" || q.kind !== "category") throw new Error("not a class");
    expect(q.probability.data).toEqual(p.probability.data);
    expect(ours.predictive.correlation).toBeUndefined();
    expect(Math.min(...p.probability.data)).toBeGreaterThan(0);
  });

  test("a model kept before it knew the shares of its classes is refused in words", async () => {
    const { model } = await done;
    const record = model.toRecord();
    const old = { ...record, state: { ...(record.state as object), shares: undefined } };
    expect(() => reviveFitted(old as ModelRecord, reviveModel)).toThrow('the shares of the classes of "phase" — learn it again');
  });

  test("a learner of numbers alone says what to use for classes", async () => {
    const message = await fitModel({ ...options, learner: { name: "gp" } }, reviveModel, key(3), quiet).then(() => "", (error: unknown) => (error as Error).message);
    expect(message).toMatch(/^no learner fits "phase": gp \(predicts no classes\)/);
  });
});
