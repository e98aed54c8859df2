import { describe, expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { decode, encode } from "../../src/base/encoding.ts";
import { key, stream } from "../../src/base/key.ts";
import { one } from "../../src/base/unit.ts";
import { randomFolds } from "../../src/data/splits.ts";
import type { Table, Targets } from "../../src/data/types.ts";
import { learners, recipes, reviveModel } from "../../src/learn/catalogue.ts";
import { fitModel, reviveFitted } from "../../src/learn/fitted.ts";
import { takeRows } from "../../src/learn/inputs.ts";
import type { ModelRecord } from "../../src/learn/types.ts";
import { normalCdf } from "../../src/numeric/normal.ts";

const n = 400;
const rng = stream(key(12));
const x: Table = { rows: n, cols: 3, data: Float64Array.from({ length: 3 * n }, () => rng.normal()), features: ["a", "b", "c"].map((name) => ({ name, unit: one, about: "", block: "r" })) };
/** Probability of the heap by the first feature, and the square root above it by the second. */
const heapOf = (i: number) => normalCdf(1.5 * x.data[3 * i]);
const values = Float64Array.from({ length: n }, (_, i) => (rng.uniform() < heapOf(i) ? 2 : 2 + (2 + 0.5 * x.data[3 * i + 1] + 0.2 * rng.normal()) ** 2));
const y: Targets = { rows: n, columns: [{ kind: "number", name: "y", unit: one, values }], names: Array.from(values, (_, i) => `row ${i}`) };
const options = { numbers: { learner: "linear" }, classes: { learner: "forest", options: { trees: 60, minLeaf: 10 } } };

describe("a heap through the whole of stage one", () => {
  const done = fitModel({ table: x, targets: y, folds: randomFolds(key(2), n, { folds: 4 }), learner: { name: "hurdle", options }, recipes }, reviveModel, key(3), quiet);

  test("the probability of the heap is that which made the data, and the law above too", async () => {
    const [marginal] = (await (await done).model.inner.predict(x, quiet)).marginals;
    if (marginal.kind !== "number") throw new Error("a number was asked for");
    const { hurdle } = marginal;
    expect(hurdle!.at).toBe(2);
    const error = hurdle!.atom.reduce((sum, p, i) => sum + Math.abs(p - heapOf(i)), 0) / n;
    expect(error).toBeLessThan(0.12);
    const above = hurdle!.mean.reduce((sum, m, i) => sum + Math.abs(m - (2 + 0.5 * x.data[3 * i + 1])), 0) / n;
    expect(above).toBeLessThan(0.05);
    // The calibrated spread of the square root is that of the noise.
    expect(hurdle!.sd.reduce((a, b) => a + b, 0) / n / 0.2).toBeCloseTo(1, 0);
  });

  test("places of the measured values are even: of a heap a drawn part of its probability", async () => {
    const [property] = (await done).validation.properties;
    if (property.kind !== "number") throw new Error("a number was asked for");
    // The area of an honest law is about 0.25 n^-1/2 by chance.
    expect(property.miscalibrationArea!).toBeLessThan(0.05);
    expect(property.coverage!).toBeGreaterThan(0.87);
    expect(property.crps!).toBeLessThan(property.mae!);
  });

  test("the record predicts the same heap, and a row outside the domain is drawn to even odds", async () => {
    const { model } = await done;
    const back = reviveFitted(decode(encode(model.toRecord())) as ModelRecord, reviveModel);
    const told = async (from: typeof model, table: Table) => (await from.predict(table, quiet)).marginals[0];
    const [here, there] = [await told(model, x), await told(back, x)];
    if (here.kind !== "number" || there.kind !== "number") throw new Error("a number was asked for");
    expect(there.hurdle).toEqual(here.hurdle);
    expect(there.mean).toEqual(here.mean);
    const sure = Array.from(here.hurdle!.atom.keys()).find((i) => here.hurdle!.atom[i] > 0.9)!;
    const away = takeRows(x, Int32Array.of(sure));
    away.data[1] = 400;
    const [inside, outside] = [(await model.inner.predict(away, quiet)).marginals[0], await told(model, away)];
    if (inside.kind !== "number" || outside.kind !== "number") throw new Error("a number was asked for");
    expect(outside.hurdle!.atom[0]).toBeLessThan(inside.hurdle!.atom[0]);
    expect(outside.hurdle!.atom[0]).toBeGreaterThan(0.5);
    expect(outside.hurdle!.sd[0]).toBeGreaterThan(inside.hurdle!.sd[0]);
  });
});

describe.each([["stack", {}], ["pool", {}]])("in a %s beside a learner without heaps", (name) => {
  const members = [{ learner: "hurdle", options }, { learner: "extra-trees", options: { trees: 60 } }];
  const done = fitModel({ table: x, targets: y, folds: randomFolds(key(2), n, { folds: 4 }), learner: { name, options: { members } }, recipes }, reviveModel, key(3), quiet);

  test("the mixture has a heap, as likely as it is", async () => {
    const [marginal] = (await (await done).model.inner.predict(x, quiet)).marginals;
    if (marginal.kind !== "number") throw new Error("a number was asked for");
    expect(marginal.hurdle!.at).toBe(2);
    expect(marginal.hurdle!.atom.reduce((sum, p, i) => sum + Math.abs(p - heapOf(i)), 0) / n).toBeLessThan(0.2);
  });

  test("its validation is of such laws, and honest", async () => {
    const [property] = (await done).validation.properties;
    if (property.kind !== "number") throw new Error("a number was asked for");
    expect(property.miscalibrationArea!).toBeLessThan(0.05);
    expect(property.coverage!).toBeGreaterThan(0.87);
    expect(property.points.lower.every((low) => low >= 2)).toBe(true);
  });
});

test("its parts may be made of others", async () => {
  const made = learners["hurdle"]!({ numbers: { learner: "stack", options: { members: [{ learner: "linear" }, { learner: "forest", options: { trees: 10 } }] } }, classes: { learner: "pool", options: { members: [{ learner: "forest", options: { trees: 10 } }] } } });
  const [marginal] = (await (await made.fit(x, y, key(1), quiet)).predict(x, quiet)).marginals;
  expect(marginal.kind === "number" && marginal.hurdle!.at).toBe(2);
});

test.each([
  [{ scale: "root" }, "bad option of hurdle: scale = \"root\""],
  [{ numbers: { learner: "tree" } }, 'unknown learner of hurdle: "tree"'],
  [{ classes: { learner: "forest", trees: 3 } }, 'unknown option of the classes of hurdle: "trees"'],
  [{ parts: 2 }, 'unknown option of hurdle: "parts"'],
])("the options %j are refused", (bad, message) => {
  expect(() => learners["hurdle"]!(bad)).toThrow(message);
});

test("it predicts numbers, with a learner of classes that can tell the heap", () => {
  expect(recipes["hurdle"]!.needs({})).toMatchObject({ numbers: true, classes: false });
  expect(recipes["hurdle"]!.needs({ classes: { learner: "linear" } }).numbers).toBe(false);
});
