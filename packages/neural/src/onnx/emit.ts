/*
 * Each operation as standard ONNX nodes (opset 18). A size that is a multiple of the open batch stands for a batch whose
 * size is known only when the graph runs.
 */
import { InputError } from "@tatara/engine/base";
import { BITS, ROUND, STEP } from "../tensor/hash.ts";
import { broadcast, sameShape, sizeOf } from "../tensor/shape.ts";
import type { DType, OpName, Shape, Tensor, Window } from "../tensor/types.ts";
import type { Attribute, Element, NodeText } from "./schema.ts";

/** What an operation writes with: names for its parts, and nodes. */
export interface Emitter {
  /** The name of a tensor's value. */
  of(x: Tensor): string;
  /** Write a node with one output; returns its name. */
  node(type: string, inputs: readonly string[], attributes?: Readonly<Record<string, Attribute>>, output?: string): string;
  write(node: NodeText): void;
  /** A new name. */
  fresh(): string;
  /** An array that the graph holds; equal ones are held once. */
  hold(element: Element, shape: Shape, values: ArrayLike<number>): string;
  /** A shape as a value; sizes that depend on the open batch are computed. */
  shape(shape: Shape): string;
  /** A shape to reshape to: one size may follow from the others. */
  reshapeTo(shape: Shape): string;
  /** Whether a size depends on the open batch. */
  isOpen(size: number): boolean;
}

type Emit<K extends OpName> = (y: Tensor<K>, e: Emitter, out: string) => void;

/** An operation that ONNX has under another name. */
const as =
  (type: string): Emit<OpName> =>
  (y, e, out) => {
    e.node(type, y.inputs.map((x) => e.of(x)), {}, out);
  };

/** Pointwise operations repeat their inputs themselves: what was expanded for them need not be, if the shape stays. */
const seen = (x: Tensor): Tensor => (x.op === "expand" ? seen(x.inputs[0]) : x);

/** The inputs that are really needed. */
export function neededInputs(y: Tensor): readonly Tensor[] {
  if (!POINTWISE.has(y.op)) return y.inputs;
  const bare = y.inputs.map(seen);
  return sameShape(bare.map(({ shape }) => shape).reduce(broadcast), y.shape) ? bare : y.inputs;
}

const POINTWISE: ReadonlySet<OpName> = new Set(["add", "sub", "mul", "div", "pow", "maximum", "minimum", "greater", "less", "equal", "and", "or", "where"]);

const pointwise =
  (type: string): Emit<OpName> =>
  (y, e, out) => {
    e.node(type, neededInputs(y).map((x) => e.of(x)), {}, out);
  };

const elementOf: Readonly<Record<DType, Element>> = { f32: "f32", i32: "i32", bool: "bool" };

const reduce =
  (type: string): Emit<"sum" | "mean" | "max"> =>
  ({ inputs: [x], attributes: { axes, keep } }, e, out) => {
    const keepdims = { keepdims: { int: keep ? 1 : 0 } };
    // ReduceMax takes its axes as an attribute until opset 18, as an input from there on, like the others.
    e.node(type, [e.of(x), e.hold("i64", [axes.length], axes)], keepdims, out);
  };

const along =
  (type: string): Emit<"softmax" | "logSoftmax"> =>
  ({ inputs: [x], attributes: { axis } }, e, out) => {
    e.node(type, [e.of(x)], { axis: { int: axis } }, out);
  };

const windowAttributes = ({ kernel, strides, pads }: Window): Readonly<Record<string, Attribute>> => ({ kernel_shape: { ints: kernel }, strides: { ints: strides }, pads: { ints: pads } });

const SWAP: Readonly<Record<string, Attribute>> = { perm: { ints: [1, 0, 2, 3] } };
const listed = (e: Emitter, ...values: readonly number[]): string => e.hold("i64", [values.length], values);
const padded = (e: Emitter, x: string, [top, left, bottom, right]: readonly number[]): string => ([top, left, bottom, right].every((n) => n === 0) ? x : e.node("Pad", [x, listed(e, 0, 0, top, left, 0, 0, bottom, right)], { mode: { text: "constant" } }));

