/* Layers, losses and the optimiser beside torch on the same parameters, compiled and interpreted. */
import { fileURLToPath } from "node:url";
import * as ort from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { key, stream } from "@tatara/engine/base";
import * as layer from "../src/layers/layers.ts";
import * as loss from "../src/layers/losses.ts";
import type { Scope } from "../src/layers/types.ts";
import { interpret } from "../src/runtime/interpreter.ts";
import { ortBackend } from "../src/runtime/ort.ts";
import { gradient } from "../src/tensor/gradient.ts";
import * as op from "../src/tensor/ops.ts";
import { sizeOf } from "../src/tensor/shape.ts";
import type { Shape, Tensor } from "../src/tensor/types.ts";
import { compileTrainer } from "../src/train/trainer.ts";
import { askPython, torchPython } from "./python.ts";

type Named = Readonly<Record<string, Tensor>>;

/** A scope whose parameters are the case's inputs, by the last word of their names. */
const fed = (inputs: Named): Scope => ({
  training: true,
  parameter: (name) => inputs[name],
  buffer: (name, shape, value) => (name === "unused" ? op.filled(0, shape) : op.filled(value, shape)),
  update: () => {},
  uniform: () => {
    throw new Error("no chance in these cases");
  },
  at: () => fed(inputs),
});

/** The layers of attention have parameters of one name each: by part. */
const heads = (inputs: Named): Scope => ({ ...fed(inputs), at: (part) => fed({ weight: inputs[`${part[0]}w`], bias: inputs[`${part[0]}b`] }) });

interface Case {
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly program: (inputs: Named) => Tensor;
}

const [w, b] = [[6, 6], [6]] as const;
const [segment, labels] = [op.constant([2, 0, 2, 1, 2], [5], "i32"), op.constant([2, 0, 3], [3], "i32")];
const pointwise = (f: (x: Tensor) => Tensor): Case => ({ inputs: { x: [4, 5] }, program: ({ x }) => f(x) });

const cases: Readonly<Record<string, Case>> = {
  dense: { inputs: { x: [3, 4], weight: [4, 2], bias: [2] }, program: ({ x, ...p }) => layer.dense(fed(p), x, 2) },
  relu: pointwise(op.relu),
  leakyRelu: pointwise(layer.leakyRelu),
  elu: pointwise(layer.elu),
  gelu: pointwise(layer.gelu),
  silu: pointwise(layer.silu),
  softplus: pointwise(op.softplus),
  "sigmoid and tanh": pointwise((x) => op.mul(op.sigmoid(x), op.tanh(x))),
  softmax: pointwise(op.softmax),
  logSoftmax: pointwise(op.logSoftmax),
  embedding: { inputs: { table: [4, 3] }, program: (p) => layer.embedding(fed(p), op.constant([3, 0, 0, 1], [2, 2], "i32"), { levels: 4, width: 3 }) },
  layerNorm: { inputs: { x: [3, 5], scale: [5], shift: [5] }, program: ({ x, ...p }) => layer.layerNorm(fed(p), x) },
  batchNorm: { inputs: { x: [6, 3], scale: [3], shift: [3] }, program: ({ x, ...p }) => layer.batchNorm(fed(p), x) },
  "batchNorm of images": { inputs: { x: [3, 2, 3, 3], scale: [2], shift: [2] }, program: ({ x, ...p }) => layer.batchNorm(fed(p), x) },
  conv: { inputs: { x: [2, 3, 7, 6], weight: [4, 3, 3, 3], bias: [4] }, program: ({ x, ...p }) => layer.conv(fed(p), x, 4, { stride: 2, padding: 1 }) },
  convTranspose: { inputs: { x: [2, 3, 4, 3], weight: [3, 2, 4, 4], bias: [2] }, program: ({ x, ...p }) => layer.convTranspose(fed(p), x, 2, { stride: 2, padding: 1 }) },
  maxPool: { inputs: { x: [2, 2, 6, 6] }, program: ({ x }) => op.maxPool(x, 3, { stride: 2, padding: 1 }) },
  averagePool: { inputs: { x: [2, 2, 6, 4] }, program: ({ x }) => layer.averagePool(x, 2) },
  gru: { inputs: { x: [2, 4, 3], input: [3, 15], state: [5, 15], inputBias: [15], stateBias: [15] }, program: ({ x, ...p }) => layer.gru(fed(p), x, 5) },
  attention: { inputs: { x: [2, 4, 6], qw: w, qb: b, kw: w, kb: b, vw: w, vb: b, ow: w, ob: b }, program: ({ x, ...p }) => layer.attention(heads(p), x, { heads: 2, bias: layer.causalMask(4) }) },
  "segment sum": { inputs: { x: [5, 3] }, program: ({ x }) => op.scatterAdd(x, segment, 4) },
  "segment mean": { inputs: { x: [5, 3] }, program: ({ x }) => layer.segmentMean(x, segment, 4) },
  huber: { inputs: { x: [9], y: [9] }, program: ({ x, y }) => loss.huber(x, y, 0.7) },
  normalLoss: { inputs: { mean: [9], logVariance: [9], y: [9] }, program: ({ mean, logVariance, y }) => loss.normalLoss(mean, logVariance, y) },
  laplaceLoss: { inputs: { mean: [9], logScale: [9], y: [9] }, program: ({ mean, logScale, y }) => loss.laplaceLoss(mean, logScale, y) },
  crossEntropy: { inputs: { logits: [3, 4] }, program: ({ logits }) => loss.crossEntropy(logits, labels) },
  binaryCrossEntropy: { inputs: { logits: [9], labels: [9] }, program: ({ logits, labels: y }) => loss.binaryCrossEntropy(logits, y) },
  klToStandardNormal: { inputs: { mean: [3, 4], logVariance: [3, 4] }, program: ({ mean, logVariance }) => loss.klToStandardNormal(mean, logVariance) },
};

