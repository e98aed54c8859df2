import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { type Key, fold, key, split, stream } from "../../src/base/key.ts";
import { one } from "../../src/base/unit.ts";
import type { Table, Targets } from "../../src/data/types.ts";
import { solveSquare } from "./plainSolve.ts";
import { linear } from "../../src/learn/bayesianLinear.ts";
import { learners, recipes } from "../../src/learn/catalogue.ts";
import { forest } from "../../src/learn/forest/forest.ts";
import { innerFolds } from "../../src/learn/innerFolds.ts";
import { inThisThread } from "../../src/learn/jobs.ts";
import { type CategoryOutOfFold, type NumberOutOfFold, type OutOfFold, crossValidate } from "../../src/learn/outOfFold.ts";
import { stack } from "../../src/learn/stack.ts";
import { nestedStack, stackWeights } from "../../src/learn/stackWeights.ts";
import type { Learner, Model } from "../../src/learn/types.ts";
import { normalMarginal } from "../../src/prob/marginal.ts";
import { predictive } from "../../src/prob/predictive.ts";

/** Out-of-fold predictions of several learners that err in their own ways; 4 folds. */
function numberMembers(seed: number, n: number, errors: readonly number[]): readonly NumberOutOfFold[] {
  const rng = stream(key(seed));
  const y = Float64Array.from({ length: n }, () => 5 + 3 * rng.normal());
  const fold = Int32Array.from({ length: n }, (_, i) => i % 4);
  return errors.map((size) => ({ kind: "number", name: "y", unit: one, rows: Int32Array.from(y.keys()), fold, y, mean: y.map((v) => v + size * rng.normal()), sd: new Float64Array(n).fill(size) }));
}

function classMembers(seed: number, n: number, sharpness: readonly number[]): readonly CategoryOutOfFold[] {
  const rng = stream(key(seed));
  const codes = Int32Array.from({ length: n }, () => rng.below(3));
  const fold = Int32Array.from({ length: n }, (_, i) => i % 4);
  return sharpness.map((size) => {
    const probability = new Float64Array(3 * n);
    codes.forEach((code, i) => {
      const logits = [0, 1, 2].map((c) => (c === code ? size : 0) + rng.normal());
      const total = logits.reduce((sum, l) => sum + Math.exp(l), 0);
      logits.forEach((l, c) => (probability[3 * i + c] = Math.exp(l) / total));
    });
    return { kind: "category", name: "y", levels: ["a", "b", "c"], rows: Int32Array.from(codes.keys()), fold, codes, probability };
  });
}

/** The least of the weighted squared error over the simplex, by the minimum on each of its faces. */
function bruteForce(members: readonly NumberOutOfFold[], rowWeights: Float64Array): readonly number[] {
  const [{ y }] = members;
  const m = members.length;
  const loss = (w: readonly number[]) => y.reduce((sum, v, i) => sum + rowWeights[i] * (v - w.reduce((s, wk, k) => s + wk * members[k].mean[i], 0)) ** 2, 0);
  let [best, least] = [[] as readonly number[], Number.POSITIVE_INFINITY];
  for (let set = 1; set < 2 ** m; set++) {
    const face = Array.from({ length: m }, (_, k) => k).filter((k) => (set >> k) & 1);
    // 2 Aw + multiplier = 2 b on the face, weights sum to one.
    const rows = face.map((k) => [...face.map((l) => y.reduce((s, _, i) => s + rowWeights[i] * members[k].mean[i] * members[l].mean[i], 0)), 1]);
    const right = [...face.map((k) => y.reduce((s, v, i) => s + rowWeights[i] * members[k].mean[i] * v, 0)), 1];
    const solved = solveSquare([...rows, [...face.map(() => 1), 0]], right).slice(0, -1);
    if (solved.some((w) => w < 0)) continue;
    const weights = Array.from({ length: m }, (_, k) => (face.includes(k) ? solved[face.indexOf(k)] : 0));
    if (loss(weights) < least) [best, least] = [weights, loss(weights)];
  }
  return best;
}

/** Parts below two per cent are left out of a stack. */
function tidied(weights: readonly number[]): readonly number[] {
  const kept = weights.map((w) => (w < 0.02 ? 0 : w));
  return kept.map((w) => w / kept.reduce((a, b) => a + b, 0));
}

