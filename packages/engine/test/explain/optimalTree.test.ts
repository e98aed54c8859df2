import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { key, stream } from "../../src/base/key.ts";
import { one, parseUnit } from "../../src/base/unit.ts";
import { table } from "../../src/data/table.ts";
import type { CategoryColumn, Table } from "../../src/data/types.ts";
import { formatTree, optimalTree, treeAnswers, type OptimalTree } from "../../src/explain/optimalTree.ts";

const numbered = (rows: readonly (readonly number[])[]): Table => table(rows[0].map((_, j) => ({ name: `x${j}`, unit: one, about: "" })), rows);
const classed = (codes: readonly number[], levels = ["a", "b", "c"]): CategoryColumn => ({ kind: "category", name: "class", levels, codes: Int32Array.from(codes) });

/** Least cost of any tree, by recursion over all questions. */
function bruteForce(rows: readonly { readonly x: readonly number[]; readonly y: number }[], depth: number, cost: readonly number[], minLeaf: number, price: number, thresholds: readonly (readonly number[])[]): number {
  if (rows.length < minLeaf) return Number.POSITIVE_INFINITY;
  const sums = cost.map((c, k) => c * rows.filter(({ y }) => y === k).length);
  let best = sums.reduce((a, b) => a + b, 0) - Math.max(...sums) + price;
  if (depth > 0)
    thresholds.forEach((cuts, j) => {
      for (const cut of cuts) {
        const [yes, no] = [rows.filter(({ x }) => x[j] <= cut), rows.filter(({ x }) => !(x[j] <= cut))];
        best = Math.min(best, bruteForce(yes, depth - 1, cost, minLeaf, price, thresholds) + bruteForce(no, depth - 1, cost, minLeaf, price, thresholds));
      }
    });
  return best;
}

const cells = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })), { minLength: 6, maxLength: 24 });

describe("the optimal tree", () => {
  test.each([1, 2, 3])("of depth %i costs as little as the best of all trees", async (depth) => {
    await fc.assert(
      fc.asyncProperty(cells, fc.integer({ min: 1, max: 4 }), fc.constantFrom(0, 0.03, 0.1), fc.constantFrom<[number, number, number]>([1, 1, 1], [5, 1, 2]), async (rows, minLeaf, leafPrice, weights) => {
        const x = numbered(rows.map(([a, b, c]) => [a, b, c]));
        const found = await optimalTree(x, classed(rows.map(([, , , y]) => y)), { depth, bins: 24, minLeaf, leafPrice, classWeights: weights }, quiet);
        expect(found.questions.asked).toBe(found.questions.of);
        const total = rows.reduce((sum, [, , , y]) => sum + weights[y], 0);
        // Twenty-four bins of at most 24 rows leave every threshold in.
        const thresholds = [0, 1, 2].map((j) => [...new Set(rows.map((row) => row[j]))].toSorted((a, b) => a - b).slice(0, -1));
        const best = bruteForce(rows.map(([a, b, c, y]) => ({ x: [a, b, c], y })), depth, weights.map((w) => w / total), minLeaf, leafPrice, thresholds);
        if (best === Number.POSITIVE_INFINITY) return;
        expect(found.error + leafPrice * found.leaves).toBeCloseTo(best, 7);
        const answers = treeAnswers(found, x);
        expect(rows.reduce((sum, [, , , y], i) => sum + (answers[i] === y ? 0 : weights[y] / total), 0)).toBeCloseTo(found.error, 10);
      }),
      { numRuns: depth === 3 ? 40 : 100 },
    );
  });

  test("finds what greed cannot: exclusive or", async () => {
    const rng = stream(key(1));
    const rows = Array.from({ length: 400 }, () => [rng.uniform(), rng.uniform(), rng.uniform(), rng.uniform()]);
    const found = await optimalTree(numbered(rows), classed(rows.map(([a, b]) => (a > 0.5 !== b > 0.5 ? 1 : 0)), ["no", "yes"]), { depth: 2, bins: 10 }, quiet);
    // The bins' edges are quantiles, near one half but not at it.
    expect(found.error).toBeLessThan(0.06);
    expect(found.leaves).toBe(4);
  });

  test("balanced classes are not answered by the commoner one alone", async () => {
    const rows = Array.from({ length: 200 }, (_, i) => [i % 20, (i * 7) % 11]);
    const y = classed(rows.map(([a], i) => (a >= 15 && i % 3 > 0 ? 1 : 0)), ["no", "yes"]);
    const plain = await optimalTree(numbered(rows), y, { depth: 1, leafPrice: 0.2 }, quiet);
    const balanced = await optimalTree(numbered(rows), y, { depth: 1, leafPrice: 0.2, classWeights: "balanced" }, quiet);
    expect(plain.leaves).toBe(1);
    expect(balanced.leaves).toBe(2);
    expect(balanced.error).toBeCloseTo(17 / 167 / 2, 2);
  });

  test("reads as questions, is plain data, and sends missing values to no", async () => {
    const x = table([{ name: "radius", unit: parseUnit("pm"), about: "" }], [[1], [2], [3], [140], [150], [160]]);
    const tree = await optimalTree(x, classed([0, 0, 0, 1, 1, -1], ["small", "large"]), { depth: 3, minLeaf: 1, bins: 6 }, quiet);
    expect(formatTree(tree)).toBe("radius ≤ 40 pm?\n  yes: small (3 of 3)\n  no: large (2 of 2)");
    const revived = JSON.parse(JSON.stringify(tree)) as OptimalTree;
    expect(Array.from(treeAnswers(revived, table(x.features, [[5], [Number.NaN], [200]])))).toEqual([0, 1, 1]);
  });

  test("says how many questions it left out, and refuses depths it cannot search", async () => {
    const rng = stream(key(2));
    const x = numbered(Array.from({ length: 100 }, () => Array.from({ length: 6 }, () => rng.uniform())));
    const y = classed(Array.from({ length: 100 }, (_, i) => (x.data[6 * i] > 0.4 ? 1 : 0)), ["no", "yes"]);
    const { questions, error } = await optimalTree(x, y, { questions: 10 }, quiet);
    expect(questions).toEqual({ asked: 10, of: 42 });
    expect(error).toBeLessThan(0.1);
    await expect(optimalTree(x, y, { depth: 4 }, quiet)).rejects.toThrow("depth of a tree: 4 — 1, 2 or 3");
  });
});
