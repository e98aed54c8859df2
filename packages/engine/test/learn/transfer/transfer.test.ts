import { describe, expect, test } from "vitest";
import { quiet } from "../../../src/base/context.ts";
import { InputError } from "../../../src/base/errors.ts";
import { fold, key, stream } from "../../../src/base/key.ts";
import { one, parseUnit } from "../../../src/base/unit.ts";
import type { Feature, NumberColumn, Table, Targets } from "../../../src/data/types.ts";
import { linear } from "../../../src/learn/bayesianLinear.ts";
import { learners, recipes, reviveModel } from "../../../src/learn/catalogue.ts";
import { gp } from "../../../src/learn/gp/gp.ts";
import { type AffineBlocks, type AffineProblem, descend, objective, sweepOf, times } from "../../../src/learn/transfer/blockUpdates.ts";
import { additiveStart, affine, bestStart, fittedValues } from "../../../src/learn/transfer/affine.ts";
import { affineLinear, linearDescent, linearSweep } from "../../../src/learn/transfer/affineLinear.ts";
import { kernelRidge } from "../../../src/learn/transfer/kernelRidge.ts";
import { gram, kernelSpace } from "../../../src/learn/transfer/kernelSpace.ts";
import { chooseLambda, leaveOneOutErrors, leaveOneOutVariances, ridge } from "../../../src/learn/transfer/ridge.ts";
import { tauRho } from "../../../src/learn/transfer/tauRho.ts";
import { transfer, transferReports } from "../../../src/learn/transfer/transfer.ts";
import { onSources, withoutSources } from "../../../src/learn/transfer/views.ts";
import type { Learner, Model } from "../../../src/learn/types.ts";
import { normalMarginal } from "../../../src/prob/marginal.ts";
import { predictive } from "../../../src/prob/predictive.ts";
import { rootMeanSquaredError } from "../../../src/prob/scoring.ts";
import type { NumericMarginal } from "../../../src/prob/types.ts";

const D = 3;
const metre = parseUnit("m");
const feature = (name: string, block: string, u = one): Feature => ({ name, unit: u, about: "", block });

/** Rows of D descriptors and one source column f; the target is `of` both. */
function task(seed: number, n: number, of: (f: number, x: Float64Array) => number, noise = 0.1): { x: Table; y: Targets; values: Float64Array; f: Float64Array } {
  const rng = stream(key(seed));
  const data = Float64Array.from({ length: n * (D + 1) }, () => rng.normal());
  const f = Float64Array.from({ length: n }, (_, i) => data[i * (D + 1) + D]);
  const values = Float64Array.from({ length: n }, (_, i) => of(f[i], data.subarray(i * (D + 1), i * (D + 1) + D)) + noise * rng.normal());
  const features = [...Array.from({ length: D }, (_, j) => feature(`x${j}`, "own")), feature("f", "source:f")];
  return { x: { rows: n, cols: D + 1, data, features }, y: { rows: n, columns: [{ kind: "number", name: "y", unit: one, values }], names: Array.from(values, (_, i) => `row ${i}`) }, values, f };
}

const numbers = async (model: Model, x: Table): Promise<NumericMarginal> => (await model.predict(x, quiet)).marginals[0] as NumericMarginal;
const plain = task(1, 30, (f, [a, b]) => a - 0.5 * b + 0.3 * f);
const fresh = task(2, 200, (f, [a, b]) => a - 0.5 * b + 0.3 * f);