/**
 * With stride 1 the gradient of a convolution's weight is one product over all pixels of all images: of the gradients with what
 * each tap saw. Images lie in memory with their padding and gradients with as many zero columns, so that a tap is an offset.
 */
function emitTapProduct({ inputs: [x, y], attributes: { kernel, pads } }: Tensor<"convWeight">, e: Emitter, out: string): void {
  const [b, c, h, w] = x.shape;
  const [, k, oh, ow] = y.shape;
  const [high, wide] = [h + pads[0] + pads[2], w + pads[1] + pads[3]];
  // The last tap looks past the last row by its own columns: one more row of zeros.
  const images = e.node("Reshape", [padded(e, e.node("Transpose", [e.of(x)], SWAP), [pads[0], pads[1], pads[2] + 1, pads[3]]), listed(e, c, b, (high + 1) * wide)]);
  const taps = Array.from({ length: kernel[0] * kernel[1] }, (_, i) => Math.floor(i / kernel[1]) * wide + (i % kernel[1]));
  const seen = taps.map((from) => e.node("Slice", [images, listed(e, from), listed(e, from + oh * wide), listed(e, 2)]));
  const stack = e.node("Reshape", [seen.length === 1 ? seen[0] : e.node("Concat", seen, { axis: { int: 0 } }), listed(e, taps.length * c, b * oh * wide)]);
  const gradients = e.node("Reshape", [padded(e, e.node("Transpose", [e.of(y)], SWAP), [0, 0, 0, wide - ow]), listed(e, k, b * oh * wide)]);
  const product = e.node("Gemm", [gradients, stack], { transB: { int: 1 } });
  e.node("Transpose", [e.node("Reshape", [product, listed(e, k, ...kernel, c)])], { perm: { ints: [0, 3, 1, 2] } }, out);
}

/** With strides it is a convolution of images with gradients, batch and channels changing places, and strides as dilations. */
function emitConvWeight(node: Tensor<"convWeight">, e: Emitter, out: string): void {
  const { inputs: [x, y], attributes: { kernel, strides, pads } } = node;
  if (strides[0] === 1 && strides[1] === 1) {
    emitTapProduct(node, e, out);
    return;
  }
  const [h, w] = x.shape.slice(2);
  const [oh, ow] = y.shape.slice(2);
  const wide = [h + pads[0] + pads[2] - (oh - 1) * strides[0], w + pads[1] + pads[3] - (ow - 1) * strides[1]];
  const whole = e.node("Conv", [e.node("Transpose", [e.of(x)], SWAP), e.node("Transpose", [e.of(y)], SWAP)], { kernel_shape: { ints: [oh, ow] }, dilations: { ints: strides }, pads: { ints: pads } });
  const taps = wide[0] === kernel[0] && wide[1] === kernel[1] ? whole : e.node("Slice", [whole, listed(e, 0, 0), listed(e, ...kernel), listed(e, 2, 3)]);
  e.node("Transpose", [taps], SWAP, out);
}

/** With stride 1 a transposed convolution is a convolution with the kernel turned round, which is faster. */
function emitConvTranspose({ inputs: [x, weight], attributes, shape }: Tensor<"convTranspose">, e: Emitter, out: string): void {
  const { kernel, strides, pads } = attributes;
  const around = [kernel[0] - 1 - pads[0], kernel[1] - 1 - pads[1], kernel[0] - 1 - pads[2], kernel[1] - 1 - pads[3]];
  if (strides[0] === 1 && strides[1] === 1 && around.every((n) => n >= 0)) {
    const turned = e.node("Slice", [e.node("Transpose", [e.of(weight)], SWAP), listed(e, -1, -1), listed(e, -1 - kernel[0], -1 - kernel[1]), listed(e, 2, 3), listed(e, -1, -1)]);
    e.node("Conv", [e.of(x), turned], { kernel_shape: { ints: kernel }, pads: { ints: around } }, out);
    return;
  }
  const open = [0, 1].map((i) => shape[2 + i] - ((x.shape[2 + i] - 1) * strides[i] + kernel[i] - pads[i] - pads[i + 2]));
  e.node("ConvTranspose", [e.of(x), e.of(weight)], { ...windowAttributes(attributes), output_padding: { ints: open } }, out);
}

