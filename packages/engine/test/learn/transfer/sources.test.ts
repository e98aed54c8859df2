import { describe, expect, test } from "vitest";
import { quiet } from "../../../src/base/context.ts";
import { decode, encode } from "../../../src/base/encoding.ts";
import { key, stream } from "../../../src/base/key.ts";
import { one } from "../../../src/base/unit.ts";
import { selectFeatures } from "../../../src/data/table.ts";
import type { CategoryColumn, NumberColumn, Table, Targets } from "../../../src/data/types.ts";
import { linear } from "../../../src/learn/bayesianLinear.ts";
import { learners, reviveModel } from "../../../src/learn/catalogue.ts";
import { extraTrees } from "../../../src/learn/forest/forest.ts";
import { appendSources, modelExtractor, withSources } from "../../../src/learn/transfer/sources.ts";
import { transferReports } from "../../../src/learn/transfer/transfer.ts";
import type { ModelRecord } from "../../../src/learn/types.ts";
import { rootMeanSquaredError } from "../../../src/prob/scoring.ts";
import { checkLearner } from "../../../src/testing/learner.ts";
import type { NumericMarginal } from "../../../src/prob/types.ts";

const D = 8;
const hidden = (row: Float64Array) => 1.5 * Math.sin(2 * row[0]) + 2 * Math.abs(row[1]) + row[2];

function rows(seed: number, n: number): Table {
  const rng = stream(key(seed));
  return { rows: n, cols: D, data: Float64Array.from({ length: n * D }, () => rng.normal()), features: Array.from({ length: D }, (_, j) => ({ name: `x${j}`, unit: one, about: "" })) };
}
const rowOf = (x: Table, i: number) => x.data.subarray(i * D, (i + 1) * D);
const targets = (x: Table, of: (row: Float64Array) => number): Targets => ({ rows: x.rows, columns: [{ kind: "number", name: "y", unit: one, values: Float64Array.from({ length: x.rows }, (_, i) => of(rowOf(x, i))) }], names: Array.from({ length: x.rows }, (_, i) => `row ${i}`) });

const many = rows(1, 1500);
const few = rows(2, 25);
const fresh = rows(3, 200);
const truth = (targets(fresh, (r) => 3 * hidden(r) + 0.5 * r[5]).columns[0] as NumberColumn).values;
const source = await extraTrees({ trees: 60, featureShare: 1 }).fit(many, targets(many, hidden), key(1), quiet);
const useless = await linear().fit(many, targets(many, (r) => r[7] ** 2 + r[6]), key(1), quiet);
const y = targets(few, (r) => 3 * hidden(r) + 0.5 * r[5]);

test("a model that is frozen into features speaks by its means, and by the probabilities of its classes but the last", async () => {
  const column: CategoryColumn = { kind: "category", name: "kind", levels: ["a", "b", "c"], codes: Int32Array.from({ length: 1500 }, (_, i) => (rowOf(many, i)[0] > 0.5 ? 0 : rowOf(many, i)[1] > 0 ? 1 : 2)) };
  const classes = await extraTrees({ trees: 20 }).fit(many, { rows: 1500, columns: [column] }, key(1), quiet);
  const table = await appendSources([modelExtractor("low", source), modelExtractor("kinds", classes)], few, quiet);
  expect(table.features.slice(D).map(({ name, block }) => [name, block])).toEqual([
    ["low: y", "source:low"],
    ["kinds: kind = a", "source:kinds"],
    ["kinds: kind = b", "source:kinds"],
  ]);
  const mean = ((await source.predict(few, quiet)).marginals[0] as NumericMarginal).mean;
  mean.forEach((v, i) => expect(table.data[i * table.cols + D]).toBe(v));
});

describe("a learner with sources", () => {
  const learner = withSources([modelExtractor("low", source), modelExtractor("noise", useless)], learners["transfer"]!({ repeats: 1, methods: ["none", "augmented", "additive", "source"] }));

  test("predicts from descriptors alone, better than without", async () => {
    const model = await learner.fit(few, y, key(1), quiet);
    expect(model.inputs.map(({ name }) => name).toSorted()).toEqual(few.features.map(({ name }) => name));
    const error = async (m: typeof model) => rootMeanSquaredError(truth, ((await m.predict(fresh, quiet)).marginals[0] as NumericMarginal).mean);
    expect(await error(model)).toBeLessThan(0.8 * (await error(await learners["kernel-ridge"]!({}).fit(few, y, key(1), quiet))));
  });

  test("its record holds the sources and predicts the same bits when it is read back", async () => {
    const model = await learner.fit(few, y, key(1), quiet);
    const revived = reviveModel(decode(encode(model.toRecord())) as ModelRecord);
    expect(((await revived.predict(fresh, quiet)).marginals[0] as NumericMarginal).mean).toEqual(((await model.predict(fresh, quiet)).marginals[0] as NumericMarginal).mean);
    expect(transferReports(model.toRecord())).toHaveLength(1);
    // A table that already holds columns by the sources' names is no obstacle.
    const appended = await appendSources([modelExtractor("low", source)], fresh, quiet);
    expect(((await revived.predict(appended, quiet)).marginals[0] as NumericMarginal).mean).toEqual(((await model.predict(fresh, quiet)).marginals[0] as NumericMarginal).mean);
    await expect(revived.predict(selectFeatures(fresh, ["x0", "x1"]), quiet)).rejects.toThrow('missing feature: "x2"');
  });

  test("sources of one name, and none at all, are refused", () => {
    expect(() => withSources([], linear())).toThrow("no source: 0 models");
    expect(() => withSources([modelExtractor("low", source), modelExtractor("low", useless)], linear())).toThrow('two sources have one name: "low"');
  });
});

describe("shotgun", () => {
  test("the source that knows is ranked first among many that do not", async () => {
    const others = await Promise.all(Array.from({ length: 6 }, (_, k) => linear().fit(many, targets(many, (r) => r[k] * r[(k + 3) % D] + 0.1 * r[7 - k]), key(k), quiet)));
    const table = await appendSources([...others.map((m, k) => modelExtractor(`other ${k}`, m)), modelExtractor("low", source)], few, quiet);
    const model = await learners["shotgun"]!({ learners: ["linear"], top: 1 }).fit(table, y, key(1), quiet);
    const [report] = transferReports(model.toRecord());
    expect(report.scores).toHaveLength(8);
    expect(report.scores.find(({ weight }) => weight === 1)!.method).toBe("source:low linear");
  });

  for (const claim of checkLearner({ learner: learners["shotgun"]!({ learners: ["linear"], top: 2, folds: 4 }), rows: 30, tolerance: 1e-4, lastBlock: "source:other", revive: reviveModel, skip: [{ check: "a table without a needed feature is refused", reason: "the feature that is taken away is of no chosen source" }] }))
    test.skipIf(claim.skip !== undefined)(claim.name, claim.check);
});
