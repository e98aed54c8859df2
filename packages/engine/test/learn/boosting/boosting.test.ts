import { describe, expect, test } from "vitest";
import { quiet } from "../../../src/base/context.ts";
import { key, permutation, stream } from "../../../src/base/key.ts";
import { one } from "../../../src/base/unit.ts";
import type { CategoryColumn, Feature, NumberColumn, Table, Targets } from "../../../src/data/types.ts";
import { type BoostingOptions, boosting } from "../../../src/learn/boosting/boosting.ts";
import { forest } from "../../../src/learn/forest/forest.ts";
import { takeRows, takeTarget } from "../../../src/learn/inputs.ts";
import type { Learner } from "../../../src/learn/types.ts";
import { logLoss } from "../../../src/prob/classes.ts";
import { coverage, meanAbsoluteError, rSquared } from "../../../src/prob/scoring.ts";
import type { CategoricalMarginal, NumericMarginal } from "../../../src/prob/types.ts";

const features = (kinds: readonly Feature["kind"][]): readonly Feature[] => kinds.map((kind, j) => ({ name: `f${j}`, unit: one, about: "", ...(kind && { kind }) }));

function tableOf(rows: number, kinds: readonly Feature["kind"][], value: (i: number, j: number) => number): Table {
  const cols = kinds.length;
  return { rows, cols, data: Float64Array.from({ length: rows * cols }, (_, at) => value(Math.floor(at / cols), at % cols)), features: features(kinds) };
}

const numbers = (values: Float64Array): Targets => ({ rows: values.length, columns: [{ kind: "number", name: "y", unit: one, values }], names: Array.from(values, (_, i) => `row ${i}`) });
const classes = (levels: readonly string[], codes: Int32Array): Targets => ({ rows: codes.length, columns: [{ kind: "category", name: "c", levels, codes }], names: Array.from(codes, (_, i) => `row ${i}`) });

async function numeric(learner: Learner, x: Table, y: Targets, fresh: Table): Promise<NumericMarginal> {
  const model = await learner.fit(x, y, key(1), quiet);
  return (await model.predict(fresh, quiet)).marginals[0] as NumericMarginal;
}

async function categorical(learner: Learner, x: Table, y: Targets, fresh: Table): Promise<CategoricalMarginal> {
  const model = await learner.fit(x, y, key(1), quiet);
  return (await model.predict(fresh, quiet)).marginals[0] as CategoricalMarginal;
}

const rng = stream(key(11));
const REAL: readonly Feature["kind"][] = ["real", "real", "real", "real"];
const normals = (rows: number, cols = 4): Table => tableOf(rows, Array.from({ length: cols }, () => "real" as const), () => rng.normal());
const signal = ({ data, cols, rows }: Table): Float64Array => Float64Array.from({ length: rows }, (_, i) => Math.sin(2 * data[i * cols]) + data[i * cols + 1] * data[i * cols + 2]);
/** With errors that grow along the fourth feature. */
const noisy = (x: Table): Float64Array => signal(x).map((v, i) => v + 0.3 * Math.exp(0.8 * x.data[i * x.cols + 3]) * rng.normal());

const [train, test4] = [normals(1500), normals(1000)];
const [trainY, testY] = [noisy(train), noisy(test4)];

