import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { key, permutation, stream } from "../../src/base/key.ts";
import { one, parseUnit } from "../../src/base/unit.ts";
import { groupFolds, randomFolds } from "../../src/data/splits.ts";
import { selectTableRows, table } from "../../src/data/table.ts";
import type { Table } from "../../src/data/types.ts";
import { bestRun, type Run } from "../../src/explain/bestInterval.ts";
import { columnIn, pointsOf, sortTable } from "../../src/explain/intervalData.ts";
import { problemOf, searchAt, searchForRecall } from "../../src/explain/intervalSearch.ts";
import { mineIntervals } from "../../src/explain/mineIntervals.ts";
import { highEnd, lowEnd } from "../../src/explain/roundEnd.ts";
import { covers, formatCondition, formatRule } from "../../src/explain/rule.ts";
import { separationOf } from "../../src/explain/separation.ts";
import type { IntervalRule, Labels } from "../../src/explain/types.ts";

const ones = (n: number) => new Float64Array(n).fill(1);
const numbered = (rows: readonly (readonly number[])[]): Table => table(rows[0].map((_, j) => ({ name: `x${j}`, unit: one, about: "" })), rows);

/** Few values, so that ties abound; NaN now and then. */
const cell = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: -4, max: 4 }) }, { weight: 1, arbitrary: fc.constant(Number.NaN) });
const labelled = fc
  .array(fc.tuple(fc.tuple(cell, cell), fc.integer({ min: -1, max: 1 }), fc.integer({ min: 1, max: 3 })), { minLength: 4, maxLength: 14 })
  .filter((rows) => rows.some(([, l]) => l === 1) && rows.some(([, l]) => l === 0));

/** Every interval of values that occur, by counting. */
function bruteForce(values: readonly number[], labels: readonly number[], gain: readonly number[]): number {
  let best = Number.NEGATIVE_INFINITY;
  for (const low of values)
    for (const high of values) {
      let sum = 0;
      let any = false;
      values.forEach((v, i) => {
        if (labels[i] < 0 || !(v >= low && v <= high)) return;
        any = true;
        sum += gain[i];
      });
      if (any) best = Math.max(best, sum);
    }
  return best;
}

describe("the best interval of one feature", () => {
  test("equals a search of all intervals", () => {
    fc.assert(
      fc.property(labelled, fc.integer({ min: 0, max: 5 }), (rows, price) => {
        const x = numbered(rows.map(([values]) => values));
        const labels = Int8Array.from(rows, ([, l]) => l);
        const sorted = sortTable(x, labels);
        const weights = Float64Array.from(rows, ([, , w]) => w);
        const points = pointsOf(sorted, weights, 0);
        const problem = problemOf(sorted, weights, ones(x.rows), 0);
        const total = weights.reduce((sum, w, i) => sum + (labels[i] === 1 ? w : 0), 0);
        const gain = Array.from(weights, (w, i) => (labels[i] === 1 ? w / total : -price * problem.loss[i]));
        const run: Run = { gain: 0, first: 0, last: 0, below: 0, above: 0 };
        bestRun({ order: sorted.ascending[0], loss: problem.loss.map((l) => l * price), column: columnIn(sorted, 0), gains: points.weight }, points, 0, run);
        const known = rows.map(([[v]], i) => (labels[i] < 0 ? Number.NaN : v));
        const expected = bruteForce(known, Array.from(labels), gain);
        if (expected === Number.NEGATIVE_INFINITY) expect(run.gain).toBe(expected);
        else expect(run.gain).toBeCloseTo(expected, 12);
      }),
    );
  });

  test.each<[number, number, number]>([[0.12, 0.34, 0.2], [209.7, 212.4, 210], [-3, 5, 0], [1, 1.0001, 1.0001], [123456.7, 123457.9, 123457], [-0.035, -0.034, -0.034]])("a low end between %f and %f is %f: outside the one, never above the other", (below, first, end) => {
    expect(lowEnd(below, first)).toBe(end);
    expect(highEnd(0 - first, 0 - below)).toBe(0 - end);
  });

  test("ends stand strictly between what is out and what is in, and an end that nothing is beyond is open", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.double({ noNaN: true, min: -1e6, max: 1e6 }), (a, b) => {
        fc.pre(a < b);
        expect(lowEnd(a, b)).toBeGreaterThan(a);
        expect(lowEnd(a, b)).toBeLessThanOrEqual(b);
      }),
    );
    expect(lowEnd(Number.NEGATIVE_INFINITY, 3)).toBe(Number.NEGATIVE_INFINITY);
    expect(highEnd(3, Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
  });
});

