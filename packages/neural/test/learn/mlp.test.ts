import * as ort from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { InputError, key, permutation, quiet, stream, type Context } from "@tatara/engine/base";
import { one, parseUnit } from "@tatara/engine/base";
import type { CategoryColumn, NumberColumn, Table, Targets } from "@tatara/engine/data";
import { type Model, type ModelRecord, takeRows } from "@tatara/engine/learn";
import type { CategoricalMarginal, NumericMarginal } from "@tatara/engine/prob";
import { checkLearner } from "@tatara/engine/testing";
import { neuralHost } from "../../src/learn/host.ts";
import { kinds } from "../../src/learn/kinds.ts";
import { type MlpOptions, mlp } from "../../src/learn/mlp.ts";
import { type NeuralModel, openNetwork, reviveNeural } from "../../src/learn/model.ts";
import { mlpRecipe } from "../../src/learn/recipes.ts";
import { writeProgram } from "../../src/onnx/write.ts";
import { interpreter } from "../../src/runtime/interpreter.ts";
import { ortBackend } from "../../src/runtime/ort.ts";
import * as op from "../../src/tensor/ops.ts";

const host = neuralHost(async () => ortBackend(ort));
const revive = reviveNeural(host, kinds);
const small: MlpOptions = { members: 2, hidden: [16, 8], epochs: 30, rate: 5e-3 };

const minibatches = [{ check: "a whole weight is a number of copies", reason: "rows are drawn into batches, and a heavy row is one row" }];
describe.each([
  ["numbers", { learner: mlp(host, small), skip: minibatches }],
  ["numbers, jointly by the likelihood", { learner: mlp(host, { ...small, objective: "joint", cost: "squared", norm: "layer" }), skip: [...minibatches, { check: "repeated measurements shrink the spread", reason: "copies are in no batch alike, and thirty epochs are short" }] }],
  ["classes", { learner: mlp(host, { ...small, norm: "batch" }), kind: "category" as const, skip: minibatches }],
  ["balanced classes", { learner: mlp(host, { ...small, classWeight: "balanced" }), kind: "category" as const, skip: minibatches }],
])("%s", (_, options) => {
  for (const claim of checkLearner({ ...options, revive })) test.skipIf(claim.skip !== undefined)(claim.name, claim.check);
});

function table(rows: number, seed: number): Table {
  const rng = stream(key(seed));
  const cols = 6;
  const data = Float64Array.from({ length: rows * cols }, (_, at) => (at % cols < 4 ? rng.normal() : at % cols === 4 ? rng.below(9) : 7));
  return { rows, cols, data, features: Array.from({ length: cols }, (_, j) => ({ name: `x${j}`, unit: j === 0 ? parseUnit("eV") : one, about: "", ...(j === 4 ? { kind: "count" as const } : {}) })) };
}
const noiseAt = (x: Table, i: number): number => (x.data[i * x.cols + 1] > 0 ? 1 : 0.1);
function numbers(x: Table, seed: number, name = "y"): NumberColumn {
  const rng = stream(key(seed));
  return { kind: "number", name, unit: parseUnit("MPa"), values: Float64Array.from({ length: x.rows }, (_, i) => 300 + 50 * (2 * Math.sin(x.data[i * x.cols]) + x.data[i * x.cols + 2] * x.data[i * x.cols + 3] + 0.2 * x.data[i * x.cols + 4] + noiseAt(x, i) * rng.normal())) };
}
function classes(x: Table, seed: number): CategoryColumn {
  const rng = stream(key(seed));
  return { kind: "category", name: "class", levels: ["a", "rare"], codes: Int32Array.from({ length: x.rows }, (_, i) => (rng.uniform() < 1 / (1 + Math.exp(3 - 2 * x.data[i * x.cols])) ? 1 : 0)) };
}
const targets = (...columns: Targets["columns"]): Targets => ({ rows: columns[0].kind === "number" ? columns[0].values.length : columns[0].codes.length, columns });
const number = async (model: Model, x: Table, at = 0) => (await model.predict(x, quiet)).marginals[at] as NumericMarginal;
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
const rmse = (a: Float64Array, b: Float64Array): number => Math.sqrt(mean(a.map((v, i) => (v - b[i]) ** 2)));