describe("kernel ridge regression", () => {
  const weights = Float64Array.from({ length: 30 }, (_, i) => 1 + (i % 3));
  const c = gram(kernelSpace(plain.x, weights));

  test("leave-one-out errors are those of fits without the row", () => {
    const fitted = ridge(c, plain.values, weights, 0.3);
    const errors = leaveOneOutErrors(fitted, leaveOneOutVariances(fitted), plain.values);
    for (const out of [0, 11, 29]) {
      const rest = Array.from({ length: 30 }, (_, i) => i).filter((i) => i !== out);
      const part = ridge(Float64Array.from(rest.flatMap((i) => rest.map((j) => c[i * 30 + j]))), Float64Array.from(rest, (i) => plain.values[i]), Float64Array.from(rest, (i) => weights[i]), 0.3);
      const said = part.constant + rest.reduce((s, i, p) => s + c[out * 30 + i] * part.alpha[p], 0);
      expect(errors[out]).toBeCloseTo(plain.values[out] - said, 9);
    }
  });

  test("the similarity of real features is exp(−|z − z′|² / 2d), written out", () => {
    const { design, rows } = kernelSpace(plain.x);
    const k = gram({ design, rows });
    let distance = 0;
    for (let j = 0; j < D + 1; j++) distance += (rows.real[j] - rows.real[5 * (D + 1) + j]) ** 2;
    expect(k[5]).toBeCloseTo(Math.exp(-distance / (2 * (D + 1))), 12);
  });

  test("the chosen penalty has the smallest leave-one-out error of the grid", () => {
    const { loss } = chooseLambda(c, plain.values, weights);
    for (const lambda of [1e-4, 1e-2, 1, 100]) expect(chooseLambda(c, plain.values, weights, [lambda]).loss).toBeGreaterThanOrEqual(loss);
  });
});

describe("affine transformation", () => {
  const rng = stream(key(5));
  const n = 12;
  const similarity = (d: number) => {
    const z = Float64Array.from({ length: n * d }, () => rng.normal());
    return Float64Array.from({ length: n * n }, (_, p) => {
      let s = 0;
      for (let k = 0; k < d; k++) s += (z[Math.floor(p / n) * d + k] - z[(p % n) * d + k]) ** 2;
      return Math.exp(-s / (2 * d));
    });
  };
  const problem: AffineProblem = { y: Float64Array.from({ length: n }, () => rng.normal()), weights: new Float64Array(n).fill(1), source: similarity(2), own: similarity(4), penalties: { shift: 0.05, scale: 0.3, own: 0.2 }, variant: "full" };
  const start = { constant: 0.1, a: Float64Array.from({ length: n }, () => rng.normal()), b: Float64Array.from({ length: n }, () => rng.normal()), c: Float64Array.from({ length: n }, () => rng.normal()) };

  /** Gaussian elimination with pivots, independent of the kernels. */
  function solveDense(a: readonly (readonly number[])[], b: readonly number[]): number[] {
    const w = a.map((row, i) => [...row, b[i]]);
    for (let k = 0; k < b.length; k++) {
      const p = w.slice(k).reduce((best, row, i) => (Math.abs(row[k]) > Math.abs(w[best][k]) ? k + i : best), k);
      [w[k], w[p]] = [w[p], w[k]];
      for (let i = 0; i < b.length; i++) if (i !== k) w[i] = w[i].map((v, j) => v - (w[i][k] / w[k][k]) * w[k][j]);
    }
    return w.map((row, i) => row[b.length] / row[i]);
  }
  const system = (k: Float64Array, d: ArrayLike<number>, l: number) => Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => d[i] ** 2 * k[i * n + j] + (i === j ? l : 0)));

  test("one sweep is the four published updates, in their order", () => {
    const { y, source, own, penalties } = problem;
    const found = sweepOf(problem)(start);
    const shift = times(source, start.a);
    const u = times(own, start.c);
    const b = solveDense(system(source, u, penalties.scale), Array.from(y, (v, i) => u[i] * (v - start.constant - shift[i] - u[i])));
    const s = times(source, Float64Array.from(b)).map((v) => 1 + v);
    const c = solveDense(system(own, s, penalties.own), Array.from(y, (v, i) => s[i] * (v - start.constant - shift[i])));
    const v = times(own, Float64Array.from(c));
    const a = solveDense(system(source, new Float64Array(n).fill(1), penalties.shift), Array.from(y, (t, i) => t - start.constant - s[i] * v[i]));
    const ka = times(source, Float64Array.from(a));
    b.forEach((w, i) => expect(found.b[i]).toBeCloseTo(w, 8));
    c.forEach((w, i) => expect(found.c[i]).toBeCloseTo(w, 8));
    a.forEach((w, i) => expect(found.a[i]).toBeCloseTo(w, 8));
    expect(found.constant).toBeCloseTo(Array.from(y).reduce((sum, t, i) => sum + t - ka[i] - s[i] * v[i], 0) / n, 8);
  });

  test("no sweep makes the objective larger, and at the end its slope is zero", () => {
    let blocks: AffineBlocks = start;
    for (let t = 0; t < 50; t++) {
      const next = sweepOf(problem)(blocks);
      expect(objective(problem, next)).toBeLessThanOrEqual(objective(problem, blocks) * (1 + 1e-12));
      blocks = next;
    }
    const end = descend(problem, blocks, { most: 20_000, tolerance: 1e-10 }).blocks;
    const step = 1e-5;
    for (const block of ["a", "b", "c"] as const)
      for (const i of [0, 7]) {
        const moved = (by: number) => objective(problem, { ...end, [block]: end[block].map((v, j) => (i === j ? v + by : v)) });
        expect(Math.abs(moved(step) - moved(-step)) / (2 * step)).toBeLessThan(1e-5);
      }
  });

  test("the additive sweeps end at the joint solution of one linear system", () => {
    const additive: AffineProblem = { ...problem, variant: "additive" };
    const end = fittedValues(problem, descend(additive, { ...start, b: new Float64Array(n) }, { most: 50_000, tolerance: 1e-11 }).blocks);
    fittedValues(problem, additiveStart(additive)).forEach((v, i) => expect(end[i]).toBeCloseTo(v, 6));
  });

  test("more starts never end higher", async () => {
    const names = Array.from({ length: n }, (_, i) => `row ${i}`);
    const [one, several] = [await bestStart(problem, names, 0, key(1), quiet), await bestStart(problem, names, 4, key(1), quiet)];
    expect(objective(problem, several)).toBeLessThanOrEqual(objective(problem, one));
  });

  test("a planted g₁(f) + g₂(f) g₃(x) is learnt better than without the source, and by the full model better than by sums", async () => {
    const of = (f: number, [a, b]: Float64Array) => f + (1 + 0.9 * f) * (a + 0.5 * b);
    const [train, truth] = [task(11, 60, of, 0.05), task(12, 400, of, 0)];
    const error = async (learner: ReturnType<typeof affine>) => rootMeanSquaredError(truth.values, (await numbers(await learner.fit(train.x, train.y, key(1), quiet), truth.x)).mean);
    const [full, additive, none] = [await error(affine()), await error(affine({ variant: "additive" })), await error(withoutSources(kernelRidge()))];
    expect(full).toBeLessThan(0.75 * additive);
    expect(additive).toBeLessThan(none);
  });
});

