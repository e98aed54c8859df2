/*
 * Every operation: its gradient against central differences of the f64 interpreter, and its compiled value and gradient
 * in onnxruntime against the interpreter.
 */
import * as ort from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { key, stream } from "@tatara/engine/base";
import { interpret } from "../src/runtime/interpreter.ts";
import { ortBackend } from "../src/runtime/ort.ts";
import { gradient, inOrder } from "../src/tensor/gradient.ts";
import * as op from "../src/tensor/ops.ts";
import { sizeOf } from "../src/tensor/shape.ts";
import type { OpName, Shape, Tensor } from "../src/tensor/types.ts";

interface Case {
  readonly of: string;
  readonly inputs: readonly Shape[];
  readonly program: (...x: readonly Tensor[]) => Tensor;
  /** How the numbers are drawn: away from kinks, or positive. */
  readonly draw?: (uniform: number) => number;
  /** Not for differentiation. */
  readonly flat?: boolean;
}

const positive = (u: number): number => 0.3 + 2 * u;
/** At least 0.1 away from zero and from each other whole number. */
const awayFromZero = (u: number): number => (u < 0.5 ? -1.7 + 3 * u : -1.3 + 3 * u + 0.2);
const indices = (...values: readonly number[]): Tensor => op.constant(values, [values.length], "i32");
const windowed = { stride: 2, padding: 1 };