const [x, fresh] = [table(300, 1), table(400, 2)];
const y = numbers(x, 3);
const truth = numbers(fresh, 4).values;
const fitted = (options: MlpOptions = {}, at: Targets = targets(y), rows = x) => mlp(host, { ...small, epochs: 150, hidden: [32, 32], ...options }).fit(rows, at, key(1), quiet) as Promise<NeuralModel>;
const shared = fitted({ members: 3 });

describe("numbers", () => {
  test("are predicted far better than by their mean, and the width is where the noise is", async () => {
    const m = await number(await shared, fresh);
    expect(rmse(m.mean, truth)).toBeLessThan(0.65 * rmse(new Float64Array(fresh.rows).fill(mean(y.values)), truth));
    const wide = m.sd.filter((_, i) => noiseAt(fresh, i) === 1);
    const narrow = m.sd.filter((_, i) => noiseAt(fresh, i) < 1);
    expect(mean(wide)).toBeGreaterThan(1.2 * mean(narrow));
    const [low, high] = [m.quantile(0.05), m.quantile(0.95)];
    const covered = mean(truth.map((v, i) => (v >= low[i] && v <= high[i] ? 1 : 0)));
    // Three standard errors of a share of 400 rows, and twice as much for the calibration itself.
    expect(Math.abs(covered - 0.9)).toBeLessThan(9 * Math.sqrt((0.9 * 0.1) / 400));
  });

  test("learns each property by itself unless they are joint, and a joint network fills gaps of one from the other", async () => {
    const rng = stream(key(8));
    // The second is known in 25 rows, and is nearly the first.
    const second: NumberColumn = { ...numbers(x, 3, "z"), values: y.values.map((v, i) => (i % 12 === 0 ? 2 * v + rng.normal() : Number.NaN)) };
    const alone = await fitted({}, targets(second));
    const together = await fitted({ joint: true }, targets(y, second));
    expect(together.outputs.map(({ name }) => name)).toEqual(["y", "z"]);
    const want = truth.map((v) => 2 * v);
    expect(rmse((await number(together, fresh, 1)).mean, want)).toBeLessThan(rmse((await number(alone, fresh)).mean, want));
    const apart = await fitted({}, targets(y, second));
    expect((await number(apart, fresh, 1)).mean).not.toEqual((await number(together, fresh, 1)).mean);
  });
});

test("classes of a mixed network have probabilities, the rare one not too few", async () => {
  const codes = classes(x, 5);
  const model = await fitted({ joint: true, classWeight: "balanced" }, targets(y, codes));
  const { probability } = (await model.predict(fresh, quiet)).marginals[1] as CategoricalMarginal;
  const share = mean(Float64Array.from({ length: fresh.rows }, (_, i) => probability.data[2 * i + 1]));
  const found = mean(classes(fresh, 6).codes);
  expect(Math.abs(share - found)).toBeLessThan(0.1);
});

