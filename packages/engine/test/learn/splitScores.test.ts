import { describe, expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { key, stream } from "../../src/base/key.ts";
import { one } from "../../src/base/unit.ts";
import { foldTrials, leavePartOut, randomFolds, sortedTrials } from "../../src/data/splits.ts";
import type { Table, Targets } from "../../src/data/types.ts";
import { recipes, reviveModel } from "../../src/learn/catalogue.ts";
import { type FitOptions, fitModel } from "../../src/learn/fitted.ts";
import type { NamedSplit, SplitScores } from "../../src/learn/splitScores.ts";

const n = 240;
const rng = stream(key(7));
const kinds = Array.from({ length: n }, () => "ABCDE"[rng.below(5)]!);
/** Two features; y is linear in the first, with an offset of its own for each of five parts. */
const data = Float64Array.from({ length: 2 * n }, () => rng.normal());
const offset = { A: 0, B: 3, C: -3, D: 6, E: -6 } as Readonly<Record<string, number>>;
const x: Table = { rows: n, cols: 2, data: data.map((v, at) => (at % 2 === 1 ? offset[kinds[(at - 1) / 2]!]! : v)), features: ["a", "b"].map((name) => ({ name, unit: one, about: "" })) };
const value = Float64Array.from({ length: n }, (_, i) => 2 * x.data[2 * i]! + x.data[2 * i + 1]! + 0.2 * rng.normal());
const names = kinds.map((_, i) => `m${i}`);
const numbers: Targets = { rows: n, names, columns: [{ kind: "number", name: "y", unit: one, values: value }] };
const classes: Targets = { rows: n, names, columns: [{ kind: "category", name: "high", levels: ["no", "yes"], codes: Int32Array.from(value, (v) => Number(v > 0)) }] };
const folds = randomFolds(key(1), n, { folds: 4, names });
const split = (name: string, trials: NamedSplit["trials"]): NamedSplit => ({ name, trials });
const splits = [
  split("other folds", async () => foldTrials(randomFolds(key(9), n, { folds: 4, names }))),
  split("part", async () => leavePartOut(key(1), kinds.map((kind) => [kind]))),
  split("sorted", async (column) => (column.kind === "number" ? sortedTrials(column.values) : [])),
];
const scores = async (learner: string, more: Partial<FitOptions> = {}): Promise<readonly SplitScores[]> =>
  (await fitModel({ table: x, targets: numbers, folds, learner: { name: learner, options: learner === "linear" ? {} : { trees: 40 } }, recipes, splits, splitName: "random", ...more }, reviveModel, key(2), quiet)).validation.splits;
const numberOf = (found: readonly SplitScores[], name: string) => {
  const scored = found.find((s) => s.split === name)!.scores!;
  if (!("nll" in scored)) throw new Error("not numeric");
  return scored;
};

describe("interpolation against extrapolation", () => {
  test("a forest interpolates, fails beyond the values that it has seen, and its bands fail with it", async () => {
    const found = await scores("forest");
    expect(found.map((s) => [s.split, s.own, s.trials.length])).toEqual([["random", true, 4], ["other folds", false, 4], ["part", false, 5], ["sorted", false, 2]]);
    const [own, other, sorted] = [numberOf(found, "random"), numberOf(found, "other folds"), numberOf(found, "sorted")];
    // Both are random splits of the same rows; a mean absolute error of 240 rows is known to some 7 %.
    expect(Math.abs(other.mae! / own.mae! - 1)).toBeLessThan(0.25);
    expect(sorted.mae!).toBeGreaterThan(3 * own.mae!);
    expect(sorted.coverage!).toBeLessThan(own.coverage! - 0.2);
    expect(sorted.nll!).toBeGreaterThan(own.nll!);
  });

  test("a linear model of a linear truth extrapolates as well as it interpolates", async () => {
    const found = await scores("linear");
    for (const name of ["part", "sorted"]) expect(numberOf(found, name).mae!).toBeLessThan(1.3 * numberOf(found, "random").mae!);
  });

  test("each trial tells its own scores, and pooled rows count as often as they are tested", async () => {
    const part = (await scores("linear")).find((s) => s.split === "part")!;
    expect(part.trials.map(({ name }) => name)).toEqual(["without A", "without B", "without C", "without D", "without E"]);
    expect(part.trials.reduce((sum, { scores: s }) => sum + s.rows, 0)).toBe(part.scores!.rows);
    expect(part.trials.every(({ training, scores: s }) => training + s.rows === n)).toBe(true);
  });

  test("classes have accuracy, log loss and area under the ROC curve; nothing can be sorted", async () => {
    const found = await scores("forest", { targets: classes });
    const sorted = found.find((s) => s.split === "sorted")!;
    expect(sorted.scores).toBeNull();
    expect(sorted.note).toContain("no trial is possible");
    const own = found[0]!.scores!;
    if (!("auc" in own)) throw new Error("not classes");
    expect(own.auc!).toBeGreaterThan(0.95);
    expect(own.accuracy!).toBeGreaterThan(0.85);
  });

  test("splits beyond the patience are left out with a note, in order", async () => {
    const seconds = recipes["forest"]!.needs({ trees: 40 }).seconds((3 / 4) * n, 2);
    const found = await scores("forest", { splitPatience: 4.5 * seconds });
    expect(found.map((s) => [s.split, s.scores !== null])).toEqual([["random", true], ["other folds", true], ["part", false], ["sorted", false]]);
    expect(found[2]!.note).toMatch(/^forecast to take \d+ s/);
  });

  test("the figures do not depend on the order of rows", async () => {
    const order = Int32Array.from({ length: n }, (_, i) => (7 * i + 3) % n);
    const shuffled: Table = { ...x, data: Float64Array.from(Array.from(order, (i) => [x.data[2 * i]!, x.data[2 * i + 1]!]).flat()) };
    const targets: Targets = { rows: n, names: Array.from(order, (i) => names[i]!), columns: [{ kind: "number", name: "y", unit: one, values: Float64Array.from(order, (i) => value[i]!) }] };
    const place = new Map(Array.from(order, (i, at) => [i, at]));
    const moved = splits.map((s) => (s.name === "part" ? split("part", async () => leavePartOut(key(1), Array.from(order, (i) => [kinds[i]!]))) : s.name === "other folds" ? split(s.name, async () => foldTrials(randomFolds(key(9), n, { folds: 4, names: targets.names! }))) : s));
    const there = await scores("forest");
    const here = await scores("forest", { table: shuffled, targets, splits: moved, folds: { id: folds.id, test: folds.test.map((rows) => Int32Array.from(rows, (i) => place.get(i)!).sort()) } });
    for (const name of ["random", "other folds", "part", "sorted"]) expect(numberOf(here, name).mae!).toBeCloseTo(numberOf(there, name).mae!, 10);
  });
});