describe("weights of a stack", () => {
  test("of numbers are those of least squared error on the simplex, as the minimum over all faces says", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.array(fc.double({ min: 0.2, max: 4, noNaN: true }), { minLength: 2, maxLength: 5 }), fc.boolean(), (seed, errors, weighted) => {
        const members = numberMembers(seed, 40, errors);
        const rng = stream(key(seed + 1));
        const rowWeights = Float64Array.from({ length: 40 }, () => (weighted ? 0.1 + rng.uniform() : 1));
        const { weights } = stackWeights(members, weighted ? rowWeights : undefined);
        tidied(bruteForce(members, rowWeights)).forEach((w, k) => expect(weights[k]).toBeCloseTo(w, 6));
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  test("of classes are where no weight can move to a better member: the mean ratio is 1 for all that have weight, and at most 1 for the others", () => {
    for (const seed of [1, 2, 3]) {
      const members = classMembers(seed, 300, [2.5, 2, 0.2]);
      const { weights } = stackWeights(members);
      const [{ codes }] = members;
      const p = members.map(({ probability }) => Array.from(codes, (code, i) => probability[3 * i + code]));
      const ratio = p.map((own) => own.reduce((sum, v, i) => sum + v / p.reduce((s, other, k) => s + weights[k] * other[i], 0), 0) / codes.length);
      weights.forEach((w, k) => (w > 0 ? expect(ratio[k]).toBeCloseTo(1, 2) : expect(ratio[k]).toBeLessThan(1.01)));
      expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    }
  });

  test("of classes are found where every member calls what came true impossible", () => {
    const members = classMembers(4, 60, [2, 1]).map((oof) => ({ ...oof, probability: oof.probability.map((p, at) => (Math.floor(at / 3) === 7 ? Number(at % 3 === (oof.codes[7] + 1) % 3) : p)) }));
    const { weights } = stackWeights(members);
    expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  });

  test("two equally good members with errors of their own share it, and are better together than either", () => {
    const members = numberMembers(5, 4000, [1, 1]);
    const { weights } = stackWeights(members);
    // The part's standard error is sd(error difference)⁻¹ n^-1/2 ≈ 0.011.
    weights.forEach((w) => expect(Math.abs(w - 0.5)).toBeLessThan(0.04));
    const mixed = nestedStack(members) as NumberOutOfFold;
    const rmse = ({ y, mean }: NumberOutOfFold) => Math.sqrt(y.reduce((s, v, i) => s + (v - mean[i]) ** 2, 0) / y.length);
    expect(rmse(mixed)).toBeLessThan(0.75 * rmse(members[0]));
  });

  test.each([["numbers", numberMembers(9, 80, [1, 1.2, 2]), 17], ["classes", classMembers(9, 200, [2, 1.5, 1]), 17]] as const)("of a fold's rows do not come from these rows: %s", (_, members: readonly OutOfFold[], row) => {
    const changed = members.map((oof): OutOfFold => (oof.kind === "number" ? { ...oof, y: oof.y.map((v, i) => (oof.fold[i] === oof.fold[row] ? -v : v)) } : { ...oof, codes: oof.codes.map((c, i) => (oof.fold[i] === oof.fold[row] ? (c + 1) % 3 : c)) }));
    const told = (oof: OutOfFold, i: number) => (oof.kind === "number" ? [oof.mean[i], oof.sd[i]] : Array.from(oof.probability.subarray(3 * i, 3 * i + 3)));
    const [before, after] = [nestedStack(members), nestedStack(changed)];
    let moved = 0;
    members[0].fold.forEach((f, i) => (f === members[0].fold[row] ? expect(told(after, i)).toEqual(told(before, i)) : (moved += Number(told(after, i)[0] !== told(before, i)[0]))));
    expect(moved).toBeGreaterThan(0);
  });
});

test("a stack of laws with heaps has the law of each row", () => {
  const hurdle = (members: readonly NumberOutOfFold[], k: number): NumberOutOfFold => {
    const { y, mean, sd } = members[k];
    return { ...members[k], y: y.map((v) => (v < 4 ? 0 : v)), hurdle: { at: 0, scale: "linear", atom: y.map((v, i) => (v < 4 ? 0.9 - 0.1 * k : 0.1 + (i % 7) / 100)), mean, sd } };
  };
  const members = numberMembers(8, 200, [1, 1.3]).map((_, k, all) => hurdle(all, k));
  const mixed = nestedStack(members) as NumberOutOfFold;
  expect(mixed.rows).toEqual(members[0].rows);
  expect(mixed.fold).toEqual(members[0].fold);
  mixed.hurdle!.atom.forEach((p, i) => {
    const own = members.map((oof) => oof.hurdle!.atom[i]);
    expect(p).toBeGreaterThanOrEqual(Math.min(...own) - 1e-12);
    expect(p).toBeLessThanOrEqual(Math.max(...own) + 1e-12);
    if (own[0] - own[1] > 0.05) expect(own[0] - p).toBeGreaterThan(0.01);
  });
});

const n = 90;

function data(seed: number): { readonly x: Table; readonly y: Targets } {
  const rng = stream(key(seed));
  const x: Table = { rows: n, cols: 4, data: Float64Array.from({ length: 4 * n }, () => rng.normal()), features: ["a", "b", "c", "d"].map((name) => ({ name, unit: one, about: "", block: "r" })) };
  const values = Float64Array.from({ length: n }, (_, i) => 2 * x.data[4 * i] + Math.abs(x.data[4 * i + 1]) + 0.3 * rng.normal());
  return { x, y: { rows: n, columns: [{ kind: "number", name: "y", unit: one, values }], names: Array.from(values, (_, i) => `row ${i}`) } };
}

/** Knows by heart what it has seen, and says the mean of anything else. */
const parrot: Learner = {
  id: "parrot",
  acceptsMissing: true,
  complexity: 0,
  fit: async (x, y) => {
    const [column] = y.columns;
    if (column.kind !== "number") throw new Error("numbers only");
    const text = (table: Table, i: number) => table.data.subarray(i * table.cols, (i + 1) * table.cols).join();
    const known = new Map(Array.from(column.values, (v, i) => [text(x, i), v]));
    const mean = column.values.reduce((a, b) => a + b, 0) / x.rows;
    const model: Model = {
      id: "parrot", inputs: x.features, outputs: [{ kind: "number", name: "y", unit: one }],
      predict: async (fresh) => predictive(fresh.rows, [normalMarginal({ name: "y", unit: one, mean: Float64Array.from({ length: fresh.rows }, (_, i) => known.get(text(fresh, i)) ?? mean), sd: new Float64Array(fresh.rows).fill(1) })]),
      toRecord: () => ({ type: "parrot", id: "parrot", inputs: x.features, outputs: model.outputs, state: {} }),
    };
    return model;
  },
};

const mixing = (model: Model): { readonly weights: readonly number[]; readonly factors: readonly number[]; readonly members: readonly unknown[] } => model.toRecord().state as ReturnType<typeof mixing>;

test("a learner that knows the training rows by heart has no weight, because weights are found on rows that members have not seen", async () => {
  const { x, y } = data(3);
  const model = await stack({ members: [{ learner: parrot }, { learner: linear() }] }).fit(x, y, key(1), quiet);
  expect(mixing(model).members).toHaveLength(1);
  expect(mixing(model).weights).toEqual([1]);
});

test("the weights of a fit are those of its members' predictions on inner folds", async () => {
  const { x, y } = data(4);
  const members = [linear(), forest({ trees: 30 })];
  const found = mixing(await stack({ members: members.map((learner) => ({ learner })), folds: 3 }).fit(x, y, key(1), quiet));
  const [foldKey, innerKey] = split(fold(key(1), "y"), 3);
  const folds = innerFolds(foldKey, x, y, 3);
  const oofs = await Promise.all(members.map((learner, k) => crossValidate({ learner: { name: "m" }, x, y, column: 0, folds }, inThisThread({ m: () => learner }), fold(innerKey, k) as Key, quiet)));
  expect(found.weights).toEqual(stackWeights(oofs).weights.filter((w) => w > 0));
  expect(found.members.length).toBeGreaterThan(1);
});

test("weights that are given are taken, and no inner folds are made", async () => {
  const { x, y } = data(5);
  const own = stack({ members: [{ learner: linear(), weight: 3, factor: 2 }, { learner: forest({ trees: 10 }), weight: 1 }] });
  expect(own.id).toBe("stack(3.00 × linear(subset=800), 1.00 × forest(trees=10))");
  const { weights, factors } = mixing(await own.fit(x, y, key(1), quiet));
  expect(weights).toEqual([0.75, 0.25]);
  expect(factors).toEqual([2, 1]);
});

test.each([
  [{ members: [] }, "bad option of stack: members = []"],
  [{ members: [{ learner: "forest" }], folds: 1 }, "bad option of stack: folds = 1"],
  [{ members: [{ learner: "tree" }] }, 'unknown learner of a stack: "tree"'],
  [{ members: [{ learner: "forest", weight: -1 }] }, "bad option of a stack's member: weight = -1"],
  [{ members: [{ learner: "forest", weight: 1 }, { learner: "linear" }] }, "a stack in which 1 of 2 members have weights"],
  [{ members: [{ learner: "forest", weight: 0 }, { learner: "linear", weight: 0 }] }, "bad weights of a stack"],
  [{ members: [{ learner: "forest", factor: 0 }] }, "bad option of a stack's member: factor = 0"],
  [{ members: [{ learner: "forest", blocks: ["a"] }] }, 'unknown option of a stack\'s member: "blocks"'],
])("the options %j are refused", (options, message) => {
  expect(() => learners["stack"]!(options)).toThrow(message);
});

test("a stack costs its members once for each inner fold and once more, and only once with weights", () => {
  const each = recipes["forest"]!.needs({}).seconds(500, 20);
  const seconds = (options: Readonly<Record<string, unknown>>) => recipes["stack"]!.needs(options).seconds(500, 20);
  expect(seconds({ members: [{ learner: "forest" }, { learner: "forest" }], folds: 4 })).toBeCloseTo(10 * each, 9);
  expect(seconds({ members: [{ learner: "forest", weight: 1 }, { learner: "forest", weight: 1 }] })).toBeCloseTo(2 * each, 9);
});