describe("files", () => {
  test("plain onnxruntime reads raw features from the file and gives the same numbers", async () => {
    const model = await shared;
    const session = await ort.InferenceSession.create(model.file, { logSeverityLevel: 3 });
    const { inputs } = model;
    const raw = Float32Array.from({ length: 50 * inputs.length }, (_, at) => fresh.data[Math.floor(at / inputs.length) * fresh.cols + fresh.features.findIndex(({ name }) => name === inputs[at % inputs.length].name)]);
    const told = await session.run({ x: new ort.Tensor("float32", raw, [50, inputs.length]) });
    const m = await number(model, takeRows(fresh, Int32Array.from({ length: 50 }, (_, i) => i)));
    const [means, sds] = [told["mean:y"].data as Float32Array, told["sd:y"].data as Float32Array];
    m.mean.forEach((v, i) => expect(Math.abs(means[i] - v)).toBeLessThan(1e-5 * Math.abs(v)));
    m.sd.forEach((v, i) => expect(Math.abs(sds[i] - v)).toBeLessThan(1e-3 * v));
    expect(told["hidden:2"].dims).toEqual([50, 3 * 32]);
    await session.release();
  });

  test("a constant column is no input of the file, and its units are told", async () => {
    const { inputs, manifest } = await shared;
    expect(inputs.map(({ name }) => name)).toEqual(["x0", "x1", "x2", "x3", "x4"]);
    expect(inputs[0].unit.symbol).toBe("eV");
    expect(manifest.trained.rows).toBe(300);
  });

  test("the interpreter predicts from the same file as onnxruntime", async () => {
    const model = await shared;
    const here = await number(openNetwork(neuralHost(async () => interpreter), kinds, model.file), fresh);
    const there = await number(model, fresh);
    here.mean.forEach((v, i) => expect(Math.abs(v - there.mean[i])).toBeLessThan(1e-5 * Math.abs(v)));
    here.sd.forEach((v, i) => expect(Math.abs(v - there.sd[i])).toBeLessThan(1e-3 * v));
  });

  test.each([
    ["a table", new TextEncoder().encode("name,value\nC,1\n"), /^not an ONNX file: 15 bytes/],
    ["nothing", new Uint8Array(0), /^not an ONNX file: 0 bytes/],
    ["another program's model", writeProgram({ outputs: { y: op.tanh(op.input("rows", [2, 3])) } }), /^an ONNX file of another program \(tatara\): it does not say what its numbers mean; its inputs are rows \[2, 3\]/],
    ["a model of another kind", writeProgram({ outputs: { y: op.tanh(op.input("rows", [2, 3])) } }, { tatara: '{"format":1,"kind":"tree","inputs":[],"outputs":[],"heads":[],"trust":[],"members":1}' }), /^unknown kind of network: "tree" — there are mlp/],
    ["a model of tomorrow", writeProgram({ outputs: { y: op.tanh(op.input("rows", [2, 3])) } }, { tatara: '{"format":2}' }), /^model of a newer version/],
    ["a model without its outputs", writeProgram({ outputs: { y: op.tanh(op.input("rows", [2, 3])) } }, { tatara: '{"format":1,"kind":"mlp","inputs":[],"heads":[]}' }), /^damaged model: its metadata lack something/],
    ["metadata that are no JSON", writeProgram({ outputs: { y: op.tanh(op.input("rows", [2, 3])) } }, { tatara: "{" }), /^damaged model: its metadata cannot be read/],
  ])("%s is refused", (_, file, message) => {
    expect(() => openNetwork(host, kinds, file)).toThrow(InputError);
    expect(() => openNetwork(host, kinds, file)).toThrow(message);
  });

  test("a record is the file, and reads back to the same bits", async () => {
    const model = await shared;
    const { type, state } = model.toRecord();
    expect(type).toBe("neural");
    expect((state as { file: Uint8Array }).file).toBe(model.file);
    expect((await number(revive(model.toRecord() as ModelRecord), fresh)).sd).toEqual((await number(model, fresh)).sd);
  });
});