const cases: readonly Case[] = [
  { of: "neg", inputs: [[2, 3]], program: (x) => op.neg(x) },
  { of: "exp", inputs: [[2, 3]], program: (x) => op.exp(x) },
  { of: "log", inputs: [[2, 3]], program: (x) => op.log(x), draw: positive },
  { of: "sqrt", inputs: [[2, 3]], program: (x) => op.sqrt(x), draw: positive },
  { of: "reciprocal", inputs: [[5]], program: (x) => op.reciprocal(x), draw: positive },
  { of: "abs", inputs: [[7]], program: (x) => op.abs(x), draw: awayFromZero },
  { of: "sign", inputs: [[7]], program: (x) => op.sign(x), draw: awayFromZero },
  { of: "tanh", inputs: [[2, 3]], program: (x) => op.tanh(x) },
  { of: "sigmoid", inputs: [[2, 3]], program: (x) => op.sigmoid(x) },
  { of: "softplus", inputs: [[2, 3]], program: (x) => op.softplus(x) },
  { of: "erf", inputs: [[2, 3]], program: (x) => op.erf(x) },
  { of: "sin and cos", inputs: [[2, 3]], program: (x) => op.mul(op.sin(x), op.cos(op.mul(x, 2))) },
  { of: "floor", inputs: [[7]], program: (x) => op.floor(op.mul(x, 3.3)), flat: true },
  { of: "relu", inputs: [[7]], program: (x) => op.relu(x), draw: awayFromZero },
  { of: "not", inputs: [[7]], program: (x) => op.cast(op.not(op.greater(x, 0)), "f32"), flat: true },
  { of: "detach", inputs: [[2, 3]], program: (x) => op.mul(op.detach(op.floor(op.mul(x, 3.3))), x), draw: (u) => u + 0.01 },
  { of: "add with broadcasting", inputs: [[2, 1, 3], [4, 1]], program: (x, y) => op.add(x, y) },
  { of: "sub with broadcasting", inputs: [[3], [2, 3]], program: (x, y) => op.sub(x, y) },
  { of: "mul with broadcasting", inputs: [[2, 3], [1, 3]], program: (x, y) => op.mul(x, y) },
  { of: "div with broadcasting", inputs: [[2, 3], [2, 1]], program: (x, y) => op.div(x, y), draw: positive },
  { of: "pow", inputs: [[2, 3], [3]], program: (x, y) => op.pow(x, y), draw: positive },
  { of: "pow with a constant", inputs: [[2, 3]], program: (x) => op.pow(x, 3) },
  { of: "maximum", inputs: [[2, 3], [3]], program: (x, y) => op.maximum(x, y) },
  { of: "minimum", inputs: [[2, 3], [3]], program: (x, y) => op.minimum(x, y) },
  { of: "logic", inputs: [[2, 3], [3]], program: (x, y) => op.cast(op.or(op.and(op.greater(x, 0), op.less(y, 0)), op.equal(x, y)), "f32"), flat: true },
  { of: "where", inputs: [[2, 3], [3], [2, 1]], program: (c, x, y) => op.where(op.greater(c, 0), x, y), draw: awayFromZero },
  { of: "sum over one axis", inputs: [[2, 3, 4]], program: (x) => op.sum(x, { axes: [1] }) },
  { of: "sum over two axes, kept", inputs: [[2, 3, 4]], program: (x) => op.sum(x, { axes: [0, -1], keep: true }) },
  { of: "mean", inputs: [[2, 3, 4]], program: (x) => op.mean(x, { axes: [0, 2] }) },
  { of: "max", inputs: [[3, 4]], program: (x) => op.max(x, { axes: [1] }) },
  { of: "softmax", inputs: [[3, 4]], program: (x) => op.softmax(x) },
  { of: "softmax over the first axis", inputs: [[3, 4]], program: (x) => op.softmax(x, 0) },
  { of: "logSoftmax", inputs: [[3, 4]], program: (x) => op.logSoftmax(x) },
  ...[false, true].flatMap((transposeA) =>
    [false, true].flatMap((transposeB): readonly Case[] => [
      { of: `matmul${transposeA ? ", A transposed" : ""}${transposeB ? ", B transposed" : ""}`, inputs: [transposeA ? [3, 2] : [2, 3], transposeB ? [4, 3] : [3, 4]], program: (a, b) => op.matmul(a, b, { transposeA, transposeB }) },
      { of: `batched matmul${transposeA ? ", A transposed" : ""}${transposeB ? ", B transposed" : ""}`, inputs: [transposeA ? [2, 3, 2] : [2, 2, 3], transposeB ? [2, 4, 3] : [2, 3, 4]], program: (a, b) => op.matmul(a, b, { transposeA, transposeB }) },
      { of: `matmul with shared weights${transposeA ? ", A transposed" : ""}${transposeB ? ", B transposed" : ""}`, inputs: [transposeA ? [2, 3, 2] : [2, 2, 3], transposeB ? [4, 3] : [3, 4]], program: (a, b) => op.matmul(a, b, { transposeA, transposeB }) },
    ]),
  ),
  { of: "matmul of one matrix with many", inputs: [[2, 3], [4, 3, 2]], program: (a, b) => op.matmul(a, b) },
  { of: "reshape", inputs: [[2, 6]], program: (x) => op.reshape(x, [3, -1]) },
  { of: "transpose", inputs: [[2, 3, 4]], program: (x) => op.transpose(x, [2, 0, 1]) },
  { of: "expand", inputs: [[2, 1, 3]], program: (x) => op.mul(op.expand(x, [4, 2, 2, 3]), op.constant(Array.from({ length: 48 }, (_, i) => i / 10), [4, 2, 2, 3])) },
  { of: "slice", inputs: [[3, 5]], program: (x) => op.slice(x, { axis: 1, from: 1, to: 4 }) },
  { of: "slice with steps", inputs: [[7, 2]], program: (x) => op.slice(x, { axis: 0, from: 1, to: 6, step: 2 }) },
  { of: "concat", inputs: [[2, 3], [2, 1]], program: (x, y) => op.concat([x, y, x], 1) },
  { of: "pad", inputs: [[2, 3]], program: (x) => op.pad(x, [1, 0], [0, 2]) },
  { of: "gather", inputs: [[4, 2]], program: (x) => op.gather(x, op.constant([3, 0, 0, 1], [2, 2], "i32")) },
  { of: "scatterAdd", inputs: [[5, 2]], program: (x) => op.scatterAdd(x, indices(2, 0, 2, 1, 2), 4) },
  { of: "conv", inputs: [[2, 3, 5, 6], [4, 3, 3, 2]], program: (x, w) => op.conv(x, w) },
  { of: "conv with strides and padding", inputs: [[2, 2, 6, 5], [3, 2, 3, 3]], program: (x, w) => op.conv(x, w, windowed) },
  { of: "convTranspose", inputs: [[2, 3, 3, 4], [3, 2, 3, 2]], program: (x, w) => op.convTranspose(x, w) },
  { of: "convTranspose with strides and padding", inputs: [[2, 2, 3, 3], [2, 3, 4, 4]], program: (x, w) => op.convTranspose(x, w, windowed) },
  { of: "convTranspose with an open size", inputs: [[1, 2, 3, 3], [2, 1, 3, 3]], program: (x, w) => op.convTranspose(x, w, windowed, [6, 5]) },
  { of: "gradient of a convolution", inputs: [[2, 2, 5, 5], [3, 2, 3, 3]], program: (x, w) => gradient(op.sum(op.square(op.conv(x, w, windowed))), [w])[0] },
  { of: "maxPool", inputs: [[2, 2, 4, 4]], program: (x) => op.maxPool(x, 2) },
  { of: "maxPool with overlap and padding", inputs: [[1, 2, 5, 5]], program: (x) => op.maxPool(x, 3, windowed) },
  { of: "one-hot labels", inputs: [[3, 4]], program: (x) => op.sum(op.mul(op.logSoftmax(x), op.oneHot(indices(2, 0, 3), 4)), { axes: [1] }) },
  { of: "uniform", inputs: [[1]], program: (x) => op.mul(x, op.uniform(indices(-7, 123_456_789), [50, 3])) },
  { of: "a network used twice", inputs: [[3, 2], [2, 2]], program: (x, w) => op.tanh(op.matmul(op.tanh(op.matmul(x, w)), w)) },
];