function emitMatmul({ inputs: [a, b], attributes: { transposeA, transposeB } }: Tensor<"matmul">, e: Emitter, out: string): void {
  if (a.shape.length === 2 && b.shape.length === 2) {
    e.node("Gemm", [e.of(a), e.of(b)], { transA: { int: transposeA ? 1 : 0 }, transB: { int: transposeB ? 1 : 0 } }, out);
    return;
  }
  const turned = (x: Tensor, transposed: boolean) => {
    if (!transposed) return e.of(x);
    const axes = x.shape.map((_, i) => i);
    return e.node("Transpose", [e.of(x)], { perm: { ints: [...axes.slice(0, -2), axes.length - 1, axes.length - 2] } });
  };
  e.node("MatMul", [turned(a, transposeA), turned(b, transposeB)], {}, out);
}

/** The hash of `tensor/hash.ts` in 64-bit words of which the lower 32 bits count. */
function emitUniform({ shape, inputs: [key] }: Tensor<"uniform">, e: Emitter, out: string): void {
  const n = sizeOf(shape);
  const word = (value: number) => e.hold("u64", [], [value]);
  const low = (x: string) => e.node("BitwiseAnd", [x, word(0xffffffff)]);
  const shifted = (x: string, by: number) => e.node("BitShift", [x, word(by)], { direction: { text: "RIGHT" } });
  const times = (x: string, factor: number) => low(e.node("Mul", [x, word(factor)]));
  const mixed = (x: string): string => {
    const { shifts, factors } = ROUND;
    const h = times(e.node("BitwiseXor", [x, shifted(x, shifts[0])]), factors[0]);
    const g = times(e.node("BitwiseXor", [h, shifted(h, shifts[1])]), factors[1]);
    return e.node("BitwiseXor", [g, shifted(g, shifts[2])]);
  };
  const words = low(e.node("Cast", [e.node("Cast", [e.of(key)], { to: { int: 7 } })], { to: { int: 13 } }));
  const part = (i: number) => e.node("Gather", [words, e.hold("i64", [], [i])]);
  const places = e.node("Cast", [e.node("Range", [e.hold("i64", [], [0]), e.hold("i64", [], [n]), e.hold("i64", [], [1])])], { to: { int: 13 } });
  const first = mixed(low(e.node("Add", [times(places, STEP), part(0)])));
  const second = mixed(low(e.node("Add", [first, part(1)])));
  const top = e.node("Cast", [shifted(second, 32 - BITS)], { to: { int: 1 } });
  e.node("Reshape", [e.node("Mul", [top, e.hold("f32", [], [2 ** -BITS])]), e.shape(shape)], {}, out);
}

/** Flat positions inside [b · c, h · w] of each window's maximum, and the sums there. */
function emitMaxPoolScatter({ inputs: [x, y], attributes: window, shape }: Tensor<"maxPoolScatter">, e: Emitter, out: string): void {
  const [pooled, places] = [e.fresh(), e.fresh()];
  e.write({ type: "MaxPool", inputs: [e.of(x)], outputs: [pooled, places], attributes: windowAttributes(window) });
  const flat = (name: string, n: number) => e.node("Reshape", [name, e.hold("i64", [1], [n])]);
  const zeros = e.hold("f32", [sizeOf(shape)], new Float64Array(sizeOf(shape)));
  const sums = e.node("ScatterElements", [zeros, flat(places, sizeOf(y.shape)), flat(e.of(y), sizeOf(y.shape))], { axis: { int: 0 }, reduction: { text: "add" } });
  e.node("Reshape", [sums, e.shape(shape)], {}, out);
}