describe("affine transformation with linear parts", () => {
  const n = 24;
  const rng = stream(key(8));
  const x = Float64Array.from({ length: n * D }, () => rng.normal());
  const s = Float64Array.from({ length: n }, () => rng.normal());
  const weights = Float64Array.from({ length: n }, (_, i) => 1 + (i % 2));
  const truth = [0.7, -0.4, 0.2];
  const y = Float64Array.from(s, (v, i) => 0.5 + 0.8 * v + (1 + 0.6 * v) * truth.reduce((sum, g, k) => sum + g * x[i * D + k], 0) + 0.05 * rng.normal());
  const lambda = 0.7;
  const m = Float64Array.from({ length: n * n }, (_, p) => truth.reduce((sum, _g, k) => sum + x[Math.floor(p / n) * D + k] * x[(p % n) * D + k], 0) / lambda ** 2);
  const problem = { y, s, weights, m, scalePenalty: 1 };
  /** What is minimised, by a, b and g themselves. */
  const loss = ([a0, a1, b, ...g]: readonly number[]) =>
    y.reduce((sum, v, i) => sum + weights[i] * (v - a0 - a1 * s[i] - (1 + b * s[i]) * g.reduce((own, w, k) => own + w * x[i * D + k], 0)) ** 2, 0) + b * b + lambda ** 2 * g.reduce((sum, w) => sum + w * w, 0);

  test("the sweeps end where the objective has no slope", () => {
    let blocks = linearDescent(problem);
    for (let k = 0; k < 300; k++) blocks = linearSweep(problem, blocks);
    const { a0, a1, b, own } = blocks;
    // g from X g by least squares: three unknowns, exact where the sweeps are right.
    const normal = truth.map((_, k) => truth.map((_g, l) => y.reduce((sum, _v, i) => sum + x[i * D + k] * x[i * D + l], 0)));
    const right = truth.map((_, k) => own.reduce((sum, v, i) => sum + x[i * D + k] * v, 0));
    const g = solve3(normal, right);
    own.forEach((v, i) => expect(g.reduce((sum, w, k) => sum + w * x[i * D + k], 0)).toBeCloseTo(v, 9));
    const at = [a0, a1, b, ...g];
    for (let k = 0; k < at.length; k++) {
      const moved = (by: number) => loss(at.map((v, l) => (l === k ? v + by : v)));
      expect((moved(1e-5) - moved(-1e-5)) / 2e-5).toBeCloseTo(0, 4);
    }
    expect(b).toBeCloseTo(0.6, 0);
  });

  test("a source that stretches the rest is learnt better than by sums", async () => {
    const of = (f: number, [u, v]: Float64Array) => f + (1 + 0.9 * f) * (u - v);
    const [train, test] = [task(11, 40, of, 0.05), task(12, 300, of, 0.05)];
    const error = async (learner: ReturnType<typeof affine>) => rootMeanSquaredError(test.values, (await numbers(await learner.fit(train.x, train.y, key(1), quiet), test.x)).mean);
    expect(await error(affineLinear())).toBeLessThan(0.5 * (await error(linear())));
    expect(await error(affineLinear())).toBeLessThan(0.3);
  });

  test("two sources and one that does not vary are refused", async () => {
    const two: Table = { ...plain.x, features: plain.x.features.map((f, j) => (j === D - 1 ? feature("other", "source:other") : f)) };
    await expect(affineLinear().fit(two, plain.y, key(1), quiet)).rejects.toThrow("too many source columns for affine-linear: 2");
    const flat: Table = { ...plain.x, data: plain.x.data.map((v, p) => (p % (D + 1) === D ? 4 : v)) };
    await expect(affineLinear().fit(flat, plain.y, key(1), quiet)).rejects.toThrow("the source does not vary");
  });
});

