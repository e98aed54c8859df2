import { describe, expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { key, permutation, stream } from "../../src/base/key.ts";
import { one } from "../../src/base/unit.ts";
import type { NumberColumn, Table, Targets } from "../../src/data/types.ts";
import { linear } from "../../src/learn/bayesianLinear.ts";
import { learners, recipes } from "../../src/learn/catalogue.ts";
import { takeRows } from "../../src/learn/inputs.ts";
import { mutualInformation, relevantFeatures } from "../../src/learn/relevance.ts";
import { selected } from "../../src/learn/selected.ts";

/** The definition: Σ p(a, b) log p(a, b) / p(a) p(b), less (cells of a − 1)(cells of b − 1) / 2n. */
function plainInformation(a: readonly number[], b: readonly number[]): number {
  const n = a.length;
  const share = (test: (i: number) => boolean) => a.filter((_, i) => test(i)).length / n;
  let sum = 0;
  for (const u of new Set(a)) for (const v of new Set(b)) {
    const p = share((i) => a[i] === u && b[i] === v);
    if (p > 0) sum += p * Math.log(p / share((i) => a[i] === u) / share((i) => b[i] === v));
  }
  return sum - ((new Set(a).size - 1) * (new Set(b).size - 1)) / (2 * n);
}

const plainRank = (values: readonly number[]): readonly number[] => values.map((v) => (values.filter((u) => u < v).length + (values.filter((u) => u === v).length - 1) / 2) / (values.length - 1));

function plainCorrelation(a: readonly number[], b: readonly number[]): number {
  const centre = (v: readonly number[]) => v.map((u) => u - v.reduce((s, w) => s + w, 0) / v.length);
  const [p, q] = [centre(a), centre(b)];
  const dot = (u: readonly number[], v: readonly number[]) => u.reduce((s, w, i) => s + w * v[i], 0);
  return dot(p, p) * dot(q, q) > 0 ? dot(p, q) / Math.sqrt(dot(p, p) * dot(q, q)) : 0;
}

/** Ding & Peng (2005), the quotient of relevance and mean redundancy, with bins of equally many rows: in full for every step. */
function plainSelection(columns: readonly (readonly number[])[], y: readonly number[], count: number): readonly number[] {
  const bins = Math.max(2, Math.min(16, Math.floor(Math.sqrt(y.length / 5))));
  const cut = (values: readonly number[]) => plainRank(values).map((r) => Math.min(bins - 1, Math.floor(r * bins)));
  const relevance = columns.map((c) => Math.sqrt(Math.max(0, 1 - Math.exp(-2 * plainInformation(cut(c), cut(y))))));
  const chosen: number[] = [];
  while (chosen.length < count) {
    const scores = columns.map((c, j) => {
      if (chosen.includes(j) || relevance[j] <= 0) return Number.NEGATIVE_INFINITY;
      const redundancy = chosen.map((k) => Math.abs(plainCorrelation(plainRank(c), plainRank(columns[k]))));
      return chosen.length === 0 ? relevance[j] : relevance[j] / Math.max(0.1, redundancy.reduce((a, b) => a + b, 0) / chosen.length);
    });
    const best = scores.indexOf(Math.max(...scores));
    if (scores[best] === Number.NEGATIVE_INFINITY) break;
    chosen.push(best);
  }
  return chosen;
}

interface Sample {
  readonly columns: readonly (readonly number[])[];
  readonly y: readonly number[];
}

/** Two causes, a near copy of the first, a weak mixture, counts, a constant, and noise. */
function sample(seed: number, n: number): Sample {
  const rng = stream(key(seed));
  const rows = Array.from({ length: n }, () => {
    const [a, b] = [rng.normal(), rng.normal()];
    return { row: [a, a + 0.1 * rng.normal(), b, a + b + rng.normal(), rng.below(3), 7, rng.normal(), rng.normal()], y: 3 * a + Math.exp(b) + 0.3 * rng.normal() };
  });
  return { columns: rows[0].row.map((_, j) => rows.map(({ row }) => row[j])), y: rows.map((r) => r.y) };
}

const tableOf = ({ columns, y }: Sample, kinds: Readonly<Record<number, "category">> = {}): Table => ({ rows: y.length, cols: columns.length, data: Float64Array.from({ length: y.length * columns.length }, (_, at) => columns[at % columns.length][Math.floor(at / columns.length)]), features: columns.map((_, j) => ({ name: `f${j}`, unit: one, about: "", block: "r", ...(kinds[j] && { kind: kinds[j] }) })) });
const numbers = (y: readonly number[]): NumberColumn => ({ kind: "number", name: "y", unit: one, values: Float64Array.from(y) });

test("mutual information is what its definition says, for codes of any shape", () => {
  for (const seed of [1, 2, 3]) {
    const rng = stream(key(seed));
    const a = Array.from({ length: 200 }, () => rng.below(5));
    const b = a.map((v) => (rng.uniform() < 0.5 ? v : rng.below(4)));
    expect(mutualInformation(Int32Array.from(a), Int32Array.from(b))).toBeCloseTo(plainInformation(a, b), 12);
  }
});

describe("relevant features", () => {
  test.each([1, 2, 3, 4])("are chosen as a plain implementation chooses them (sample %i)", (seed) => {
    const drawn = sample(seed, 240);
    expect(Array.from(relevantFeatures(tableOf(drawn), numbers(drawn.y), 6).chosen)).toEqual(plainSelection(drawn.columns, drawn.y, 6));
  });

  test("leave the near copy for after the second cause, and never take what tells nothing", () => {
    const drawn = sample(5, 600);
    const { chosen, relevance } = relevantFeatures(tableOf(drawn), numbers(drawn.y), 8);
    expect(Math.min(chosen.indexOf(0), chosen.indexOf(1))).toBe(0);
    expect(chosen.indexOf(2)).toBeLessThan(Math.max(chosen.indexOf(0), chosen.indexOf(1)));
    expect(chosen).not.toContain(5);
    expect(relevance[5]).toBe(0);
  });

  test("are the same on another scale of features and target", () => {
    const drawn = sample(6, 300);
    const warped = { columns: drawn.columns.map((c, j) => c.map((v) => (j % 2 ? Math.exp(v) : 3 * v - 8))), y: drawn.y.map((v) => v ** 3) };
    expect(relevantFeatures(tableOf(warped), numbers(warped.y), 5).chosen).toEqual(relevantFeatures(tableOf(drawn), numbers(drawn.y), 5).chosen);
  });

  test("of classes and of categories are found too: the order of codes tells nothing", () => {
    const rng = stream(key(8));
    const kinds = Array.from({ length: 400 }, () => rng.below(6));
    const columns = [kinds, kinds.map(() => rng.below(6)), kinds.map(() => rng.normal())];
    const codes = Int32Array.from(kinds, (v) => [2, 0, 1, 0, 2, 1][v]);
    const { chosen, relevance } = relevantFeatures(tableOf({ columns, y: kinds }, { 0: "category", 1: "category" }), { kind: "category", name: "y", levels: ["a", "b", "c"], codes }, 3);
    expect(chosen[0]).toBe(0);
    expect(relevance[0]).toBeGreaterThan(0.9);
    expect(Math.max(relevance[1], relevance[2])).toBeLessThan(0.3);
  });

  test("missing values are a value of their own", () => {
    const rng = stream(key(9));
    const y = Array.from({ length: 300 }, () => rng.normal());
    const columns = [y.map((v) => (v > 0 ? Number.NaN : 1)), y.map(() => rng.normal())];
    expect(Array.from(relevantFeatures(tableOf({ columns, y }), numbers(y), 1).chosen)).toEqual([0]);
  });
});

const targetsOf = (y: readonly number[]): Targets => ({ rows: y.length, columns: [numbers(y)], names: y.map((_, i) => `row ${i}`) });

test("a learner of selected features needs these alone, and chooses the same whatever the order of rows", async () => {
  const drawn = sample(10, 200);
  const [x, y] = [tableOf(drawn), targetsOf(drawn.y)];
  const model = await selected({ learner: linear(), features: 3 }).fit(x, y, key(1), quiet);
  expect(model.inputs).toHaveLength(3);
  const order = permutation(key(2), 200);
  const again = await selected({ learner: linear(), features: 3 }).fit(takeRows(x, order), targetsOf(Array.from(order, (i) => drawn.y[i])), key(1), quiet);
  expect(again.inputs.map(({ name }) => name)).toEqual(model.inputs.map(({ name }) => name));
});

test("features that the learner names stay, also inside another", async () => {
  const drawn = sample(10, 200);
  const [x, y] = [tableOf(drawn), targetsOf(drawn.y)];
  const free = await learners["selected"]!({ learner: "boosting", options: { rounds: 5 }, features: 2 }).fit(x, y, key(1), quiet);
  const left = x.features.find(({ name }) => free.inputs.every((input) => input.name !== name))!.name;
  const options = { rounds: 5, monotone: { [left]: "rising" } };
  for (const inner of [{ learner: "boosting", options }, { learner: "tuned", options: { learner: "boosting", options, seconds: 0 } }, { learner: "pool", options: { members: [{ learner: "boosting", options }] } }]) {
    const model = await learners["selected"]!({ ...inner, features: 2 }).fit(x, y, key(1), quiet);
    expect(model.inputs.map(({ name }) => name)).toContain(left);
  }
});

test("where nothing has to do with the target, all features stay", async () => {
  const rng = stream(key(11));
  const columns = [Array.from({ length: 60 }, () => 1), Array.from({ length: 60 }, (_, i) => i % 2)];
  const y = Array.from({ length: 60 }, () => rng.normal());
  const drawn = { columns, y };
  expect(Array.from(relevantFeatures(tableOf(drawn), numbers(y), 2).chosen)).toEqual([]);
  expect((await selected({ learner: linear(), features: 1 }).fit(tableOf(drawn), targetsOf(y), key(1), quiet)).inputs.length).toBeGreaterThan(0);
});

test.each([
  [{ learner: "tree" }, 'unknown learner of selected: "tree"'],
  [{ learner: "linear", features: 0 }, "bad option of selected: features = 0"],
  [{ learner: "linear", options: { trees: 3 } }, 'unknown option of linear: "trees"'],
])("the options %j are refused", (options, message) => {
  expect(() => learners["selected"]!(options)).toThrow(message);
});

test("its forecast is that of the inner learner on the features that are left", () => {
  const seconds = (features: number) => recipes["selected"]!.needs({ learner: "forest", features }).seconds(400, 1000);
  expect(seconds(50)).toBeGreaterThan(recipes["forest"]!.needs({}).seconds(400, 50));
  expect(seconds(50)).toBeLessThan(recipes["forest"]!.needs({}).seconds(400, 1000));
});
