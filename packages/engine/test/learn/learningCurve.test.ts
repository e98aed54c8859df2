import { expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { key, stream } from "../../src/base/key.ts";
import { one } from "../../src/base/unit.ts";
import { randomFolds } from "../../src/data/splits.ts";
import type { Table, Targets } from "../../src/data/types.ts";
import { learners } from "../../src/learn/catalogue.ts";
import { inThisThread } from "../../src/learn/jobs.ts";
import { learningCurve } from "../../src/learn/learningCurve.ts";

const n = 80;
const rng = stream(key(3));
const x: Table = { rows: n, cols: 2, data: Float64Array.from({ length: 2 * n }, () => rng.normal()), features: ["a", "b"].map((name) => ({ name, unit: one, about: "", block: "r" })) };
const targets = (values: (i: number) => number): Targets => ({ rows: n, columns: [{ kind: "number", name: "y", unit: one, values: Float64Array.from({ length: n }, (_, i) => values(i)) }], names: Array.from({ length: n }, (_, i) => `row ${i}`) });
const curve = async (y: Targets, name: string) => (await learningCurve({ x, y, folds: randomFolds(key(1), n, { folds: 4 }), learners: [{ name }], sizes: [0.15, 0.5, 1] }, inThisThread(learners), key(2), quiet))[0];

test("errors fall with the rows, and a point that cannot be learnt is left empty", async () => {
  const sound = await curve(targets((i) => Math.sin(2 * x.data[2 * i]) + 0.1 * x.data[2 * i + 1]), "gp");
  expect(sound.points.map(({ rows }) => rows)).toEqual([9, 30, 60]);
  expect(sound.points[2].error!).toBeLessThan(sound.points[0].error!);
  const rare = await curve(targets((i) => (i % 20 === 0 ? 1 : 0)), "gp");
  expect(rare.points.map(({ error }) => error === null)).toEqual([true, false, false]);
});
