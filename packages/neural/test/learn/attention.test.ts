import * as ort from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { InputError, key, one, quiet, stream } from "@tatara/engine/base";
import type { NumberColumn, Table, Targets } from "@tatara/engine/data";
import { takeRows } from "@tatara/engine/learn";
import type { NumericMarginal } from "@tatara/engine/prob";
import { checkLearner } from "@tatara/engine/testing";
import { type AttentionOptions, attention } from "../../src/learn/attention/attention.ts";
import { encoded, encodedRows } from "../../src/learn/attention/network.ts";
import { type Parts, tokensOf } from "../../src/learn/attention/parts.ts";
import { neuralHost } from "../../src/learn/host.ts";
import { kinds } from "../../src/learn/kinds.ts";
import { type NeuralModel, openNetwork, reviveNeural } from "../../src/learn/model.ts";
import { attentionRecipe } from "../../src/learn/recipes.ts";
import { interpret, interpreter } from "../../src/runtime/interpreter.ts";
import { ortBackend } from "../../src/runtime/ort.ts";
import * as op from "../../src/tensor/ops.ts";

const host = neuralHost(async () => ortBackend(ort));
const revive = reviveNeural(host, kinds);
const counts: Parts = { block: "counts", vectors: new Map() };
const small: AttentionOptions = { members: 2, width: 16, layers: 1, heads: 2, epochs: 15 };

const minibatches = [{ check: "a whole weight is a number of copies", reason: "rows are drawn into batches, and a heavy row is one row" }];
describe.each([
  ["numbers", { learner: attention(host, counts, small), skip: minibatches }],
  ["numbers by the Laplace likelihood", { learner: attention(host, counts, { ...small, objective: "joint", law: "laplace" }), skip: [...minibatches, { check: "repeated measurements shrink the spread", reason: "copies are in no batch alike, and fifteen epochs are short" }] }],
  ["classes, shares alone", { learner: attention(host, counts, { ...small, beside: false }), kind: "category" as const, skip: minibatches }],
])("%s", (_, options) => {
  for (const claim of checkLearner({ ...options, revive })) test.skipIf(claim.skip !== undefined)(claim.name, claim.check);
});

/** Mixtures of up to four of nine parts, of which `known` gives two numbers each. */
const NAMES = Array.from({ length: 9 }, (_, k) => `part:${k}`);
const strength = (k: number): number => Math.sin(2 * k) + (k % 3);
const charge = (k: number): number => Math.cos(k);
const parts: Parts = { block: "parts", vectors: new Map(NAMES.map((name, k) => [name, [strength(k), charge(k)]])) };

function mixtures(rows: number, seed: number, last = NAMES.length): Table {
  const rng = stream(key(seed));
  const data = new Float64Array(rows * NAMES.length);
  for (let i = 0; i < rows; i++) {
    const held = Array.from({ length: 2 + rng.below(3) }, () => rng.below(last));
    const shares = held.map(() => 0.05 + rng.uniform());
    const total = shares.reduce((a, b) => a + b, 0);
    held.forEach((k, t) => (data[i * NAMES.length + k] += shares[t] / total));
  }
  return { rows, cols: NAMES.length, data, features: NAMES.map((name) => ({ name, unit: one, about: "a share", block: "parts" })) };
}

/** A mean over the parts, and what pairs of parts do to each other. */
function truthOf({ rows, cols, data }: Table): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => {
    const s = data.subarray(i * cols, (i + 1) * cols);
    let y = 0;
    for (let a = 0; a < cols; a++) for (let b = 0; b < cols; b++) y += s[a] * s[b] * (strength(a) + 2 * charge(a) * charge(b));
    return y;
  });
}

const [x, fresh] = [mixtures(600, 1), mixtures(300, 2)];
const y: NumberColumn = { kind: "number", name: "y", unit: one, values: truthOf(x) };
const targets: Targets = { rows: x.rows, columns: [y] };
const truth = truthOf(fresh);
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
const mae = (a: Float64Array, b: Float64Array): number => mean(a.map((v, i) => Math.abs(v - b[i])));
const fitted = (options: AttentionOptions = {}, known = parts, rows = x, at = targets) => attention(host, known, { ...small, width: 32, epochs: 100, rate: 4e-3, dropout: 0, ...options }).fit(rows, at, key(1), quiet) as Promise<NeuralModel>;
const number = async (model: NeuralModel, rows: Table) => (await model.predict(rows, quiet)).marginals[0] as NumericMarginal;
const shared = fitted();