/** Three equations by Cramer's rule. */
function solve3(a: readonly (readonly number[])[], b: readonly number[]): readonly number[] {
  const det = (c: readonly (readonly number[])[]) => c[0][0] * (c[1][1] * c[2][2] - c[1][2] * c[2][1]) - c[0][1] * (c[1][0] * c[2][2] - c[1][2] * c[2][0]) + c[0][2] * (c[1][0] * c[2][1] - c[1][1] * c[2][0]);
  return b.map((_, k) => det(a.map((row, i) => row.map((v, j) => (j === k ? b[i] : v)))) / det(a));
}

describe("tau and rho", () => {
  const source = { kind: "given" } as const;
  const fit = (tau: number, rho: number, learner: typeof linear | typeof gp | typeof kernelRidge = linear) => tauRho({ learner: learner(), at: { tau, rho }, source }).fit(plain.x, plain.y, key(3), quiet);

  test.each([["linear", linear], ["gp", gp], ["kernel ridge", kernelRidge]])("tau = rho = 0 is %s without transfer, to the last bit", async (_, learner) => {
    const [a, b] = [await numbers(await fit(0, 0, learner), fresh.x), await numbers(await withoutSources(learner()).fit(plain.x, plain.y, key(3), quiet), fresh.x)];
    expect(a.mean).toEqual(b.mean);
    expect(a.sd).toEqual(b.sd);
    expect(a.quantile(0.1)).toEqual(b.quantile(0.1));
  });

  test("tau = rho → 1 is difference learning", async () => {
    const differences = { ...plain.y, columns: [{ ...plain.y.columns[0], values: plain.values.map((v, i) => v - plain.f[i]) }] } as Targets;
    const inner = await numbers(await withoutSources(linear()).fit(plain.x, differences, key(3), quiet), fresh.x);
    const wanted = inner.mean.map((m, i) => m + fresh.f[i]);
    (await numbers(await fit(1, 1), fresh.x)).mean.forEach((m, i) => expect(m).toBeCloseTo(wanted[i], 10));
    (await numbers(await fit(1 - 1e-9, 1 - 1e-9), fresh.x)).mean.forEach((m, i) => expect(m).toBeCloseTo(wanted[i], 6));
  });

  test("rho = 1 is the source as it is", async () => {
    const found = await numbers(await fit(0.3, 1), fresh.x);
    found.mean.forEach((m, i) => expect(m).toBeCloseTo(fresh.f[i], 10));
    // The spread is that of the source's own errors.
    expect(found.sd.reduce((a, b) => a + b, 0) / 200).toBeGreaterThan(0.7 * rootMeanSquaredError(fresh.values, fresh.f));
  });

  test("a negative tau pulls the fit towards the source, the more the more negative", async () => {
    const distances: number[] = [];
    for (const tau of [0, -1, -10, -1000]) distances.push(rootMeanSquaredError((await numbers(await fit(tau, 0, kernelRidge), plain.x)).mean, plain.f));
    const best = rootMeanSquaredError((await numbers(await withoutSources(kernelRidge()).fit(plain.x, { ...plain.y, columns: [{ ...plain.y.columns[0], values: plain.f }] } as Targets, key(3), quiet), plain.x)).mean, plain.f);
    expect(distances[1]).toBeLessThan(distances[0]);
    expect(distances[2]).toBeLessThan(distances[1]);
    expect(distances[3]).toBeCloseTo(best, 2);
  });

  test("predictions lie on the line between what is learnt and the source", async () => {
    const [w, half] = [await numbers(await fit(0, 0), fresh.x), await numbers(await fit(0, 0.25), fresh.x)];
    half.mean.forEach((m, i) => expect(m).toBeCloseTo(0.75 * w.mean[i] + 0.25 * fresh.f[i], 10));
  });

  test("the shared fits of a smoother are the fits themselves", async () => {
    const z = plain.values.map((v, i) => v - 0.4 * plain.f[i]);
    const own = withoutSources(kernelRidge());
    const [[y, f]] = (await kernelRidge().leaveOneOut(plain.x, new Float64Array(30).fill(1), [plain.values, plain.f], quiet)).slice(-1);
    const [[direct]] = (await kernelRidge().leaveOneOut(plain.x, new Float64Array(30).fill(1), [z], quiet)).slice(-1);
    direct.forEach((v, i) => expect(y[i] - 0.4 * f[i]).toBeCloseTo(v, 10));
    expect(own.acceptsMissing).toBe(true);
  });

  test.each([[1.2, 0], [1, 0.5], [0, -0.1], [0, 1.1]])("tau = %d, rho = %d is refused", (tau, rho) => {
    expect(() => tauRho({ learner: linear(), at: { tau, rho } })).toThrow("no such transfer");
  });

  test("a source that is no prediction of the property is not taken as one", async () => {
    const inMetres: Table = { ...plain.x, features: plain.x.features.map((f) => (f.name === "f" ? { ...f, unit: metre } : f)) };
    await expect(tauRho({ learner: linear(), at: { tau: 1, rho: 1 }, source }).fit(inMetres, plain.y, key(1), quiet)).rejects.toThrow('the source is no prediction of "y"');
    const learnt = await numbers(await tauRho({ learner: linear(), at: { tau: 1, rho: 1 } }).fit(inMetres, plain.y, key(1), quiet), inMetres);
    expect(learnt.mean.every(Number.isFinite)).toBe(true);
  });

  test("a source without a value for a row is told", async () => {
    const data = plain.x.data.slice();
    data[7 * (D + 1) + D] = Number.NaN;
    await expect(fit(1, 1)).resolves.toBeDefined();
    await expect(tauRho({ learner: linear(), at: { tau: 1, rho: 1 }, source }).fit({ ...plain.x, data }, plain.y, key(1), quiet)).rejects.toThrow(InputError);
  });
});

