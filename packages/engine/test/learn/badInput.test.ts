/*
 * What every learner makes of data that are no use, or nearly none: an error that says what is wrong, or a fit whose
 * predictions are distributions. Never a NaN, never an endless loop, never a crash without a word.
 */
import { describe, expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { InputError, NumericalError, UnsupportedError } from "../../src/base/errors.ts";
import { key, stream } from "../../src/base/key.ts";
import { one } from "../../src/base/unit.ts";
import type { Table, Targets } from "../../src/data/types.ts";
import { learners } from "../../src/learn/catalogue.ts";
import { takeRows, takeTargets } from "../../src/learn/inputs.ts";
import { transferMethods } from "../../src/learn/transfer/members.ts";
import type { Model } from "../../src/learn/types.ts";

const trees = { trees: 20 };
const CASES: Readonly<Record<string, readonly [name: string, options?: Readonly<Record<string, unknown>>]>> = {
  linear: ["linear"],
  gp: ["gp", { restarts: 1, iterations: 10 }],
  "heteroscedastic gp": ["gp", { restarts: 1, iterations: 10, noise: "varying" }],
  forest: ["forest", trees],
  "extra-trees": ["extra-trees", trees],
  boosting: ["boosting", { rounds: 30 }],
  "boosting, quantiles": ["boosting", { rounds: 20, loss: "quantile" }],
  ensemble: ["ensemble", { learner: "linear", size: 3 }],
  pool: ["pool", { members: [{ learner: "forest", options: trees }, { learner: "extra-trees", options: trees }] }],
  stack: ["stack", { members: [{ learner: "forest", options: trees }, { learner: "boosting", options: { rounds: 20 } }], folds: 3 }],
  "stack with lines": ["stack", { members: [{ learner: "forest", options: trees }, { learner: "linear" }], folds: 3 }],
  tuned: ["tuned", { learner: "forest", options: trees, seconds: 0.1 }],
  selected: ["selected", { learner: "forest", options: trees, features: 2 }],
  hurdle: ["hurdle", { numbers: { learner: "forest", options: trees }, classes: { learner: "forest", options: trees } }],
  "hurdle, logarithms": ["hurdle", { scale: "log", numbers: { learner: "forest", options: trees }, classes: { learner: "forest", options: trees } }],
  "multi-task-gp": ["multi-task-gp", { restarts: 1, iterations: 5 }],
  "fidelity-gp": ["fidelity-gp", { restarts: 1, iterations: 5 }],
  "kernel-ridge": ["kernel-ridge"],
  shotgun: ["shotgun", { learners: ["linear"], repeats: 1, folds: 3 }],
  ...Object.fromEntries(Object.keys(transferMethods).map((method) => [`transfer, ${method}`, ["transfer", { method }] as const])),
  "transfer, chosen": ["transfer", { methods: ["none", "additive", "difference"], repeats: 1, folds: 3 }],
};

/** Two sound columns of two kinds of learners: the joint ones see both, the others the first alone. */
function sound(n: number): { readonly x: Table; readonly y: Targets; readonly classes: Targets } {
  const rng = stream(key(31));
  const blocks = ["real", "real", "real", "source:other"];
  const x: Table = { rows: n, cols: 4, data: Float64Array.from({ length: 4 * n }, () => rng.normal()), features: blocks.map((block, j) => ({ name: `f${j}`, unit: one, about: "", block, kind: "real" as const })) };
  const values = Float64Array.from({ length: n }, (_, i) => x.data[4 * i] + 0.5 * x.data[4 * i + 3] + 0.2 * rng.normal());
  const names = Array.from(values, (_, i) => `row ${i}`);
  const number = (name: string, v: Float64Array) => ({ kind: "number" as const, name, unit: one, values: v });
  return { x, y: { rows: n, names, columns: [number("y", values)] }, classes: { rows: n, names, columns: [{ kind: "category", name: "y", levels: ["a", "b"], codes: Int32Array.from(values, (v) => Number(v > 0)) }] } };
}

const N = 40;
const { x, y, classes } = sound(N);
const withValues = (change: (v: number, i: number) => number): Targets => ({ ...y, columns: y.columns.map((c) => (c.kind === "number" ? { ...c, values: c.values.map(change) } : c)) });
const withData = (change: (v: number, j: number, i: number) => number): Table => ({ ...x, data: x.data.map((v, at) => change(v, at % 4, Math.floor(at / 4))) });
const rows = (k: number) => Int32Array.from({ length: k }, (_, i) => i);

interface Bad {
  readonly x?: Table;
  readonly y?: Targets;
  /** What every learner of numbers says that refuses it. */
  readonly says?: RegExp;
}

const BAD: Readonly<Record<string, Bad>> = {
  "a constant target": { y: withValues(() => 7), says: /^constant target: every value of "y" is 7 — / },
  "one class": { y: { ...classes, columns: classes.columns.map((c) => (c.kind === "category" ? { ...c, codes: c.codes.map(() => 1) } : c)) } },
  "three rows, fewer than folds": { x: takeRows(x, rows(3)), y: takeTargets(y, rows(3)) },
  "one row": { x: takeRows(x, rows(1)), y: takeTargets(y, rows(1)) },
  "three rows of classes": { x: takeRows(x, rows(3)), y: takeTargets(classes, rows(3)) },
  "no row": { x: takeRows(x, rows(0)), y: takeTargets(y, rows(0)) },
  "NaN in some features": { x: withData((v, j, i) => ((i + j) % 7 === 0 ? Number.NaN : v)) },
  "a feature that is NaN throughout": { x: withData((v, j) => (j === 1 ? Number.NaN : v)) },
  "an infinite feature": { x: withData((v, j, i) => (j === 1 && i === 3 ? Number.POSITIVE_INFINITY : v)) },
  "features of 1e300": { x: withData((v, j) => (j === 1 ? v * 1e300 : v)) },
  "targets of 1e300": { y: withValues((v) => v * 1e300), says: /^target too large: "y" / },
  "targets near the largest number": { y: withValues((_, i) => (i % 2 ? 1.7e308 : -1.7e308)) },
  "one target of 1e300 among small ones": { y: withValues((v, i) => (i === 5 ? 1e300 : v)) },
  "tiny targets": { y: withValues((v) => v * 1e-300), says: /^target too small: "y" / },
  "two identical columns": { x: withData((v, j, i) => (j === 2 ? x.data[4 * i + 1] : v)) },
  "constant features": { x: withData(() => 1) },
};

const fresh = takeRows(sound(60).x, Int32Array.of(41, 45, 50));

async function checkAnswers(model: Model): Promise<void> {
  const [marginal] = (await model.predict(fresh, quiet)).marginals;
  if (marginal.kind === "number") {
    for (const sd of marginal.sd) expect(sd).toBeGreaterThan(0);
    // An infinite spread is honest where the data reach the ends of the numbers.
    for (const sd of marginal.sd) expect(sd).not.toBeNaN();
    for (const mean of marginal.mean) expect(Number.isFinite(mean), `mean ${mean}`).toBe(true);
    return;
  }
  for (const i of [0, 1, 2]) {
    const [a, b] = marginal.probability.data.subarray(2 * i, 2 * i + 2);
    expect(a + b).toBeCloseTo(1, 9);
    expect(Math.min(a, b)).toBeGreaterThanOrEqual(0);
  }
}

test("what should be learnt is: missing and infinite features, equal columns and a lone class of a forest refuse nothing", async () => {
  for (const bad of ["NaN in some features", "a feature that is NaN throughout", "an infinite feature", "two identical columns", "one class"])
    await checkAnswers(await learners["forest"]!(trees).fit(BAD[bad]!.x ?? x, BAD[bad]!.y ?? y, key(1), quiet));
});

describe.each(Object.entries(CASES))("%s", (_, [name, options = {}]) => {
  test.each(Object.entries(BAD))("%s: a clear error, or a sane fit", async (_case, { x: table = x, y: targets = y, says = /^[a-z0-9"].*[:—] ?\S/ }) => {
    let model: Model;
    try {
      model = await learners[name]!(options).fit(table, targets, key(1), quiet);
    } catch (error) {
      expect(error, String((error as Error).stack)).toSatisfy((e: unknown) => e instanceof InputError || e instanceof UnsupportedError || e instanceof NumericalError);
      // What is wrong: the value — what would be right.
      expect((error as Error).message).toMatch(says);
      return;
    }
    await checkAnswers(model);
  }, 20_000);
});