describe("mixtures", () => {
  test("are learnt with what their parts do to each other", async () => {
    const m = await number(await shared, fresh);
    const spread = mae(new Float64Array(fresh.rows).fill(mean(y.values)), truth);
    expect(mae(m.mean, truth)).toBeLessThan(0.25 * spread);
    const [low, high] = [m.quantile(0.05), m.quantile(0.95)];
    const covered = mean(truth.map((v, i) => (v >= low[i] && v <= high[i] ? 1 : 0)));
    expect(covered).toBeGreaterThan(0.8);
  });

  test("with a part that training has not seen are told by what is known of it", async () => {
    const seen = mixtures(400, 5, 8);
    const model = await fitted({}, parts, seen, { rows: seen.rows, columns: [{ ...y, values: truthOf(seen) }] });
    const blind = await fitted({}, { block: "parts", vectors: new Map() }, seen, { rows: seen.rows, columns: [{ ...y, values: truthOf(seen) }] });
    const foreign = takeRows(fresh, Int32Array.from(Array.from({ length: fresh.rows }, (_, i) => i).filter((i) => fresh.data[i * fresh.cols + 8] > 0.2)));
    expect(foreign.rows).toBeGreaterThan(40);
    expect(mae((await number(model, foreign)).mean, truthOf(foreign))).toBeLessThan(0.8 * mae((await number(blind, foreign)).mean, truthOf(foreign)));
  });

  test("do not depend on the scale of their shares", async () => {
    const model = await shared;
    const tenfold = { ...fresh, data: fresh.data.map((v) => 8 * v) };
    expect((await number(model, tenfold)).mean).toEqual((await number(model, fresh)).mean);
  });

  test("without any part, or with shares that are no numbers, get a finite answer", async () => {
    const odd = { ...takeRows(fresh, Int32Array.of(0, 1, 2)), data: new Float64Array(3 * fresh.cols).map((_, at) => [0, Number.NaN, Number.POSITIVE_INFINITY][Math.floor(at / fresh.cols)]) };
    const m = await number(await shared, odd);
    expect(m.mean.every(Number.isFinite) && m.sd.every((s) => s > 0)).toBe(true);
  });
});

describe("tokens", () => {
  const table = (values: readonly number[]): Table => ({ rows: 1, cols: values.length, data: Float64Array.from(values), features: values.map((_, k) => ({ name: `p${k}`, unit: one, about: "" })) });
  test("are the largest shares, of equal ones the first, and sum to one", () => {
    const told = tokensOf(table([0.1, 0.4, 0, 0.4, 0.1]), [0, 1, 2, 3, 4], 3, { from: 0, to: 1 });
    expect([...told.part]).toEqual([2, 4, 1]);
    expect([...told.share].map((v) => v.toFixed(4))).toEqual(["0.4444", "0.4444", "0.1111"]);
  });
  test("are filled up with nothing", () => {
    const told = tokensOf(table([0, 1]), [0, 1], 3, { from: 0, to: 1 });
    expect([[...told.part], [...told.share]]).toEqual([[2, 0, 0], [1, 0, 0]]);
  });
  test("have the same encodings in the graph as in training", () => {
    const share = Float32Array.of(0.5, 0.3, 0.0001, 0, 1, 0.17);
    const told = interpret([encoded(op.input("share", [2, 3]))], { share })[0];
    const own = encodedRows(share);
    own.forEach((v, i) => expect(Math.abs(told[i] - v)).toBeLessThan(1e-5));
    // A share of 0.01 more is another token.
    const [a, b] = [encodedRows(Float32Array.of(0.5)), encodedRows(Float32Array.of(0.51))];
    expect(Math.hypot(...a.map((v, i) => v - b[i]))).toBeGreaterThan(0.5);
  });
});

describe("files", () => {
  test("plain onnxruntime reads parts and shares from the file and gives the same numbers", async () => {
    const model = await shared;
    const session = await ort.InferenceSession.create(model.file, { logSeverityLevel: 3 });
    const tokens = (model.manifest.architecture as { readonly tokens: number }).tokens;
    const { part, share } = tokensOf(fresh, NAMES.map((_, k) => k), tokens, { from: 0, to: 40 });
    const told = await session.run({ part: new ort.Tensor("int32", part, [40, tokens]), share: new ort.Tensor("float32", share, [40, tokens]) });
    const m = await number(model, fresh);
    (told["mean:y"].data as Float32Array).forEach((v, i) => expect(Math.abs(v - m.mean[i])).toBeLessThan(1e-4));
    expect(model.hidden).toEqual([64, 64]);
    await session.release();
  });

  test("the interpreter predicts from the same file as onnxruntime", async () => {
    const model = await shared;
    const few = takeRows(fresh, Int32Array.from({ length: 20 }, (_, i) => i));
    const here = await number(openNetwork(neuralHost(async () => interpreter), kinds, model.file), few);
    (await number(model, few)).mean.forEach((v, i) => expect(Math.abs(v - here.mean[i])).toBeLessThan(1e-4));
  });
});

describe("bad input", () => {
  test("a table without shares is refused by the name of what is missing", async () => {
    const plain = { ...x, features: x.features.map((f) => ({ ...f, block: "other" })) };
    await expect(fitted({}, parts, plain)).rejects.toThrow("no shares of parts: attention needs the descriptor parts — add it: represent: [parts, …]");
  });
  test.each([
    [{ width: 30, heads: 4 }, /^bad option of attention: width = 30 with heads = 4/],
    [{ width: 7 }, /^bad option of attention: width = 7/],
    [{ layers: 0 }, /^bad option of attention: layers = 0/],
    [{ hidden: [3] }, /^unknown option of attention: "hidden"/],
  ])("option %j is refused", (options, message) => {
    expect(() => attentionRecipe(host, () => parts).make(options)).toThrow(InputError);
    expect(() => attentionRecipe(host, () => parts).make(options)).toThrow(message);
  });
});