describe("numbers", () => {
  test.each<[string, BoostingOptions]>([["squared", {}], ["absolute", { loss: "absolute" }], ["huber", { loss: "huber" }], ["quantile", { loss: "quantile" }], ["all rows and features, one thick leaf", { rowShare: 1, featureShare: 1, minLeaf: 20 }]])(
    "a smooth function with errors of unequal size is learnt, the bands hold, and are wide where errors are: %s",
    async (_, options) => {
      const marginal = await numeric(boosting({ shrinkage: 0.3, rounds: 150, ...options }), train, numbers(trainY), test4);
      // The errors alone keep it below 0.83.
      expect(rSquared(testY, marginal.mean)).toBeGreaterThan(0.65);
      // The mean of chains errs less than the single ones that the spread was learnt from: bands are rather wide, until they are calibrated.
      expect(coverage(testY, marginal, 0.9)).toBeGreaterThan(0.9 - 3 * 0.0095);
      expect(coverage(testY, marginal, 0.9)).toBeLessThan(0.985);
      const wide = (low: boolean) => {
        const part = Array.from(marginal.sd).filter((_, i) => test4.data[i * 4 + 3] < 0 === low);
        return part.reduce((a, b) => a + b, 0) / part.length;
      };
      expect(wide(false) / wide(true)).toBeGreaterThan(1.2);
    },
  );

  test("it is more accurate than a forest on a sum of many small effects", async () => {
    const additive = (x: Table) => Float64Array.from({ length: x.rows }, (_, i) => x.data.subarray(i * x.cols, (i + 1) * x.cols).reduce((s, v) => s + Math.tanh(v), 0) + 0.3 * rng.normal());
    const [a, b] = [normals(800, 12), normals(500, 12)];
    const [ya, yb] = [additive(a), additive(b)];
    const [boosted, grown] = [await numeric(boosting(), a, numbers(ya), b), await numeric(forest(), a, numbers(ya), b)];
    expect(meanAbsoluteError(yb, boosted.mean)).toBeLessThan(0.7 * meanAbsoluteError(yb, grown.mean));
  });

  test("outliers in the training rows hurt the squared loss more than the robust ones", async () => {
    const spoilt = trainY.map((v, i) => (i % 20 === 0 ? v + 200 : v));
    const clean = signal(test4);
    const errorOf = async (options: BoostingOptions) => meanAbsoluteError(clean, (await numeric(boosting({ shrinkage: 0.3, rounds: 150, ...options }), train, numbers(spoilt), test4)).mean);
    const plain = await errorOf({});
    for (const loss of ["absolute", "huber"] as const) expect(await errorOf({ loss, delta: 0.02 })).toBeLessThan(0.3 * plain);
  });

  test("on a target of two values that one feature tells, the leaves find both", async () => {
    const x = tableOf(200, ["real", "real"], (i, j) => (j === 0 ? i % 2 : (i * 37) % 101));
    const y = Float64Array.from({ length: 200 }, (_, i) => (i % 2 ? 5 : -3));
    const { mean, sd } = await numeric(boosting({ rowShare: 1, featureShare: 1, l2: 0 }), x, numbers(y), x);
    mean.forEach((m, i) => expect(m).toBeCloseTo(y[i], 4));
    expect(Math.max(...sd)).toBeLessThan(0.05);
  });

  test("without any tree the prediction is the mean, and pure noise grows next to none", async () => {
    const noise = Float64Array.from({ length: 300 }, () => rng.normal());
    const marginal = await numeric(boosting(), normals(300), numbers(noise), normals(100));
    const centre = noise.reduce((a, b) => a + b, 0) / 300;
    expect(Math.sqrt(marginal.mean.reduce((s, m) => s + (m - centre) ** 2, 0) / 100)).toBeLessThan(0.3);
  });
});

describe("monotone features", () => {
  const y = Float64Array.from({ length: 400 }, (_, i) => train.data[i * 4] + 0.8 * Math.sin(4 * train.data[i * 4]) - train.data[i * 4 + 1] + rng.normal());
  const some = takeRows(train, Int32Array.from({ length: 400 }, (_, i) => i));
  test.each<[string, BoostingOptions]>([["squared", {}], ["absolute", { loss: "absolute" }], ["huber", { loss: "huber" }]])("predictions rise along one feature and fall along another, wherever asked: %s", async (_, options) => {
    const grid = Array.from({ length: 41 }, (_, k) => -4 + k / 5);
    const probes = normals(30);
    const along = (j: number) => tableOf(30 * grid.length, REAL, (at, k) => (k === j ? grid[at % grid.length] : probes.data[Math.floor(at / grid.length) * 4 + k]));
    const steps = async (monotone: BoostingOptions["monotone"], j: number) => {
      const { mean } = await numeric(boosting({ ...options, shrinkage: 0.2, ...(monotone && { monotone }) }), some, numbers(y), along(j));
      return Array.from(mean.keys()).filter((i) => i % grid.length > 0).map((i) => mean[i] - mean[i - 1]);
    };
    const monotone = { f0: "rising", f1: "falling" } as const;
    expect(Math.min(...(await steps(monotone, 0)))).toBeGreaterThanOrEqual(-1e-12);
    expect(Math.max(...(await steps(monotone, 1)))).toBeLessThanOrEqual(1e-12);
    // Left alone, predictions follow the waves.
    expect(Math.min(...(await steps(undefined, 0)))).toBeLessThan(-1e-3);
  });

  test("features that are not there, categories and other directions are refused", async () => {
    const fit = (monotone: Record<string, string>, x = some) => boosting({ monotone: monotone as BoostingOptions["monotone"] }).fit(x, numbers(y), key(1), quiet);
    await expect(fit({ g: "rising" })).rejects.toThrow('unknown feature: "g" — monotone names a feature of the table, such as f0, f1, f2');
    expect(() => fit({ f0: "up" })).toThrow('bad option of boosting: monotone = {"f0":"up"} — rising or falling for each of some features: { feature: rising }');
    await expect(fit({ f0: "rising" }, { ...some, features: features(["category", "real", "real", "real"]) })).rejects.toThrow(/monotone category/);
  });
});

