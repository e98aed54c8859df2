import { describe, expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { decode, encode } from "../../src/base/encoding.ts";
import { key, stream } from "../../src/base/key.ts";
import { one } from "../../src/base/unit.ts";
import type { Folds, NumberColumn, Table, Targets } from "../../src/data/types.ts";
import { randomFolds } from "../../src/data/splits.ts";
import { learners, recipes, reviveModel } from "../../src/learn/catalogue.ts";
import { type FitOptions, fitModel, predictRows, reviveFitted } from "../../src/learn/fitted.ts";
import { type Job, type JobResult, inThisThread, runJob } from "../../src/learn/jobs.ts";
import type { ModelRecord } from "../../src/learn/types.ts";
import { marginalOf } from "../../src/prob/predictive.ts";

const n = 160;

/** Counts and reals; property `a` is linear, `b` is curved and shares a's noise, each with its own gaps. */
function data(seed: number): { table: Table; targets: Targets } {
  const rng = stream(key(seed));
  const cols = 10;
  const values = new Float64Array(n * cols);
  const [a, b] = [new Float64Array(n), new Float64Array(n)];
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < cols; k++) values[i * cols + k] = k < 6 ? rng.below(3) : rng.normal();
    const at = i * cols;
    const noise = rng.normal();
    a[i] = i % 11 === 0 ? Number.NaN : 10 + values[at] - values[at + 1] + 2 * values[at + 6] + 0.5 * noise;
    b[i] = i % 7 === 0 ? Number.NaN : 3 * Math.sin(2 * values[at + 7]) + 0.2 * (noise + 0.5 * rng.normal());
  }
  const features = Array.from({ length: cols }, (_, k) => ({ name: `f${k}`, unit: one, about: "", block: k < 6 ? "c" : "r", kind: k < 6 ? ("count" as const) : ("real" as const) }));
  const column = (name: string, v: Float64Array): NumberColumn => ({ kind: "number", name, unit: one, values: v });
  return { table: { rows: n, cols, data: values, features }, targets: { rows: n, columns: [column("a", a), column("b", b)], names: Array.from({ length: n }, (_, i) => `m${i}`) } };
}

const { table, targets } = data(41);
const folds = randomFolds(key(2), n, { folds: 4 });
const candidates = [{ name: "linear" }, { name: "gp", options: { restarts: 1 } }];
// Time enough for the candidates, too little to tune one.
const options: FitOptions = { table, targets, folds, learner: "auto", candidates, recipes, sizes: [0.25, 1], budget: 2 };
const fit = (change: Partial<FitOptions> = {}) => fitModel({ ...options, ...change }, reviveModel, key(3), quiet);

describe("stage one", () => {
  const done = fit();

  test("chooses the simple model for the linear property, the flexible one for the curved", async () => {
    const { selection } = await done;
    const chosen = selection.map(({ candidates: lines }) => lines.find((line) => line.chosen)?.learner);
    expect(chosen).toEqual(["linear", "gp"]);
    expect(selection[1].candidates[0].difference).toBeGreaterThan(selection[1].candidates[0].se!);
  });

  test("validates each property on the rows where it is known, with coverage near its promise", async () => {
    const { validation } = await done;
    const [a, b] = validation.properties;
    if (a.kind !== "number" || b.kind !== "number") throw new Error("not numeric");
    expect([a.rows, b.rows]).toEqual([145, 137]);
    expect(a.r2).toBeGreaterThan(0.9);
    expect(b.r2).toBeGreaterThan(0.8);
    // Standard error of a coverage of 0.9 among 137 rows: 0.026.
    for (const { coverage } of [a, b]) expect(Math.abs(coverage! - 0.9)).toBeLessThan(3 * 0.026);
    expect(a.folds.reduce((s, f) => s + f.rows, 0)).toBe(145);
    a.points.measured.forEach((y, i) => expect(a.points.pit[i] >= 0.05 && a.points.pit[i] <= 0.95).toBe(y >= a.points.lower[i] && y <= a.points.upper[i]));
    expect(JSON.parse(JSON.stringify(validation))).toEqual(validation);
  });

  test("learns that both errors come from one noise", async () => {
    const { validation, model } = await done;
    // corr(ε, ε + η/2) = 0.89, before what both models do not know of their functions.
    expect(validation.correlation![0][1]).toBeGreaterThan(0.45);
    expect((await model.predict(table, quiet)).correlation?.data[1]).toBe(validation.correlation![0][1]);
  });

  test("measures how the error falls with more rows", async () => {
    const { validation } = await done;
    for (const curve of validation.learningCurves) expect(curve.points[1].error).toBeLessThan(curve.points[0].error!);
  });

  test("predicts the same bits after storage, and says where a row stands", async () => {
    const { model } = await done;
    const back = reviveFitted(decode(encode(model.toRecord())) as ModelRecord, reviveModel);
    const far: Table = { ...table, rows: 1, data: Float64Array.of(0, 0, 0, 0, 0, 0, 40, -40, 40, -40) };
    const [here, there] = [await predictRows(model, table, quiet), await predictRows(back, table, quiet)];
    for (const name of ["a", "b"]) expect(marginalOf(there.predictive, name)).toMatchObject({ mean: (marginalOf(here.predictive, name) as { mean: Float64Array }).mean });
    expect(there.applicability.score).toEqual(here.applicability.score);
    expect((await predictRows(back, far, quiet)).applicability.inside[0]).toBe(0);
  });

  test("jobs are pure functions of plain data: run elsewhere and in another order they give the same model", async () => {
    const elsewhere = async (jobs: readonly Job[]) => {
      const results: JobResult[] = [];
      for (const [i, job] of [...jobs.entries()].reverse()) results[i] = decode(encode(await runJob(decode(encode(job)) as Job, learners, quiet))) as JobResult;
      return results;
    };
    const { model } = await fit({ run: elsewhere, sizes: [] });
    const [ours, theirs] = [await (await done).model.predict(table, quiet), await model.predict(table, quiet)];
    expect((theirs.marginals[1] as { sd: Float64Array }).sd).toEqual((ours.marginals[1] as { sd: Float64Array }).sd);
  });

  test("reordering the rows changes the predictions by rounding alone", async () => {
    const order = Int32Array.from({ length: n }, (_, i) => (i * 37) % n);
    const place = new Int32Array(n);
    order.forEach((from, to) => (place[from] = to));
    const data2 = new Float64Array(table.data.length);
    order.forEach((from, to) => data2.set(table.data.subarray(from * 10, from * 10 + 10), to * 10));
    const moved: Targets = { rows: n, columns: targets.columns.map((c) => ({ ...(c as NumberColumn), values: Float64Array.from(order, (i) => (c as NumberColumn).values[i]) })), names: Array.from(order, (i) => targets.names![i]) };
    const folds2: Folds = { id: folds.id, test: folds.test.map((part) => part.map((i) => place[i]).sort()) };
    const { model } = await fit({ table: { ...table, data: data2 }, targets: moved, folds: folds2, learner: { name: "linear" }, sizes: [] });
    const straight = (await fit({ learner: { name: "linear" }, sizes: [] })).model;
    const [p, q] = [(await model.predict(table, quiet)).marginals[0], (await straight.predict(table, quiet)).marginals[0]];
    if (p.kind !== "number" || q.kind !== "number") throw new Error("not numeric");
    p.mean.forEach((m, i) => expect(m).toBeCloseTo(q.mean[i], 5));
  });

  test("a clearly worse learner is given up after two folds and cannot be chosen", async () => {
    // The flexible one comes first when it is called the cheaper.
    const gp = { ...recipes.gp, needs: () => ({ ...recipes.gp.needs({}), seconds: () => 0 }) };
    const { selection } = await fit({ recipes: { ...recipes, gp }, run: inThisThread(learners), sizes: [], budget: 1 });
    expect(selection[1].candidates.map(({ learner, chosen, note }) => [learner, chosen, note])).toEqual([
      ["gp", true, "smallest loss"],
      ["linear", false, "given up after 2 folds: clearly worse on the same rows"],
    ]);
  });

  test("a learner handed in as an object is used as it is", async () => {
    const { model, selection } = await fit({ learner: learners.linear({}), sizes: [] });
    expect(selection.map(({ candidates: lines }) => lines.length)).toEqual([1, 1]);
    expect(model.outputs.map(({ name }) => name)).toEqual(["a", "b"]);
  });
});