const drawn = (shape: Shape, seed: number): Float64Array => {
  const rng = stream(key(seed));
  return Float64Array.from({ length: sizeOf(shape) }, () => Math.fround(rng.normal()));
};

/** Of every case: its tensors, and its numbers as torch gets them. */
function setUp({ inputs, program }: Case) {
  const x = Object.fromEntries(Object.entries(inputs).map(([name, shape]) => [name, op.input(name, shape)]));
  const y = program(x);
  const values = Object.fromEntries(Object.entries(inputs).map(([name, shape], i) => [name, drawn(shape, i + 1)]));
  const weights = drawn(y.shape, 77);
  const gradients = gradient(op.sum(op.mul(y, op.constant(weights, y.shape))), Object.values(x));
  const plain = (shape: Shape, v: Float64Array) => ({ shape, values: Array.from(v) });
  return { y, gradients, values, asked: { ...Object.fromEntries(Object.entries(inputs).map(([name, shape]) => [name, plain(shape, values[name])])), weights: plain(y.shape, weights) } };
}

interface Answer {
  readonly y: readonly number[];
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

const [N] = [12];
const optimised = { p: [N], g1: [N], g2: [N], g3: [N], weights: [N] } as const;
const adamInputs = Object.fromEntries(Object.entries(optimised).map(([name, shape], i) => [name, { shape, values: Array.from(drawn(shape, i + 20)) }]));

const sets = Object.fromEntries(Object.entries(cases).map(([name, one]) => [name, setUp(one)]));
const script = fileURLToPath(new URL("torchReference.py", import.meta.url));
const answers = torchPython === undefined ? undefined : (askPython(torchPython, script, { ...Object.fromEntries(Object.entries(sets).map(([name, { asked }]) => [name, asked])), adam: adamInputs }) as Readonly<Record<string, Answer>>);

const largest = (values: readonly number[]): number => values.reduce((m, v) => Math.max(m, Math.abs(v)), 1e-2);

/** Within a tolerance of `size`: rounding is that of the largest number that takes part. */
function expectClose(found: ArrayLike<number>, wanted: readonly number[], tolerance: number, what: string, size = largest(wanted)): void {
  expect(found).toHaveLength(wanted.length);
  wanted.forEach((v, i) => expect(Math.abs(found[i] - v) / size, `${what}[${i}]: ${found[i]} for ${v}`).toBeLessThan(tolerance));
}

describe.skipIf(answers === undefined)("beside torch (skipped without python3-torch)", () => {
  test.each(Object.keys(cases))("%s", async (name) => {
    const { y, gradients, values } = sets[name];
    const wanted = answers![name];
    const named = Object.keys(cases[name].inputs);
    // The gradient of a key's bias is zero, but made of terms that are not.
    const size = largest(Object.values(wanted.gradients).flat());
    const interpreted = interpret([y, ...gradients], values);
    const compiled = await ortBackend(ort).compile({ outputs: { value: y, ...Object.fromEntries(gradients.map((g, i) => [`g${i}`, g])) } });
    const run = await compiled.run(values);
    expectClose(interpreted[0], wanted.y, 1e-7, "y");
    expectClose(run["value"], wanted.y, 1e-5, "compiled y");
    named.forEach((input, i) => {
      expectClose(interpreted[i + 1], wanted.gradients[input], 1e-7, `gradient of ${input}`, size);
      expectClose(run[`g${i}`], wanted.gradients[input], 1e-5, `compiled gradient of ${input}`, size);
    });
    await compiled.dispose();
  });

  test("three steps of AdamW with clipping", async () => {
    const given = (name: string): Float32Array => Float32Array.from(adamInputs[name].values);
    const trainer = await compileTrainer(ortBackend(ort), {
      each: { g: { shape: [N] } },
      shared: {},
      loss: (scope, { g }) => op.sum(op.mul(scope.parameter("p", [N], () => given("p"), { decay: true }), g)),
      optimiser: { weightDecay: 0.1, clip: 1.5 },
    });
    const { state } = await trainer.run(trainer.initial(key(1)), { count: 3, each: { g: Float32Array.of(...given("g1"), ...given("g2"), ...given("g3")) }, rates: Float32Array.of(0.01, 0.01, 0.01) }, {}, key(1));
    expectClose(state.parameters, answers!["adam"].y, 1e-6, "parameter");
  });
});