const drawn = (shape: Shape, draw: (u: number) => number, seed: number): Float64Array => {
  const rng = stream(key(seed));
  return Float64Array.from({ length: sizeOf(shape) }, () => draw(rng.uniform()));
};

function setUp({ inputs, program, draw = (u) => 3 * u - 1.5 }: Case) {
  const x = inputs.map((shape, i) => op.input(`x${i}`, shape));
  const y = program(...x);
  // Weighted, so that no gradient vanishes by symmetry.
  const weights = op.constant(drawn(y.shape, (u) => u + 0.2, 99), y.shape);
  const loss = op.sum(op.mul(y, weights));
  const feeds = Object.fromEntries(inputs.map((shape, i) => [`x${i}`, drawn(shape, draw, i + 1)]));
  return { x, y, loss, gradients: gradient(loss, x), feeds };
}

const backend = ortBackend(ort);

describe.each(cases.map((c) => [c.of, c] as const))("%s", (_, one) => {
  const { x, y, loss, gradients, feeds } = setUp(one);

  test.skipIf(one.flat === true)("gradient equals central differences", () => {
    const found = interpret(gradients, feeds);
    const h = 1e-5;
    x.forEach((_, i) => {
      const name = `x${i}`;
      found[i].forEach((g, k) => {
        const moved = (by: number) => interpret([loss], { ...feeds, [name]: (feeds[name] as Float64Array).with(k, feeds[name][k] + by) })[0][0];
        const wanted = (moved(h) - moved(-h)) / (2 * h);
        expect(Math.abs(g - wanted), `${name}[${k}]: ${g} for ${wanted}`).toBeLessThan(2e-7 * Math.max(1, Math.abs(wanted)));
      });
    });
  });

  test("compiled value and gradient equal the interpreter's", async () => {
    const program = await backend.compile({ outputs: { y, ...Object.fromEntries(gradients.map((g, i) => [`g${i}`, g])) } });
    const found = await program.run(feeds);
    const rounded = Object.fromEntries(Object.entries(feeds).map(([name, values]) => [name, Float64Array.from(Float32Array.from(values))]));
    const wanted = interpret([y, ...gradients], rounded);
    [found["y"], ...gradients.map((_, i) => found[`g${i}`])].forEach((values, i) => {
      const size = wanted[i].reduce((m, v) => Math.max(m, Math.abs(v)), 1e-3);
      expect(values).toHaveLength(wanted[i].length);
      values.forEach((v, k) => expect(Math.abs(v - wanted[i][k]) / size, `output ${i}, number ${k}: ${v} for ${wanted[i][k]}`).toBeLessThan(3e-6));
    });
    await program.dispose();
  });
});

test("no gradient goes through detach", () => {
  const x = op.input("x", [3]);
  const [found] = interpret(gradient(op.sum(op.mul(op.detach(op.exp(x)), x)), [x]), { x: Float64Array.of(-1, 0, 2) });
  expect(Array.from(found)).toEqual([-1, 0, 2].map(Math.exp));
});

test("every operation is in the table above", () => {
  const used = new Set<OpName>(cases.flatMap((c) => {
    const { y, gradients } = setUp(c);
    return inOrder([y, ...gradients]).map(({ op: name }) => name);
  }));
  const all: readonly OpName[] = ["input", "constant", "neg", "exp", "log", "sqrt", "reciprocal", "abs", "sign", "tanh", "sigmoid", "softplus", "erf", "sin", "cos", "floor", "relu", "not", "detach", "cast", "add", "sub", "mul", "div", "pow", "maximum", "minimum", "greater", "less", "equal", "and", "or", "where", "sum", "mean", "max", "softmax", "logSoftmax", "matmul", "reshape", "transpose", "expand", "slice", "concat", "pad", "gather", "scatterAdd", "conv", "convTranspose", "convWeight", "maxPool", "maxPoolScatter", "uniform"];
  expect([...used].sort()).toEqual([...all].sort());
});
