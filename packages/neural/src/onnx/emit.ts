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

/** The gradient of a convolution's weight is a product over all pixels of all images: of the gradients with what each tap saw. */
function emitConvWeight({ inputs: [x, y], attributes: { kernel, strides, pads } }: Tensor<"convWeight">, e: Emitter, out: string): void {
  const [b, c, h, w] = x.shape;
  const [, k, oh, ow] = y.shape;
  const swap = { perm: { ints: [1, 0, 2, 3] } };
  const list = (...values: readonly number[]) => e.hold("i64", [values.length], values);
  const images = e.node("Pad", [e.node("Transpose", [e.of(x)], swap), list(0, 0, pads[0], pads[1], 0, 0, pads[2], pads[3])], { mode: { text: "constant" } });
  const seen: string[] = [];
  for (let i = 0; i < kernel[0]; i++) {
    // Rows first: what is cut along the last axis is then as short as it can be.
    const rows = h + pads[0] + pads[2] === oh && i === 0 ? images : e.node("Slice", [images, list(i), list(i + (oh - 1) * strides[0] + 1), list(2), list(strides[0])]);
    for (let j = 0; j < kernel[1]; j++) seen.push(w + pads[1] + pads[3] === ow && j === 0 ? rows : e.node("Slice", [rows, list(j), list(j + (ow - 1) * strides[1] + 1), list(3), list(strides[1])]));
  }
  const taps = e.node("Reshape", [seen.length === 1 ? seen[0] : e.node("Concat", seen, { axis: { int: 0 } }), list(seen.length * c, b * oh * ow)]);
  const gradients = e.node("Reshape", [e.node("Transpose", [e.of(y)], swap), list(k, b * oh * ow)]);
  const product = e.node("Gemm", [gradients, taps], { transB: { int: 1 } });
  e.node("Transpose", [e.node("Reshape", [product, list(k, kernel[0], kernel[1], c)])], { perm: { ints: [0, 3, 1, 2] } }, out);
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
  convTranspose: ({ inputs: [x, weight], attributes, shape }, e, out) => {
    const { kernel, strides, pads } = attributes;
    const open = [0, 1].map((i) => shape[2 + i] - ((x.shape[2 + i] - 1) * strides[i] + kernel[i] - pads[i] - pads[i + 2]));
    e.node("ConvTranspose", [e.of(x), e.of(weight)], { ...windowAttributes(attributes), output_padding: { ints: open } }, out);
  },
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