describe("missing values and categories", () => {
  test("what is missing is learnt from, on either side of a cut", async () => {
    const x = tableOf(600, ["real", "real"], (i, j) => (j === 0 && i % 3 === 0 ? Number.NaN : ((i * 31) % 97) / 97));
    const y = Float64Array.from({ length: 600 }, (_, i) => (i % 3 === 0 ? 2 : x.data[2 * i]) + 0.05 * rng.normal());
    const { mean } = await numeric(boosting({ shrinkage: 0.3, featureShare: 1 }), x, numbers(y), tableOf(3, ["real", "real"], (i, j) => (j === 0 ? [Number.NaN, 0.05, 0.95][i] : 0.5)));
    expect(mean[0]).toBeCloseTo(2, 1);
    expect(mean[1]).toBeCloseTo(0.05, 1);
    expect(mean[2]).toBeCloseTo(0.95, 1);
  });

  test("a value missing for the first time is survived", async () => {
    const { mean, sd } = await numeric(boosting({ rounds: 50 }), train, numbers(trainY), tableOf(1, REAL, () => Number.NaN));
    expect(Number.isFinite(mean[0]) && sd[0] > 0).toBe(true);
  });

  const effect = [3, -2, 0.5, 4, -1, 2, -3, 1, 0, -4, 2.5, -0.5];
  const coded = tableOf(900, ["category", "real"], (i, j) => (j === 0 ? ((i * 7) % 12) * 10 : rng.normal()));
  const codedY = Float64Array.from({ length: 900 }, (_, i) => effect[coded.data[2 * i] / 10] + 0.1 * rng.normal());

  test("categories need no order: two leaves part them as their means do, whatever their codes", async () => {
    const options = { leaves: 2, rounds: 60, shrinkage: 0.5, featureShare: 1 };
    const fresh = tableOf(12, ["category", "real"], (i, j) => (j === 0 ? 10 * i : 0));
    const { mean } = await numeric(boosting(options), coded, numbers(codedY), fresh);
    mean.forEach((m, i) => expect(m).toBeCloseTo(effect[i], 0));
    const recoded: Table = { ...coded, data: coded.data.map((v, at) => (at % 2 ? v : (v / 10) * 5 % 12 + 100)) };
    const other = await numeric(boosting(options), recoded, numbers(codedY), { ...fresh, data: fresh.data.map((v, at) => (at % 2 ? v : (v / 10) * 5 % 12 + 100)) });
    mean.forEach((m, i) => expect(other.mean[i]).toBeCloseTo(m, 10));
  });

  test("a category not seen before has a finite prediction", async () => {
    const { mean } = await numeric(boosting({ rounds: 50, featureShare: 1 }), coded, numbers(codedY), tableOf(2, ["category", "real"], (i, j) => (j === 0 ? [55, Number.NaN][i] : 0)));
    expect(mean[0]).toBe(mean[1]);
    expect(Number.isFinite(mean[0])).toBe(true);
  });
});

describe("classes", () => {
  const codesOf = (x: Table, cuts: readonly number[]) => Int32Array.from(signal(x), (v) => cuts.filter((c) => v + 0.3 * rng.normal() > c).length);

  test.each([["two classes", [0.2]], ["four classes", [-1, 0, 1]]] as const)("probabilities are sharp and honest: %s", async (_, cuts) => {
    const levels = Array.from({ length: cuts.length + 1 }, (_, k) => `level ${k}`);
    const [codes, truth] = [codesOf(train, cuts), codesOf(test4, cuts)];
    const { probability } = await categorical(boosting({ shrinkage: 0.3, leaves: 8 }), train, classes(levels, codes), test4);
    const shares = levels.map((_, k) => codes.filter((c) => c === k).length / codes.length);
    const chance = -Array.from(truth).reduce((s, c) => s + Math.log(shares[c]), 0) / truth.length;
    expect(logLoss(truth, probability)).toBeLessThan(0.65 * chance);
    // Mean probability of each class against how often it is found, within four standard errors.
    levels.forEach((_, k) => {
      const p = Array.from(truth, (_, i) => probability.data[i * levels.length + k]);
      const gap = p.reduce((s, v, i) => s + v - (truth[i] === k ? 1 : 0), 0) / truth.length;
      const error = Math.sqrt(p.reduce((s, v) => s + v * (1 - v), 0)) / truth.length;
      expect(Math.abs(gap)).toBeLessThan(4 * error);
    });
  });

  test("balanced weights keep the probabilities of a rare class what they are in the data", async () => {
    const [codes, truth] = [codesOf(train, [1.6]), codesOf(test4, [1.6])];
    const rate = codes.reduce((a, b) => a + b, 0) / codes.length;
    expect(rate).toBeLessThan(0.15);
    const { probability } = await categorical(boosting({ classWeight: "balanced", shrinkage: 0.3, leaves: 8 }), train, classes(["no", "yes"], codes), test4);
    const called = Array.from(truth, (_, i) => probability.data[2 * i + 1]);
    const error = Math.sqrt(called.reduce((s, v) => s + v * (1 - v), 0)) / truth.length;
    expect(Math.abs(called.reduce((s, v, i) => s + v - truth[i], 0) / truth.length)).toBeLessThan(4 * error);
    expect(logLoss(truth, probability)).toBeLessThan(0.8 * -(rate * Math.log(rate) + (1 - rate) * Math.log(1 - rate)));
  });

  test("a level that no row has is next to impossible, and one class alone is nearly certain", async () => {
    const codes = codesOf(train, [0]);
    const three = await categorical(boosting({ rounds: 40 }), train, classes(["a", "b", "never"], codes), test4);
    for (let i = 0; i < 100; i++) expect(three.probability.data[3 * i + 2]).toBeLessThan(0.01);
    const same = await categorical(boosting(), train, classes(["a", "b"], new Int32Array(1500)), test4);
    expect(same.probability.data[0]).toBeGreaterThan(0.99);
  });
});