describe("what cannot be learnt is refused in words", () => {
  const failure = (change: Partial<FitOptions>) => fit({ sizes: [], ...change }).then(() => "nothing was thrown", (error: unknown) => (error as Error).message);
  const withValues = (values: (i: number) => number): Partial<FitOptions> => ({ targets: { rows: n, columns: [{ kind: "number", name: "y", unit: one, values: Float64Array.from({ length: n }, (_, i) => values(i)) }] } });

  test.each<[string, Partial<FitOptions>, RegExp]>([
    ["a constant target", withValues(() => 4), /^constant target: property "y" is 4 in every row/],
    ["an empty column", withValues(() => Number.NaN), /^no values: property "y" is missing in all 160 rows/],
    ["nine values", withValues((i) => (i < 9 ? i : Number.NaN)), /^too few values: property "y" is known in 9 rows/],
    ["an unknown learner", { learner: { name: "forrest" } }, /^unknown learner: "forrest" — there are auto, /],
    ["an unknown option", { learner: { name: "gp", options: { kernel: "rbf" } } }, /^unknown option of gp: "kernel" — there are combine, /],
    ["a bad option", { learner: { name: "gp", options: { subset: -3 } } }, /^bad option of gp: subset = -3/],
    ["one fold", { folds: { id: "x", test: [new Int32Array(n)] } }, /^too few folds: 1/],
    ["overlapping folds", { folds: { id: "x", test: [Int32Array.of(1, 2), Int32Array.of(2, 3)] } }, /^fold is no part of the rows: row 2/],
    ["folds beyond the table", { folds: { id: "x", test: [Int32Array.of(1), Int32Array.of(n)] } }, /^fold is no part of the rows: row 160/],
    ["negative weights", { targets: { ...targets, weights: new Float64Array(n).fill(-1) } }, /^weight is no weight: -1/],
    ["two features of one name", { table: { ...table, features: table.features.map((f) => ({ ...f, name: "f" })) } }, /^two features have one name: "f"/],
    ["only constant features", { table: { ...table, data: new Float64Array(table.data.length) }, learner: { name: "linear" } }, /^no feature varies/],
    ["no learner quick enough", { budget: 0 }, /^no learner fits "a": linear \(forecast/],
  ])("%s", async (_, change, message) => {
    expect(await failure(change)).toMatch(message);
  });

  test("candidates that do not fit are named in the table with the reason", async () => {
    const seconds = () => 1e4;
    const { selection } = await fit({ recipes: { ...recipes, gp: { ...recipes.gp, needs: () => ({ ...recipes.gp.needs({}), seconds }) } }, run: inThisThread(learners), sizes: [] });
    expect(selection[0].candidates.map(({ learner, note }) => [learner, note])).toEqual([
      ["linear", "smallest loss"],
      ["gp", "forecast to take 50000 s, more than the 1 s left of the budget"],
    ]);
  });
});