const emitters: { readonly [K in OpName]: Emit<K> } = {
  input: ({ attributes: { name } }) => {
    throw new TypeError(`input is no node: ${name} — it is declared`);
  },
  constant: () => {
    throw new TypeError("a constant is no node — the graph holds it");
  },
  neg: as("Neg"),
  exp: as("Exp"),
  log: as("Log"),
  sqrt: as("Sqrt"),
  reciprocal: as("Reciprocal"),
  abs: as("Abs"),
  sign: as("Sign"),
  tanh: as("Tanh"),
  sigmoid: as("Sigmoid"),
  softplus: as("Softplus"),
  erf: as("Erf"),
  sin: as("Sin"),
  cos: as("Cos"),
  floor: as("Floor"),
  relu: as("Relu"),
  not: as("Not"),
  detach: as("Identity"),
  cast: ({ inputs: [x], dtype }, e, out) => {
    e.node("Cast", [e.of(x)], { to: { int: { f32: 1, i32: 6, bool: 9 }[dtype] } }, out);
  },
  add: pointwise("Add"),
  sub: pointwise("Sub"),
  mul: pointwise("Mul"),
  div: pointwise("Div"),
  pow: pointwise("Pow"),
  maximum: pointwise("Max"),
  minimum: pointwise("Min"),
  greater: pointwise("Greater"),
  less: pointwise("Less"),
  equal: pointwise("Equal"),
  and: pointwise("And"),
  or: pointwise("Or"),
  where: pointwise("Where"),
  sum: reduce("ReduceSum"),
  mean: reduce("ReduceMean"),
  max: reduce("ReduceMax"),
  softmax: along("Softmax"),
  logSoftmax: along("LogSoftmax"),
  matmul: emitMatmul,
  reshape: ({ inputs: [x], shape }, e, out) => {
    e.node("Reshape", [e.of(x), e.reshapeTo(shape)], {}, out);
  },
  transpose: ({ inputs: [x], attributes: { order } }, e, out) => {
    e.node("Transpose", [e.of(x)], { perm: { ints: order } }, out);
  },
  expand: ({ inputs: [x], shape }, e, out) => {
    e.node("Expand", [e.of(x), e.shape(shape)], {}, out);
  },
  slice: ({ inputs: [x], attributes: { axis, from, to, step } }, e, out) => {
    const one = (v: number) => e.hold("i64", [1], [v]);
    e.node("Slice", [e.of(x), one(from), e.isOpen(to) ? e.shape([to]) : one(to), one(axis), one(step)], {}, out);
  },
  concat: ({ inputs, attributes: { axis } }, e, out) => {
    e.node("Concat", inputs.map((x) => e.of(x)), { axis: { int: axis } }, out);
  },
  pad: ({ inputs: [x], attributes: { before, after } }, e, out) => {
    e.node("Pad", [e.of(x), e.hold("i64", [before.length * 2], [...before, ...after])], { mode: { text: "constant" } }, out);
  },
  gather: ({ inputs: [values, indices] }, e, out) => {
    e.node("Gather", [e.of(values), e.of(indices)], { axis: { int: 0 } }, out);
  },
  scatterAdd: ({ inputs: [updates, indices], shape }, e, out) => {
    const zeros = e.node("Expand", [e.hold("f32", [], [0]), e.shape(shape)]);
    const places = e.node("Cast", [e.node("Reshape", [e.of(indices), e.hold("i64", [2], [-1, 1])])], { to: { int: 7 } });
    e.node("ScatterND", [zeros, places, e.of(updates)], { reduction: { text: "add" } }, out);
  },
  conv: ({ inputs: [x, weight], attributes }, e, out) => {
    e.node("Conv", [e.of(x), e.of(weight)], windowAttributes(attributes), out);
  },
  convTranspose: emitConvTranspose,
  convWeight: emitConvWeight,
  maxPool: ({ inputs: [x], attributes }, e, out) => {
    e.node("MaxPool", [e.of(x)], windowAttributes(attributes), out);
  },
  maxPoolScatter: emitMaxPoolScatter,
  uniform: emitUniform,
};

/** Write the nodes of one operation; the last of them is named `out`. */
export function emit(y: Tensor, e: Emitter, out: string): void {
  if (y.dtype !== "f32" && (y.op === "scatterAdd" || y.op === "pad")) throw new InputError(`not for ${elementOf[y.dtype]}: ${y.op} — of numbers only`);
  (emitters[y.op] as Emit<OpName>)(y, e, out);
}