describe("the same whatever the order", () => {
  const some = takeRows(train, Int32Array.from({ length: 200 }, (_, i) => i));
  test("of the rows, to the last bit", async () => {
    const y = numbers(trainY.slice(0, 200));
    const order = permutation(key(3), 200);
    const [a, b] = [await numeric(boosting({ rounds: 40 }), some, y, test4), await numeric(boosting({ rounds: 40 }), takeRows(some, order), { ...takeTarget(y, 0, order) }, test4)];
    expect(b.mean).toEqual(a.mean);
    expect(b.sd).toEqual(a.sd);
  });

  test("two identical columns predict as one does", async () => {
    const twice = (x: Table) => tableOf(x.rows, ["real", "real"], (i) => x.data[i * x.cols]);
    const once = (x: Table) => tableOf(x.rows, ["real"], (i) => x.data[i * x.cols]);
    const options = { featureShare: 1, rounds: 60 };
    const [a, b] = [await numeric(boosting(options), once(some), numbers(trainY.slice(0, 200)), once(test4)), await numeric(boosting(options), twice(some), numbers(trainY.slice(0, 200)), twice(test4))];
    expect(b.mean).toEqual(a.mean);
  });

  test("groups are kept in one inner fold: copies of a row do not tell on each other", async () => {
    const base = normals(60);
    const noise = Float64Array.from({ length: 60 }, () => rng.normal());
    const x = tableOf(300, REAL, (i, j) => base.data[(i % 60) * 4 + j]);
    const y: Targets = { ...numbers(Float64Array.from({ length: 300 }, (_, i) => noise[i % 60])), groups: Int32Array.from({ length: 300 }, (_, i) => i % 60) };
    const { sd } = await numeric(boosting(), x, y, normals(50));
    expect(sd.reduce((a, b) => a + b, 0) / 50).toBeGreaterThan(0.7);
  });
});

test.each<[string, BoostingOptions, RegExp]>([
  ["no rounds", { rounds: 0 }, /bad option of boosting: rounds = 0 — a whole number ≥ 1/],
  ["a share above one", { rowShare: 1.5 }, /rowShare = 1.5 — a number > 0 and ≤ 1/],
  ["a negative ridge", { l2: -1 }, /l2 = -1 — a number ≥ 0/],
  ["too many leaves", { leaves: 5000 }, /leaves = 5000 — a whole number from 1 to 1024/],
])("%s is refused", (_, options, message) => expect(() => boosting(options)).toThrow(message));

test("importances are those of the features that matter", async () => {
  const model = await boosting({ rounds: 60, featureShare: 1 }).fit(train, numbers(signal(train)), key(1), quiet);
  const [a, b, c, d] = model.importance();
  expect(a + b + c + d).toBeCloseTo(1, 10);
  expect(d).toBeLessThan(0.05);
});

test("several properties are learnt each by itself", async () => {
  const columns: readonly (NumberColumn | CategoryColumn)[] = [numbers(trainY.slice(0, 200)).columns[0], classes(["low", "high"], Int32Array.from(trainY.slice(0, 200), (v) => (v > 0 ? 1 : 0))).columns[0]];
  const x = takeRows(train, Int32Array.from({ length: 200 }, (_, i) => i));
  const both = await boosting({ rounds: 30 }).fit(x, { rows: 200, columns, names: Array.from({ length: 200 }, (_, i) => `row ${i}`) }, key(1), quiet);
  const { marginals } = await both.predict(test4, quiet);
  expect(marginals.map((m) => m.kind)).toEqual(["number", "category"]);
  expect((marginals[0] as NumericMarginal).mean).toEqual((await numeric(boosting({ rounds: 30 }), x, numbers(trainY.slice(0, 200)), test4)).mean);
});
