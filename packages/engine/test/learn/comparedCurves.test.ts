import { describe, expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { InputError } from "../../src/base/errors.ts";
import { key, stream } from "../../src/base/key.ts";
import { one } from "../../src/base/unit.ts";
import type { Table, Targets, Trial } from "../../src/data/types.ts";
import { learners } from "../../src/learn/catalogue.ts";
import { type CurveWay, type TrialCurves, compareCurves, trialCurves, verdictOf } from "../../src/learn/comparedCurves.ts";
import { type Job, type RunJobs, inThisThread } from "../../src/learn/jobs.ts";

const N = 60;
const rng = stream(key(3));
const data = Float64Array.from({ length: 2 * N }, () => rng.normal());
const values = Float64Array.from({ length: N }, (_, i) => (i === 7 ? Number.NaN : data[2 * i] + data[2 * i + 1] + 0.1 * rng.normal()));
const x: Table = { rows: N, cols: 2, data, features: [{ name: "a", unit: one, about: "" }, { name: "s", unit: one, about: "", block: "source:s" }] };
const y: Targets = { rows: N, names: Array.from({ length: N }, (_, i) => `row ${i}`), columns: [{ kind: "number", name: "y", unit: one, values }] };
const trial: Trial = { name: "fold 1", train: Int32Array.from({ length: 45 }, (_, i) => i), test: Int32Array.from({ length: 15 }, (_, i) => 45 + i) };
const ways: readonly CurveWay[] = [
  { name: "blind", transfers: false, learner: { name: "transfer", options: { method: "none", learner: "linear" } } },
  { name: "sighted", transfers: true, learner: { name: "transfer", options: { method: "augmented", learner: "linear" } } },
];
const sizes = [8, 20, 44, 45];

describe("curves of one trial", () => {
  const jobs: Job[] = [];
  const watched: RunJobs = (list, ctx) => {
    jobs.push(...list);
    return inThisThread(learners)(list, ctx);
  };

  test("all ways learn from the same rows, smaller sets lie in larger ones, and rows without a value count as none", async () => {
    const told = await trialCurves({ x, y, column: 0, trial, ways, sizes }, watched, key(1), quiet);
    expect(told.sizes).toEqual([8, 20, 44]);
    for (const rows of told.sizes) {
      const same = jobs.filter(({ train }) => train.length === rows);
      expect(same).toHaveLength(2);
      expect(same[0].train).toEqual(same[1].train);
      expect(same[0].train).not.toContain(7);
    }
    const of = (rows: number) => new Set(jobs.find(({ train }) => train.length === rows)!.train);
    expect([...of(8)].every((row) => of(20).has(row))).toBe(true);
    expect([...of(20)].every((row) => of(44).has(row))).toBe(true);
    const error = (w: number) => told.points[w].at(-1)!.error!;
    expect(error(1)).toBeLessThan(0.3);
    expect(error(0)).toBeGreaterThan(0.7);
    expect(told.points[1].at(-1)!.coverage).toBeGreaterThan(0.7);
  });

  test("the rows drawn do not depend on the order of the table", async () => {
    const turned = (k: number) => N - 1 - k;
    const back = Int32Array.from({ length: N }, (_, i) => turned(i));
    const xr: Table = { ...x, data: Float64Array.from([...back].flatMap((i) => [data[2 * i], data[2 * i + 1]])) };
    const yr: Targets = { ...y, names: [...back].map((i) => `row ${i}`), columns: [{ kind: "number", name: "y", unit: one, values: Float64Array.from(back, (i) => values[i]) }] };
    const seen = async (xs: Table, ys: Targets, rows: Trial) => {
      const list: Job[] = [];
      await trialCurves({ x: xs, y: ys, column: 0, trial: rows, ways: ways.slice(0, 1), sizes: [8] }, (j, ctx) => (list.push(...j), inThisThread(learners)(j, ctx)), key(1), quiet);
      return [...list[0].train].map((i) => ys.names![i]).sort();
    };
    expect(await seen(xr, yr, { name: "fold 1", train: trial.train.map(turned), test: trial.test.map(turned) })).toEqual(await seen(x, y, trial));
  });

  test("what cannot learn is told, and the others go on", async () => {
    const told = await trialCurves({ x, y, column: 0, trial, ways: [ways[0], { name: "too few", learner: { name: "transfer", options: { method: "affine-linear" } } }], sizes: [4, 20] }, inThisThread(learners), key(1), quiet);
    expect(told.points[1][0]).toMatchObject({ error: null, note: expect.stringContaining("too few values") });
    expect(told.points[0][0].error).not.toBeNull();
    expect(told.points[1][1].error).not.toBeNull();
  });

  test("a held-out part without a value is refused", async () => {
    await expect(trialCurves({ x, y, column: 0, trial: { ...trial, test: Int32Array.of(7) }, ways, sizes }, inThisThread(learners), key(1), quiet)).rejects.toThrow(InputError);
  });
});

describe("curves of several trials", () => {
  const score = (error: number | null) => ({ error, coverage: error === null ? null : 0.9, note: error === null ? "no" : "" });
  const trials: readonly Omit<TrialCurves, "rows">[] = [
    { sizes: [10, 20], points: [[score(1), score(0.5)], [score(1.5), score(0.4)], [score(0.8), score(0.45)]] },
    { sizes: [10, 20], points: [[score(3), score(0.7)], [score(2.5), score(0.6)], [score(2.6), score(0.62)]] },
    { sizes: [10], points: [[score(2)], [score(null)], [score(1.6)]] },
  ];
  const of: readonly CurveWay[] = ["one", "two", "transfer"].map((name) => ({ name, transfers: name === "transfer", learner: { name } }));
  const [first, second, third] = compareCurves(trials, of, key(1));

  test("means, standard errors and paired differences are those of the repeats", () => {
    expect(first.points[0].error).toEqual({ mean: 2, se: Math.sqrt(1 / 3), repeats: 3 });
    expect(second.points[0].error.repeats).toBe(2);
    // The best without transfer is "one" at 10 rows (a mean of 2 both, the first wins), "two" at 20.
    expect(third.points[0].difference).toMatchObject({ to: "one", repeats: 3 });
    expect(third.points[0].difference!.mean).toBeCloseTo(-1 / 3, 12);
    expect(third.points[1].difference).toMatchObject({ to: "two" });
    expect(third.points[1].difference!.mean).toBeCloseTo(0.035, 12);
    expect(first.points[0].difference).toBeUndefined();
    expect(second.note).toBe("no");
  });

  test("two sizes are too few for a law; four are enough", () => {
    expect(first.law).toBeUndefined();
    const at = [10, 20, 50, 100];
    const [curve] = compareCurves([{ sizes: at, points: [at.map((n) => score(2 * n ** -0.5))] }], of.slice(0, 1), key(1));
    expect(curve.law!.exponent).toBeCloseTo(0.5, 2);
  });

  test("a difference counts from twice its standard error on", () => {
    expect(verdictOf({ mean: -0.3, se: 0.1, repeats: 5 })).toBe("helps");
    expect(verdictOf({ mean: 0.3, se: 0.1, repeats: 5 })).toBe("hurts");
    expect(verdictOf({ mean: 0.15, se: 0.1, repeats: 5 })).toBe("cannot be told");
    expect(verdictOf({ mean: -5, se: 0, repeats: 1 })).toBe("cannot be told");
  });
});