describe("the automatic choice", () => {
  const auto = learners["transfer"]!({ repeats: 1 });

  test("a source that knows the answer is used, and the table says so", async () => {
    const of = (f: number, [a]: Float64Array) => f + 0.2 * a;
    const [train, truth] = [task(21, 20, of, 0.05), task(22, 300, of, 0.05)];
    const model = await auto.fit(train.x, train.y, key(1), quiet);
    const [report] = transferReports(model.toRecord());
    expect(report.warning).toBe("");
    expect(report.scores.find(({ method }) => method === "none")!.weight).toBe(0);
    const found = await numbers(model, truth.x);
    const none = await numbers(await withoutSources(kernelRidge()).fit(train.x, train.y, key(1), quiet), truth.x);
    expect(rootMeanSquaredError(truth.values, found.mean)).toBeLessThan(0.5 * rootMeanSquaredError(truth.values, none.mean));
    const [low, high] = [found.quantile(0.05), found.quantile(0.95)];
    const inside = truth.values.filter((v, i) => v >= low[i] && v <= high[i]).length / 300;
    expect(inside).toBeGreaterThan(0.75);
  });

  test("a source that misleads is warned of", async () => {
    const train = task(31, 40, (_, [a, b]) => a + b, 0.05);
    const only = transfer({ members: [{ name: "none", learner: withoutSources(kernelRidge()) }, { name: "source", learner: onSources(kernelRidge()) }] });
    const [report] = transferReports((await only.fit(train.x, train.y, key(1), quiet)).toRecord());
    expect(report.warning).toMatch(/^transfer hurts: the best of it, source, is worse than no transfer/);
    expect(report.scores.map(({ weight }) => weight)).toEqual([1, 0]);
  });

  test("members that would take too long or too many rows are named with the reason, and none is always tried", async () => {
    const train = task(41, 20, (f, [a]) => a + f);
    const slow = learners["transfer"]!({ repeats: 1, patience: 1e-9 });
    const [report] = transferReports((await slow.fit(train.x, train.y, key(1), quiet)).toRecord());
    expect(report.scores.filter(({ rmse }) => rmse !== null).map(({ method }) => method)).toEqual(["none"]);
    expect(report.scores.at(-1)!.note).toMatch(/^forecast to take/);
  });

  test("a chosen model read back tells the same and predicts the same bits", async () => {
    const model = await auto.fit(plain.x, plain.y, key(1), quiet);
    const revived = reviveModel(model.toRecord());
    expect((await numbers(revived, fresh.x)).mean).toEqual((await numbers(model, fresh.x)).mean);
    expect(transferReports(revived.toRecord())).toEqual(transferReports(model.toRecord()));
  });

  test("without source columns there is nothing to transfer from", async () => {
    const own: Table = { ...plain.x, features: plain.x.features.map((f) => ({ ...f, block: "own" })) };
    await expect(auto.fit(own, plain.y, key(1), quiet)).rejects.toThrow('nothing to transfer from: 4 features, none of a source — blocks of source columns are named "source:…"');
  });

  test.each([
    [{ methods: ["nothing"] }, "bad option of transfer: methods"],
    [{ learner: "fores" }, 'unknown learner of transfer: "fores"'],
    [{ folds: 1 }, "bad option of transfer: folds = 1"],
  ])("the options %j are refused", (options, message) => expect(() => learners["transfer"]!(options)).toThrow(message));

  test("what it takes is forecast from its members", () => {
    const needs = recipes["transfer"]!.needs({ methods: ["none", "source"], folds: 4, repeats: 3 });
    expect(needs.seconds(100, 10)).toBeCloseTo(2 * 13 * recipes["kernel-ridge"]!.needs({}).seconds(100, 10), 9);
    expect(needs.classes).toBe(false);
  });

  test("a forecast counts members that patience leaves out no more than the fit does", () => {
    const seconds = (options: Readonly<Record<string, unknown>>) => recipes["transfer"]!.needs(options).seconds(1800, 10);
    const slow = { learner: "gp", methods: ["none", "augmented", "tau-rho"] };
    expect(10 * recipes["gp"]!.needs({}).seconds(1800, 10)).toBeLessThan(300);
    expect(seconds(slow)).toBeCloseTo(seconds({ ...slow, methods: ["none", "augmented"] }), 9);
    expect(seconds({ ...slow, patience: 1 })).toBeCloseTo(seconds({ learner: "gp", methods: ["none"] }), 9);
    expect(seconds({ ...slow, patience: 1e9 })).toBeGreaterThan(2 * seconds(slow));
  });

  test("a forecast of shotgun has each source into each learner, none into the first alone, and the fits of the best", () => {
    const of = (name: string, d: number) => recipes[name]!.needs({}).seconds(60, d);
    const wanted = 4 * (of("linear", 200) + 10 * (of("linear", 20) + of("forest", 20))) + 2 * of("forest", 20);
    expect(recipes["shotgun"]!.needs({ learners: ["linear", "forest"], folds: 4, top: 2 }).seconds(60, 200)).toBeCloseTo(wanted, 9);
  });

  test("it stops when it is asked to", async () => {
    const stop = new AbortController();
    const ctx = { ...quiet, signal: stop.signal, report: () => stop.abort(new Error("stopped")) };
    await expect(auto.fit(plain.x, plain.y, fold(key(1), 1), ctx)).rejects.toThrow("stopped");
  });
});

