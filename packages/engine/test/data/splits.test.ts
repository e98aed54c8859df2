import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { key, stream } from "../../src/base/key.ts";
import { one } from "../../src/base/unit.ts";
import { clusterBy, clusterFolds, clusterRows } from "../../src/data/clusters.ts";
import { foldSizes, groupFolds, randomFolds, stratifiedFolds, trainingRows } from "../../src/data/splits.ts";
import { table } from "../../src/data/table.ts";
import type { Folds } from "../../src/data/types.ts";

const isPartition = (folds: Folds, n: number): void => {
  expect(folds.test.flatMap((rows) => Array.from(rows)).toSorted((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
  folds.test.forEach((rows, f) => expect([...trainingRows(folds, f), ...rows].toSorted((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i)));
};
const sizes = fc.tuple(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 6, max: 80 }), fc.nat());

describe("folds are disjoint, complete, repeatable", () => {
  test("at random, of sizes within one", () => {
    fc.assert(
      fc.property(sizes, ([folds, n, seed]) => {
        const split = randomFolds(key(seed), n, { folds });
        isPartition(split, n);
        expect(Math.max(...foldSizes(split)) - Math.min(...foldSizes(split))).toBeLessThanOrEqual(1);
        expect(randomFolds(key(seed), n, { folds })).toEqual(split);
      }),
    );
  });

  test("stratified, every class within one of even", () => {
    fc.assert(
      fc.property(sizes, fc.array(fc.integer({ min: -1, max: 3 }), { minLength: 6, maxLength: 80 }), ([folds, , seed], codes) => {
        const split = stratifiedFolds(key(seed), Int32Array.from(codes), { folds });
        isPartition(split, codes.length);
        for (const code of new Set(codes)) {
          const counts = split.test.map((rows) => rows.filter((r) => codes[r] === code).length);
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test("by groups, no group divided and no fold larger than the greedy bound", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 4 }), fc.nat(), fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 80 }), (folds, seed, groups) => {
        fc.pre(new Set(groups).size >= folds);
        const split = groupFolds(key(seed), groups, { folds });
        isPartition(split, groups.length);
        for (const group of new Set(groups)) expect(split.test.filter((rows) => rows.some((r) => groups[r] === group)).length).toBe(1);
        const largest = Math.max(...Array.from(new Set(groups), (g) => groups.filter((h) => h === g).length));
        expect(Math.max(...foldSizes(split))).toBeLessThanOrEqual(groups.length / folds + largest);
        expect(Math.min(...foldSizes(split))).toBeGreaterThan(0);
      }),
    );
  });
});

test("with names, reordering rows does not move a row to another fold", () => {
  const names = Array.from({ length: 40 }, (_, i) => `row ${i}`);
  const groups = names.map((_, i) => `g${i % 9}`);
  const order = [...names.keys()].toReversed();
  const members = (folds: Folds, rowNames: readonly string[]) => folds.test.map((rows) => Array.from(rows, (r) => rowNames[r]!).toSorted());
  const turned = order.map((i) => names[i]!);
  expect(members(randomFolds(key(3), 40, { folds: 4, names: turned }), turned)).toEqual(members(randomFolds(key(3), 40, { folds: 4, names }), names));
  expect(members(groupFolds(key(3), order.map((i) => groups[i]!), { folds: 4, names: turned }), turned)).toEqual(members(groupFolds(key(3), groups, { folds: 4, names }), names));
});

test("numbers of folds that cannot be are refused", () => {
  expect(() => randomFolds(key(1), 3, { folds: 4 })).toThrow("too many folds: 4 — there are 3 rows");
  expect(() => groupFolds(key(1), ["a", "a", "b"], { folds: 3 })).toThrow("too many folds: 3 — there are 2 groups");
  expect(() => randomFolds(key(1), 3, { folds: 1 })).toThrow("number of folds: 1");
  expect(() => randomFolds(key(1), 3, { folds: 2.5 })).toThrow("number of folds: 2.5");
});

const counts = (rows: readonly (readonly number[])[]) => table(rows[0]!.map((_, j) => ({ name: `f${j}`, unit: one, about: "", kind: "count" as const })), rows);
const tanimoto = (a: readonly number[], b: readonly number[]): number => {
  const least = a.reduce((s, v, j) => s + Math.min(v, b[j]!), 0);
  const most = a.reduce((s, v, j) => s + Math.max(v, b[j]!), 0);
  return most === 0 ? 1 : least / most;
};
const sparse = fc.array(fc.array(fc.constantFrom(0, 0, 0, 1, 2), { minLength: 8, maxLength: 8 }), { minLength: 3, maxLength: 30 });

test("the inverted index gives the clusters of the plain definition", async () => {
  await fc.assert(
    fc.asyncProperty(sparse, fc.constantFrom(0.2, 0.5, 1), fc.nat(), async (rows, threshold, seed) => {
      const fast = await clusterRows(key(seed), counts(rows), { threshold }, quiet);
      const plain = await clusterBy(key(seed), rows.length, (i, j) => tanimoto(rows[i]!, rows[j]!), { threshold }, quiet);
      expect(fast).toEqual(plain);
    }),
  );
});

test("members are as similar to their cluster's first row as the threshold, leaders are not", async () => {
  const rng = stream(key(5));
  const rows = Array.from({ length: 200 }, () => Array.from({ length: 16 }, () => (rng.uniform() < 0.3 ? 1 + rng.below(2) : 0)));
  const cluster = await clusterRows(key(1), counts(rows), { threshold: 0.5 }, quiet);
  const members = Array.from({ length: Math.max(...cluster) + 1 }, (_, c) => rows.filter((_, i) => cluster[i] === c));
  for (const part of members) expect(part.some((leader) => part.every((row) => tanimoto(leader, row) >= 0.5))).toBe(true);
});

test("identical rows share a cluster and families of real-valued rows are found", async () => {
  const rng = stream(key(9));
  const rows = Array.from({ length: 90 }, (_, i) => Array.from({ length: 5 }, () => 10 * (i % 3) + rng.normal() * 0.1));
  const x = table(Array.from({ length: 5 }, (_, j) => ({ name: `x${j}`, unit: one, about: "" })), rows);
  const cluster = await clusterRows(key(2), x, { threshold: 0.9 }, quiet);
  expect(new Set(cluster).size).toBe(3);
  rows.forEach((_, i) => expect(cluster[i]).toBe(cluster[i % 3]));
});

test("cluster folds keep clusters whole and take the widest ones that fit into a fold", async () => {
  const rng = stream(key(4));
  const rows = Array.from({ length: 120 }, (_, i) => Array.from({ length: 24 }, (_, j) => (j % 12 === i % 12 ? 3 : rng.uniform() < 0.05 ? 1 : 0)));
  const folds = await clusterFolds(key(6), counts(rows), { folds: 4 }, quiet);
  isPartition(folds, 120);
  expect(folds.id).toMatch(/^cluster\(folds=4, threshold=0\.\d+, clusters=\d+\)$/);
  for (let family = 0; family < 12; family++) expect(folds.test.filter((part) => part.some((r) => r % 12 === family)).length).toBeLessThanOrEqual(2);
  expect(await clusterFolds(key(6), counts(rows), { folds: 4 }, quiet)).toEqual(folds);
  await expect(clusterFolds(key(6), counts(Array(20).fill(rows[0])), { folds: 4 }, quiet)).rejects.toThrow("too many folds: 4 — there are 1 groups");
  await expect(clusterFolds(key(6), counts(rows), { folds: 4, threshold: 2 }, quiet)).rejects.toThrow("similarity threshold: 2");
});

test("clustering stops when it is asked to", async () => {
  const stopped = { ...quiet, signal: AbortSignal.abort(new Error("stopped by the user")) };
  await expect(clusterRows(key(1), counts([[1, 0], [0, 1]]), { threshold: 0.5 }, stopped)).rejects.toThrow("stopped by the user");
});
