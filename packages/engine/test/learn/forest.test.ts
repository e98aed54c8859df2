import { describe, expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { key, permutation, stream } from "../../src/base/key.ts";
import { one } from "../../src/base/unit.ts";
import type { CategoryColumn, NumberColumn, Table, Targets } from "../../src/data/types.ts";
import { extraTrees, forest } from "../../src/learn/forest/forest.ts";
import { reviveForest } from "../../src/learn/forest/model.ts";
import { takeRows } from "../../src/learn/inputs.ts";
import type { Model } from "../../src/learn/types.ts";
import type { CategoricalMarginal, NumericMarginal } from "../../src/prob/types.ts";

const LEARNERS = [["forest", forest], ["extraTrees", extraTrees]] as const;

/** Four dense columns and `counts` mostly-zero ones. */
function table(rows: number, seed: number, counts = 20): Table {
  const rng = stream(key(seed));
  const cols = 4 + counts;
  const data = Float64Array.from({ length: rows * cols }, (_, at) => (at % cols < 4 ? rng.normal() : rng.uniform() < 0.1 ? 1 + rng.below(3) : 0));
  return { rows, cols, data, features: Array.from({ length: cols }, (_, j) => ({ name: `x${j}`, unit: one, about: "" })) };
}

const noiseAt = (x: Table, i: number): number => (x.data[i * x.cols] > 0.5 ? 1.5 : 0.2);

function numbers(x: Table, seed: number): NumberColumn {
  const rng = stream(key(seed));
  const values = Float64Array.from({ length: x.rows }, (_, i) => 3 * x.data[i * x.cols] + x.data[i * x.cols + 1] ** 2 + x.data[i * x.cols + 6] + noiseAt(x, i) * rng.normal());
  return { kind: "number", name: "y", unit: one, values };
}

function categories(x: Table, seed: number): CategoryColumn {
  const rng = stream(key(seed));
  const codes = Int32Array.from({ length: x.rows }, (_, i) => {
    const p = 1 / (1 + Math.exp(-3 * x.data[i * x.cols]));
    return rng.uniform() < p ? (x.data[i * x.cols + 1] > 1 ? 2 : 1) : 0;
  });
  return { kind: "category", name: "class", levels: ["low", "high", "top"], codes };
}

const targets = (...columns: Targets["columns"]): Targets => ({ rows: columns[0].kind === "number" ? columns[0].values.length : columns[0].codes.length, columns });
const number = async (model: Model, x: Table, at = 0) => (await model.predict(x, quiet)).marginals[at] as NumericMarginal;
const category = async (model: Model, x: Table, at = 0) => (await model.predict(x, quiet)).marginals[at] as CategoricalMarginal;
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;

describe.each(LEARNERS)("%s", (_, make) => {
  const x = table(600, 1);
  const y = numbers(x, 2);
  const unseen = table(500, 3);
  const truth = numbers(unseen, 4).values;

  test("numbers are predicted far better than by their mean, with calibrated intervals", async () => {
    const marginal = await number(await make().fit(x, targets(y), key(1), quiet), unseen);
    const rest = mean(truth.map((v, i) => (v - marginal.mean[i]) ** 2));
    expect(rest / mean(truth.map((v) => (v - mean(truth)) ** 2))).toBeLessThan(0.25);
    const [low, high] = [marginal.quantile(0.05), marginal.quantile(0.95)];
    const covered = mean(truth.map((v, i) => (v >= low[i] && v <= high[i] ? 1 : 0)));
    // Three standard errors of a share of 500 rows, and as much again for the calibration itself.
    expect(Math.abs(covered - 0.9)).toBeLessThan(6 * Math.sqrt((0.9 * 0.1) / 500));
  });

  test("the spread is wider where the noise is, and beats one spread for all rows", async () => {
    const marginal = await number(await make().fit(x, targets(y), key(1), quiet), unseen);
    const sdWhere = (noise: number) => mean(Array.from(marginal.sd).filter((_, i) => noiseAt(unseen, i) === noise));
    expect(sdWhere(1.5)).toBeGreaterThan(1.3 * sdWhere(0.2));
    const rmse = Math.sqrt(mean(truth.map((v, i) => (v - marginal.mean[i]) ** 2)));
    const constant = 0.5 * Math.log(2 * Math.PI * Math.E * rmse ** 2);
    expect(-mean(marginal.logDensity(truth))).toBeLessThan(constant - 0.05);
  });

  test("the spread grows away from the training rows", async () => {
    const model = await make().fit(x, targets(y), key(1), quiet);
    const edge = { ...unseen, data: unseen.data.map((v, at) => (at % unseen.cols < 2 ? v * 4 : v)) };
    expect(mean((await number(model, edge)).sd)).toBeGreaterThan(1.3 * mean((await number(model, unseen)).sd));
  });

  test("class probabilities are sharper than the class shares, finite in the logarithm, and calibrated", async () => {
    const c = categories(x, 5);
    const marginal = await category(await make().fit(x, targets(c), key(1), quiet), unseen);
    const { codes } = categories(unseen, 6);
    const p = marginal.probability.data;
    expect(Math.min(...p)).toBeGreaterThan(0);
    expect(Math.max(...p)).toBeLessThan(1);
    const shares = [0, 1, 2].map((k) => mean(Array.from(c.codes, (v) => (v === k ? 1 : 0))));
    const loss = -mean(Array.from(codes, (k, i) => Math.log(p[3 * i + k])));
    expect(loss).toBeLessThan(-mean(Array.from(codes, (k) => Math.log(shares[k]))) - 0.2);
    for (let k = 0; k < 3; k++) {
      const expected = Array.from(codes, (_, i) => p[3 * i + k]);
      const error = Math.sqrt(expected.reduce((s, q) => s + q * (1 - q), 0)) / 500;
      expect(Math.abs(mean(expected) - mean(Array.from(codes, (v) => (v === k ? 1 : 0))))).toBeLessThan(5 * error);
    }
  });

  test("permuting the rows permutes the predictions and changes nothing else, to the last bit", async () => {
    const order = permutation(key(9), x.rows);
    const names = Array.from({ length: x.rows }, (_, i) => `row ${i % 590}`);
    const columns = [y, categories(x, 5)] as const;
    const shuffled = [{ ...y, values: Float64Array.from(order, (i) => y.values[i]) }, { ...columns[1], codes: Int32Array.from(order, (i) => columns[1].codes[i]) }] as const;
    for (const named of [true, false]) {
      const learner = make({ trees: 20 });
      const a = await learner.fit(x, { ...targets(...columns), ...(named && { names }) }, key(1), quiet);
      const b = await learner.fit(takeRows(x, order), { ...targets(...shuffled), ...(named && { names: Array.from(order, (i) => names[i]) }) }, key(1), quiet);
      const [pa, pb] = [await a.predict(unseen, quiet), await b.predict(takeRows(unseen, permutation(key(3), unseen.rows)), quiet)];
      const back = permutation(key(3), unseen.rows);
      const [na, nb] = [pa.marginals[0] as NumericMarginal, pb.marginals[0] as NumericMarginal];
      expect(nb.mean).toEqual(Float64Array.from(back, (i) => na.mean[i]));
      expect(nb.sd).toEqual(Float64Array.from(back, (i) => na.sd[i]));
      const [ca, cb] = [pa.marginals[1] as CategoricalMarginal, pb.marginals[1] as CategoricalMarginal];
      expect(cb.probability.data).toEqual(Float64Array.from({ length: 3 * unseen.rows }, (_, at) => ca.probability.data[3 * back[Math.floor(at / 3)] + (at % 3)]));
    }
  });

  test("a row alone is predicted as in a batch, and a record predicts the same", async () => {
    const model = await make({ trees: 30 }).fit(x, targets(y), key(1), quiet);
    const whole = await number(model, unseen);
    const alone = await number(model, takeRows(unseen, Int32Array.of(77)));
    expect([alone.mean[0], alone.sd[0]]).toEqual([whole.mean[77], whole.sd[77]]);
    const revived = reviveForest(structuredClone(model.toRecord()), () => model);
    const again = await number(revived, unseen);
    expect([again.mean, again.sd, again.logMass(0, 1)]).toEqual([whole.mean, whole.sd, whole.logMass(0, 1)]);
    expect(revived.id).toBe(model.id);
  });

  test("a column's model does not depend on the columns beside it, and its missing targets are left out", async () => {
    const learner = make({ trees: 10 });
    const holes = { ...y, values: y.values.map((v, i) => (i % 3 === 0 ? Number.NaN : v)) };
    const both = await learner.fit(x, targets(categories(x, 5), holes), key(1), quiet);
    const kept = Int32Array.from(y.values.keys()).filter((i) => i % 3 !== 0);
    const alone = await learner.fit(takeRows(x, kept), targets({ ...y, values: Float64Array.from(kept, (i) => y.values[i]) }), key(1), quiet);
    expect((await number(both, unseen, 1)).mean).toEqual((await number(alone, unseen)).mean);
    expect(both.outputs.map((o) => o.name)).toEqual(["class", "y"]);
  });

  test("missing features are learnt from, and a value missing for the first time is survived", async () => {
    const gappy = { ...x, data: x.data.map((v, at) => (at % x.cols === 0 && v > 0.5 ? Number.NaN : v)) };
    const model = await make().fit(gappy, targets(y), key(1), quiet);
    const asked = takeRows(unseen, Int32Array.of(0, 1));
    const [missing, low] = [asked.data.slice(), asked.data.slice()];
    for (let i = 0; i < 2; i++) [missing[i * x.cols], low[i * x.cols]] = [Number.NaN, -1];
    const [high, below] = [await number(model, { ...asked, data: missing }), await number(model, { ...asked, data: low })];
    expect(high.mean[0]).toBeGreaterThan(below.mean[0] + 2);
    const blank = await number(await make().fit(x, targets(y), key(1), quiet), { ...asked, data: asked.data.map(() => Number.NaN) });
    expect(blank.mean.every(Number.isFinite) && blank.sd.every((s) => s > 0)).toBe(true);
  });

  test("importance goes to the features that the target is made of, and sums to one", async () => {
    const importance = (await make().fit(x, targets(y), key(1), quiet)).importance();
    expect(importance.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect(importance.indexOf(Math.max(...importance))).toBe(0);
    expect(importance[6]).toBeGreaterThan(3 * importance[12]);
  });

  test("a weight of zero removes a row, and heavy rows are fitted closer", async () => {
    const weights = Float64Array.from(y.values, (_, i) => (i < 300 ? 0 : 1));
    const names = Array.from(y.values, (_, i) => `r${i}`);
    const kept = Int32Array.from({ length: 300 }, (_, i) => 300 + i);
    const learner = make({ trees: 10 });
    const a = await learner.fit(x, { ...targets(y), weights, names }, key(1), quiet);
    const b = await learner.fit(takeRows(x, kept), { ...targets({ ...y, values: y.values.slice(300) }), names: names.slice(300) }, key(1), quiet);
    expect((await number(a, unseen)).mean).toEqual((await number(b, unseen)).mean);
  });

  test("units rescale predictions, exactly where the scale is a power of two and to rounding elsewhere", async () => {
    const learner = make({ trees: 20 });
    const scaled = async (scale: number, shift: number) => number(await learner.fit(x, targets({ ...y, values: y.values.map((v) => scale * v + shift) }), key(1), quiet), unseen);
    const [plain, doubled, kelvin] = [await scaled(1, 0), await scaled(1024, 0), await scaled(1.8, 32)];
    expect(doubled.mean).toEqual(plain.mean.map((v) => 1024 * v));
    expect(doubled.sd).toEqual(plain.sd.map((v) => 1024 * v));
    kelvin.mean.forEach((v, i) => expect((v - 32) / 1.8).toBeCloseTo(plain.mean[i], 9));
  });

  test("keys decide: one key one model, another key another", async () => {
    const learner = make({ trees: 10 });
    const means = await Promise.all([1, 1, 2].map(async (seed) => (await number(await learner.fit(x, targets(y), key(seed), quiet), unseen)).mean));
    expect(means[1]).toEqual(means[0]);
    expect(means[2]).not.toEqual(means[0]);
  });

  test("two rows, identical rows, and a bag that holds everything are still forests", async () => {
    const two = await number(await make({ trees: 5 }).fit(takeRows(x, Int32Array.of(0, 1)), targets({ ...y, values: Float64Array.of(1, 2) }), key(1), quiet), unseen);
    expect(two.mean.every((v) => v >= 1 && v <= 2) && two.sd.every((s) => s > 0 && Number.isFinite(s))).toBe(true);
    const same = { ...table(12, 1), data: new Float64Array(12 * 24) };
    const flat = await number(await make().fit(same, targets({ ...y, values: Float64Array.from({ length: 12 }, (_, i) => i) }), key(1), quiet), same);
    expect(flat.mean[0]).toBeCloseTo(5.5, 0);
    expect(flat.sd[0]).toBeGreaterThan(2);
  });
});

test("rows of one group are in the bag together: a copied row gives its twin's value away only without groups", async () => {
  const x = table(150, 1);
  const rng = stream(key(8));
  const twins = takeRows(x, Int32Array.from({ length: 300 }, (_, i) => i >> 1));
  const values = Float64Array.from({ length: 150 }, () => rng.normal());
  const y = targets({ kind: "number", name: "noise", unit: one, values: Float64Array.from({ length: 300 }, (_, i) => values[i >> 1]) });
  const sd = async (extra: object) => mean((await number(await forest().fit(twins, { ...y, ...extra }, key(1), quiet), table(200, 5))).sd);
  expect(await sd({ groups: Int32Array.from({ length: 300 }, (_, i) => i >> 1) })).toBeGreaterThan(1.3 * (await sd({ names: Array.from({ length: 300 }, (_, i) => `n${i}`) })));
});

test("balanced class weights find more of a rare class in the trees, and probabilities stay calibrated", async () => {
  const x = table(800, 1);
  const rare: CategoryColumn = { kind: "category", name: "rare", levels: ["no", "yes"], codes: Int32Array.from({ length: 800 }, (_, i) => (x.data[i * x.cols] > 1.6 ? 1 : 0)) };
  const probability = (await category(await forest({ classWeight: "balanced" }).fit(x, targets(rare), key(1), quiet), table(800, 2))).probability.data;
  const share = mean(Array.from(rare.codes));
  const predicted = mean(Array.from({ length: 800 }, (_, i) => probability[2 * i + 1]));
  expect(predicted).toBeGreaterThan(share / 2);
  expect(predicted).toBeLessThan(share * 2);
});

test("misuse is refused with the reason", async () => {
  const x = table(20, 1);
  const y = numbers(x, 1);
  expect(() => forest({ trees: 0 })).toThrow("bad option of forest: trees = 0 — a whole number ≥ 1");
  expect(() => forest({ featureShare: 1.5 })).toThrow("bad option of forest: featureShare = 1.5 — a number > 0 and ≤ 1");
  await expect(forest().fit(x, targets({ ...y, values: new Float64Array(20).fill(Number.NaN) }), key(1), quiet)).rejects.toThrow('too few values of "y": 0');
  await expect(forest().fit(x, targets({ ...y, values: new Float64Array(20).fill(3) }), key(1), quiet)).rejects.toThrow("constant target");
  const model = await forest({ trees: 3 }).fit(x, targets(y), key(1), quiet);
  await expect(model.predict({ ...x, features: table(1, 1).features.map(({ unit, about }, j) => ({ name: `z${j}`, unit, about })) }, quiet)).rejects.toThrow('missing feature: "x0"');
});

test("a fit stops at the next tree when its signal is aborted", async () => {
  const stop = new AbortController();
  let done = 0;
  const ctx = { ...quiet, signal: stop.signal, report: (p: { readonly done: number }) => (done = p.done) === 3 && stop.abort(new Error("stopped")) };
  const x = table(50, 1);
  await expect(forest().fit(x, targets(numbers(x, 1)), key(1), ctx)).rejects.toThrow("stopped");
  expect(done).toBe(3);
});
