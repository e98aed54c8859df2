import { expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { fold, key, stream } from "../../src/base/key.ts";
import { one } from "../../src/base/unit.ts";
import type { CategoryColumn, Table, Targets } from "../../src/data/types.ts";
import { learners, recipes } from "../../src/learn/catalogue.ts";
import { extraTrees, forest } from "../../src/learn/forest/forest.ts";
import { pool } from "../../src/learn/pool.ts";
import type { Model } from "../../src/learn/types.ts";

const n = 120;
const rng = stream(key(11));
const features = ["a", "b", "c", "d"].map((name, j) => ({ name, unit: one, about: "", block: j < 2 ? "left" : "right" }));
const x: Table = { rows: n, cols: 4, features, data: Float64Array.from({ length: 4 * n }, () => rng.normal()) };
const codes = Int32Array.from({ length: n }, (_, i) => (x.data[4 * i] + x.data[4 * i + 2] > 0 ? 1 : 0));
const column: CategoryColumn = { kind: "category", name: "phase", levels: ["p", "q"], codes };
const y: Targets = { rows: n, columns: [column], names: Array.from(codes, (_, i) => `row ${i}`) };

const probabilities = async (model: Model, table: Table = x): Promise<Float64Array> => {
  const [marginal] = (await model.predict(table, quiet)).marginals;
  if (marginal.kind !== "category") throw new Error("a class was asked for");
  return marginal.probability.data;
};

test("the pool is the mean of its members, each fitted alone with a key of its own", async () => {
  const [a, b] = [extraTrees({ trees: 20 }), forest({ trees: 20 })];
  const left: Table = { rows: n, cols: 2, features: features.slice(0, 2), data: x.data.filter((_, at) => at % 4 < 2) };
  const parts = [await probabilities(await a.fit(left, y, fold(key(1), 0), quiet), left), await probabilities(await b.fit(x, y, fold(key(1), 1), quiet))];
  const pooled = await probabilities(await pool({ members: [{ learner: a, blocks: ["left"] }, { learner: b }] }).fit(x, y, key(1), quiet));
  pooled.forEach((p, i) => expect(p).toBeCloseTo((parts[0][i] + parts[1][i]) / 2, 14));
});

test("a study names members with their options and blocks", () => {
  const learner = learners["pool"]!({ members: [{ learner: "extra-trees", options: { trees: 7, criterion: "entropy", rowShare: 0.9 }, blocks: ["left", "right"] }, { learner: "forest" }] });
  expect(learner.id).toBe("pool(extra-trees(trees=7, entropy, rows=0.9) on left+right, forest(trees=200))");
  expect(learners["pool"]!({}).id).toBe("pool(extra-trees(trees=200, features=1, entropy, rows=0.95), forest(trees=200, features=0.2, entropy, rows=0.9))");
});

test.each([
  [{ members: [] }, "bad option of pool: members = []"],
  [{ members: [{ learner: "tree" }] }, 'unknown learner of a pool: "tree"'],
  [{ members: [{ learner: "forest", share: 2 }] }, 'unknown option of a pool\'s member: "share"'],
  [{ members: [{ learner: "forest", options: { rowShare: 1 } }] }, "bad option of forest: rowShare = 1"],
  [{ members: [{ learner: "forest", blocks: [] }] }, "a pool's member sees no block"],
])("the options %j are refused", (options, message) => {
  expect(() => learners["pool"]!(options)).toThrow(message);
});

test("a block that the table lacks is named, with those that it has", async () => {
  await expect(pool({ members: [{ learner: forest({ trees: 5 }), blocks: ["middle"] }] }).fit(x, y, key(1), quiet)).rejects.toThrow('unknown block of features: "middle" — the table has left, right');
});

test("by entropy and by Gini other trees grow, and both tell the classes apart", async () => {
  const fitted = async (criterion: "gini" | "entropy") => probabilities(await forest({ trees: 40, criterion }).fit(x, y, key(2), quiet));
  const [gini, entropy] = [await fitted("gini"), await fitted("entropy")];
  expect(entropy).not.toEqual(gini);
  for (const p of [gini, entropy]) expect(codes.filter((c, i) => (p[2 * i + 1] > 0.5 ? 1 : 0) === c).length).toBeGreaterThan(0.9 * n);
});

test("what a pool and an ensemble need is what their members need", () => {
  const forests = { members: [{ learner: "forest" }, { learner: "extra-trees", options: { trees: 400 } }] };
  const needs = recipes["pool"]!.needs(forests);
  expect(needs.mostRows).toBe(recipes["forest"]!.needs({}).mostRows);
  expect(needs.seconds(8000, 300)).toBeCloseTo(recipes["forest"]!.needs({}).seconds(8000, 300) + recipes["extra-trees"]!.needs({ trees: 400 }).seconds(8000, 300), 9);
  expect(needs.classes).toBe(true);
  expect(recipes["pool"]!.needs({ members: [{ learner: "forest" }, { learner: "linear" }] }).classes).toBe(false);
  expect(recipes["ensemble"]!.needs({ learner: "gp", size: 3 }).mostRows).toBe(recipes["gp"]!.needs({}).mostRows);
});