test.each([
  ["of one name", (i: number) => ({ name: `material ${i >> 1}`, group: -1 })],
  ["of one group", (i: number) => ({ name: `row ${i}`, group: i >> 1 })],
])("members are compared on rows that they have not seen, nor others %s", async (_, of) => {
  const n = 60;
  const rng = stream(key(9));
  // Measured twice: whoever knows one value by heart is right about the other.
  const data = Float64Array.from({ length: n / 2 }, () => rng.normal());
  const x: Table = { rows: n, cols: 2, data: Float64Array.from({ length: 2 * n }, (__, at) => data[at >> 2] * (at % 2 === 0 ? 1 : -1)), features: [feature("x", "own"), feature("f", "source:f")] };
  const luck = Float64Array.from(data, () => rng.normal());
  const rows = Array.from({ length: n }, (__, i) => of(i));
  const y: Targets = { rows: n, columns: [{ kind: "number", name: "y", unit: one, values: Float64Array.from({ length: n }, (__, i) => luck[i >> 1] + 0.01 * rng.normal()) }], names: rows.map(({ name }) => name), groups: Int32Array.from(rows, ({ group }) => group) };
  const model = await transfer({ members: [{ name: "none", learner: linear() }, { name: "by heart", learner: byHeart }], combine: { top: 1 } }).fit(x, y, key(2), quiet);
  const [{ scores }] = transferReports(model.toRecord());
  expect(scores.find(({ method }) => method === "by heart")!.rmse).toBeGreaterThan(0.5);
});

/** Says of a row what it has seen of the same numbers, and nought of others. */
const byHeart: Learner = {
  id: "by heart",
  acceptsMissing: true,
  complexity: 0,
  fit: async (x, y) => {
    const [{ values }] = y.columns as readonly [NumberColumn];
    const known = new Map(Array.from(values, (v, i) => [x.data[i * x.cols], v]));
    const outputs = [{ kind: "number" as const, name: "y", unit: one }];
    return { id: "by heart", inputs: x.features, outputs, predict: async (t) => predictive(t.rows, [normalMarginal({ name: "y", unit: one, mean: Float64Array.from({ length: t.rows }, (_, i) => known.get(t.data[i * t.cols]) ?? 0), sd: new Float64Array(t.rows).fill(1) })]), toRecord: () => ({ type: "by heart", id: "by heart", inputs: x.features, outputs, state: {} }) };
  },
};