/** Uniform features; positive inside a box of the first features, with as many noise features beside. */
function planted(seed: number, rows: number, cols: number): { readonly x: Table; readonly labels: Labels } {
  const rng = stream(key(seed));
  const x = numbered(Array.from({ length: rows }, () => Array.from({ length: cols }, () => rng.uniform())));
  const inBox = (i: number) => x.data[i * cols] >= 0.3 && x.data[i * cols] <= 0.6 && x.data[i * cols + 1] <= 0.5 && x.data[i * cols + 2] >= 0.4;
  return { x, labels: Int8Array.from({ length: rows }, (_, i) => (inBox(i) ? 1 : 0)) };
}

const OPTIONS = { most: 5, beam: 8, leastGain: 0.001, keep: 1 };

describe("the search for conjunctions", () => {
  const { x, labels } = planted(1, 2000, 12);
  const group = Int32Array.from({ length: 12 }, (_, j) => j);

  test("finds a planted box among noise, with its sides and no more conditions", async () => {
    const [found] = await searchAt(problemOf(sortTable(x, labels), ones(2000), ones(2000), 0), 4, { ...OPTIONS, group }, quiet);
    const spans = found.spans.toSorted((a, b) => a.feature - b.feature);
    expect(spans.map(({ feature }) => feature)).toEqual([0, 1, 2]);
    const sides = [spans[0].low, spans[0].high, spans[1].high, spans[2].low];
    // Between the last row inside and the first outside: 2000 rows leave gaps of about 1/300 in the box's shadow.
    [0.3, 0.6, 0.5, 0.4].forEach((side, k) => expect(Math.abs(sides[k] - side)).toBeLessThan(0.02));
    expect([spans[1].low, spans[2].high]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect(found.recall).toBeCloseTo(1, 12);
    expect(found.passed).toBe(0);
  });

  test("each condition is the best there is given the others, by a search of all intervals of all features", async () => {
    const rng = stream(key(5));
    const rows = Array.from({ length: 40 }, () => Array.from({ length: 4 }, () => rng.below(8)));
    const noisy = numbered(rows);
    const called = Int8Array.from(rows, ([a, b]) => (a + b > 7 !== rng.uniform() < 0.15 ? 1 : 0));
    const problem = problemOf(sortTable(noisy, called), ones(40), ones(40), 0);
    const [found] = await searchAt(problem, 1, { ...OPTIONS, leastGain: 0, group: Int32Array.of(0, 1, 2, 3) }, quiet);
    expect(found.spans.length).toBeGreaterThan(1);
    const positives = called.reduce((a, b) => a + b, 0);
    const gain = Array.from(called, (l, i) => (l === 1 ? 1 / positives : -problem.loss[i]));
    found.spans.forEach((_, k) => {
      const rest = found.spans.filter((__, at) => at !== k);
      const inRest = rows.map((row) => rest.every(({ feature, low, high }) => row[feature] >= low && row[feature] <= high));
      const free = [0, 1, 2, 3].filter((j) => !rest.some(({ feature }) => feature === j));
      const best = Math.max(...free.map((j) => bruteForce(rows.map((row) => row[j]), inRest.map((yes) => (yes ? 1 : -1)), gain)));
      expect(found.worth).toBeGreaterThanOrEqual(best - 1e-12);
    });
  });

  test("a wanted recall is kept, and what is let through falls when less is wanted", async () => {
    const rng = stream(key(2));
    const mixed = labels.map((l) => (rng.uniform() < 0.1 ? 1 - l : l));
    const problem = problemOf(sortTable(x, mixed), ones(2000), ones(2000), 0);
    const passed: number[] = [];
    for (const recall of [0.95, 0.7, 0.5]) {
      const [found] = await searchForRecall(problem, recall, { ...OPTIONS, group }, quiet);
      expect(found.recall).toBeGreaterThanOrEqual(recall);
      passed.push(found.passed);
    }
    expect(passed).toEqual(passed.toSorted((a, b) => b - a));
  });

  test("a rule uses one of two features that say the same", async () => {
    const doubled = numbered(Array.from({ length: 500 }, (_, i) => [x.data[i * 12], x.data[i * 12] ** 3, x.data[i * 12 + 1]]));
    const { best } = await mineIntervals(key(1), doubled, labels.slice(0, 500), {}, quiet);
    expect(best.rule.conditions.map(({ feature }) => feature).toSorted()).toEqual(expect.arrayContaining(["x2"]));
    expect(best.rule.conditions.filter(({ feature }) => feature === "x0" || feature === "x1")).toHaveLength(1);
    expect(best.substitutes.flat()).toHaveLength(1);
  });
});

describe("mined rules", () => {
  const { x, labels } = planted(3, 1500, 8);
  const groups = Int32Array.from({ length: 1500 }, (_, i) => Math.floor(i / 3));
  const folds = groupFolds(key(1), groups, { folds: 5 });

  test("a planted box is found out of fold, and by nearly every bootstrap", async () => {
    const { crossValidated, stability, best } = await mineIntervals(key(1), x, labels, { folds, groups, bootstraps: 20 }, quiet);
    expect(best.rule.conditions).toHaveLength(3);
    expect(crossValidated!.separation.recall).toBeGreaterThan(0.93);
    expect(crossValidated!.separation.falsePositiveRate).toBeLessThan(0.03);
    expect(crossValidated!.recall!.low).toBeLessThanOrEqual(crossValidated!.separation.recall);
    expect(stability!.bootstraps).toBe(20);
    for (const { feature, similar } of stability!.conditions) expect(Math.min(feature, similar)).toBeGreaterThan(0.9);
    expect(stability!.overlap).toBeGreaterThan(0.85);
  });

  test("labels that are noise separate nothing out of fold, whatever training says", async () => {
    const noise = Int8Array.from({ length: 1500 }, (_, i) => (permutation(key(4), 1500)[i] < 60 ? 1 : 0));
    const { crossValidated, best } = await mineIntervals(key(1), x, noise, { folds, smoothing: 0, aim: { price: 2 } }, quiet);
    const { recall, falsePositiveRate } = crossValidated!.separation;
    expect(best.training.recall - best.training.falsePositiveRate).toBeGreaterThan(0.15);
    // Three standard errors of a share of 60.
    expect(Math.abs(recall - falsePositiveRate)).toBeLessThan(3 * Math.sqrt(0.25 / 60));
  });

  test("do not depend on the order of rows, nor see those labelled neither", async () => {
    const order = permutation(key(8), 1500);
    const { best } = await mineIntervals(key(1), x, labels, {}, quiet);
    const shuffled = await mineIntervals(key(1), selectTableRows(x, order), Int8Array.from(order, (i) => labels[i]), {}, quiet);
    expect(shuffled.best.rule).toEqual(best.rule);
    const wild = { ...x, data: x.data.map((v, at) => (at < 80 ? 1e6 : v)) };
    const ignored = labels.map((l, i) => (i < 10 ? -1 : l));
    const without = await mineIntervals(key(1), selectTableRows(x, Int32Array.from({ length: 1490 }, (_, i) => i + 10)), labels.slice(10), { correlated: 2 }, quiet);
    expect((await mineIntervals(key(1), wild, ignored, { correlated: 2 }, quiet)).best.rule).toEqual(without.best.rule);
  });

  test("smoothing keeps new positives that tight intervals lose", async () => {
    const rng = stream(key(6));
    const rows = Array.from({ length: 2040 }, (_, i) => Array.from({ length: 10 }, () => (i < 40 ? 0.3 : 2) * rng.normal()));
    const sparse = numbered(rows);
    const called = Int8Array.from(rows, (_, i) => (i < 40 ? 1 : 0));
    const split = randomFolds(key(2), 2040, { folds: 10 });
    const recall = async (smoothing: number) => (await mineIntervals(key(1), sparse, called, { folds: split, smoothing }, quiet)).crossValidated!.separation.recall;
    expect(await recall(1)).toBeGreaterThan((await recall(0)) + 0.05);
  });

  test("a constant is no condition, whatever rounding makes of its spread, and whole numbers are told apart between them", async () => {
    const rng = stream(key(12));
    // 0.1 added up thirty times is not thirty times 0.1: a constant column has a spread of rounding errors.
    const rows = Array.from({ length: 300 }, (_, i) => [0.1 + (i % 3) * 1e-17, i < 60 ? 3 + (i % 2) : rng.below(3), rng.normal()]);
    const x = table(["constant", "count", "noise"].map((name) => ({ name, unit: one, about: "" })), rows);
    const labels = Int8Array.from(rows, (_, i) => (i < 60 ? 1 : 0));
    const { best, alternatives } = await mineIntervals(key(1), x, labels, {}, quiet);
    expect(best.rule.conditions.map(({ feature }) => feature)).toEqual(["count"]);
    const { low, high } = best.rule.conditions[0]!;
    expect([Math.ceil(low!), high]).toEqual([3, undefined]);
    expect(best.training).toMatchObject({ recall: 1, falsePositiveRate: 0 });
    expect([best, ...alternatives].flatMap(({ rule }) => rule.conditions).some(({ feature }) => feature === "constant")).toBe(false);
  });

  test("refuse tables without positives, and lengths that differ", async () => {
    await expect(mineIntervals(key(1), x, new Int8Array(1500), {}, quiet)).rejects.toThrow("rows to tell apart: 0 positives, 1500 negatives");
    await expect(mineIntervals(key(1), x, new Int8Array(3), {}, quiet)).rejects.toThrow("labels: 3 — the table has 1500 rows");
    await expect(mineIntervals(key(1), x, labels, { aim: { minimumRecall: 2 } }, quiet)).rejects.toThrow("minimum recall: 2");
  });

  test("stop when they are told to", async () => {
    const stop = new AbortController();
    stop.abort(new Error("stopped"));
    await expect(mineIntervals(key(1), x, labels, {}, { ...quiet, signal: stop.signal })).rejects.toThrow("stopped");
  });
});

describe("a rule", () => {
  const rule: IntervalRule = { conditions: [{ feature: "radius variance", unit: parseUnit("pm^2"), low: 4.1, high: 210 }, { feature: "density", unit: parseUnit("g/cm^3"), high: 9.3 }] };

  test("reads as a sentence with units", () => {
    expect(formatRule(rule, { label: (name) => (name === "radius variance" ? "variance of radius" : name) })).toBe("4.1 ≤ variance of radius ≤ 210 pm² and density ≤ 9.3 g/cm³");
    expect(formatCondition({ feature: "x", unit: one, low: -2 })).toBe("x ≥ −2");
    expect(formatRule({ conditions: [] })).toBe("always");
  });

  test("covers rows of tables in other units and orders, after a round trip through JSON", () => {
    const x = table([{ name: "density", unit: parseUnit("kg/m^3"), about: "" }, { name: "radius variance", unit: parseUnit("pm^2"), about: "" }], [[9000, 4.1], [9300, 210], [9400, 100], [100, 4], [Number.NaN, 100]]);
    expect(Array.from(covers(JSON.parse(JSON.stringify(rule)) as IntervalRule, x))).toEqual([1, 1, 0, 0, 0]);
    expect(() => covers({ conditions: [{ feature: "hardness", unit: one, low: 1 }] }, x)).toThrow('missing feature: "hardness"');
  });

  test("is counted over negatives and their subsets, by weight", () => {
    const separation = separationOf([1, 0, 1, 1, 0, 1], Int8Array.of(1, 1, 0, 0, 0, -1), { weights: Float64Array.of(1, 3, 2, 1, 1, 9), subsets: [{ name: "realistic", weights: Float64Array.of(0, 0, 0, 1, 1, 0) }] });
    expect(separation).toEqual({ positives: 4, negatives: 4, support: 4, precision: 1 / 4, recall: 1 / 4, falsePositiveRate: 3 / 4, subsets: [{ name: "realistic", negatives: 2, falsePositiveRate: 1 / 2 }] });
  });
});