describe("bad input", () => {
  const whole = (values: (i: number) => number): Targets => targets({ ...y, values: Float64Array.from({ length: x.rows }, (_, i) => values(i)) });
  test.each([
    ["a constant target", () => fitted({}, whole(() => 5)), /^constant target: every value of "y" is 5/],
    ["targets of 1e300", () => fitted({}, whole((i) => 1e300 * (i % 3))), /^target too large: "y"/],
    ["targets of 1e20", () => fitted({}, whole((i) => 1e20 * (i % 3))), /^target of an unusual size: "y" is about/],
    ["one class", () => fitted({}, targets({ kind: "category", name: "class", levels: ["a", "b"], codes: new Int32Array(x.rows) })), /^one class only: every value of "class"/],
    ["one value", () => fitted({}, whole((i) => (i === 0 ? 1 : Number.NaN))), /^too few values of "y": 1/],
    ["no feature that varies", () => fitted({}, targets(y), { ...x, data: x.data.map(() => 1) }), /^nothing to learn from: none of 6 features varies/],
  ])("%s is told", async (_, run, message) => {
    const error = await run().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(message);
  });

  test("missing and infinite features are learnt with and predicted from", async () => {
    const gaps = { ...x, data: x.data.map((v, at) => (at % 11 === 0 ? Number.NaN : v)) };
    const model = await fitted({}, targets(y), gaps);
    const holes = { ...fresh, data: fresh.data.map((v, at) => (at % 7 === 0 ? Number.NaN : at % 23 === 0 ? Number.POSITIVE_INFINITY : at % 29 === 0 ? -1e300 : v)) };
    const m = await number(model, holes);
    expect(m.mean.every(Number.isFinite) && m.sd.every((s) => s > 0 && Number.isFinite(s))).toBe(true);
    expect(rmse((await number(model, fresh)).mean, truth)).toBeLessThan(0.8 * rmse(new Float64Array(fresh.rows).fill(mean(y.values)), truth));
  });

  test("eight rows are learnt without any held out", async () => {
    const few = Int32Array.from({ length: 8 }, (_, i) => i);
    const m = await number(await fitted({}, targets({ ...y, values: y.values.slice(0, 8) }), takeRows(x, few)), fresh);
    expect(m.mean.every(Number.isFinite) && m.sd.every((s) => s > 0)).toBe(true);
  });

  test.each([
    [{ dropout: 1 }, /^bad option of mlp: dropout = 1/],
    [{ hidden: [] }, /^bad option of mlp: hidden = \[\]/],
    [{ hidden: [0] }, /^bad option of mlp: hidden/],
    [{ members: 0 }, /^bad option of mlp: members = 0/],
    [{ activation: "step" }, /^bad option of mlp: activation = "step"/],
    [{ layers: 2 }, /^unknown option of mlp: "layers"/],
  ])("option %j is refused", (options, message) => {
    expect(() => mlpRecipe(host).make(options)).toThrow(message);
  });
});

test("without onnxruntime networks are trained by the interpreter, and by the same key alike", async () => {
  const slow = neuralHost(async () => interpreter);
  const tiny: MlpOptions = { members: 2, hidden: [8], epochs: 10 };
  const [here, there] = await Promise.all([slow, host].map(async (h) => number(await mlp(h, tiny).fit(x, targets(y), key(1), quiet), fresh)));
  here.mean.forEach((v, i) => expect(Math.abs(v - there.mean[i])).toBeLessThan(0.02 * there.sd[i]));
});

test("a signal stops a fit in the middle, within a second", async () => {
  const stop = new AbortController();
  let asked = 0;
  const ctx: Context = { ...quiet, signal: stop.signal, now: () => performance.now(), breathe: () => new Promise((resolve) => void setImmediate(resolve)), report: () => { if (asked++ === 5) stop.abort(new Error("stopped")); } };
  const began = performance.now();
  await expect(mlp(host, { epochs: 100_000, patience: 100_000 }).fit(x, targets(y), key(1), ctx)).rejects.toThrow("stopped");
  expect(asked).toBeLessThan(8);
  expect(performance.now() - began).toBeLessThan(60_000);
});

test("groups are held out together: their order and names do not matter", async () => {
  const groups = Int32Array.from({ length: x.rows }, (_, i) => i % 20);
  const order = permutation(key(4), x.rows);
  const names = Array.from({ length: x.rows }, (_, i) => `row ${i}`);
  const a = await fitted({ epochs: 20 }, { ...targets(y), groups, names });
  const shuffled: Targets = { rows: x.rows, columns: [{ ...y, values: Float64Array.from(order, (i) => y.values[i]) }], groups: Int32Array.from(order, (i) => groups[i]), names: Array.from(order, (i) => names[i]) };
  const b = await fitted({ epochs: 20 }, shuffled, takeRows(x, order));
  expect((await number(b, fresh)).mean).toEqual((await number(a, fresh)).mean);
});
