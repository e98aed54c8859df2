/*
 * The operations by which programs are written. Each checks its shapes and returns a node; numbers stand for
 * constants wherever a tensor may.
 */
import { InputError } from "@tatara/engine/base";
import { axesOf, broadcast, sameShape, shapeText, sizeOf } from "./shape.ts";
import type { Attributes, DType, OpName, Shape, Tensor, Window } from "./types.ts";

/** A tensor, or a number that stands for a constant. */
export type Operand = Tensor | number;

const node = <K extends OpName>(op: K, inputs: readonly Tensor[], shape: Shape, attributes: Attributes[K], dtype: DType = "f32"): Tensor<K> => ({ op, inputs, attributes, shape, dtype });

/** What is fed when the program runs. */
export const input = (name: string, shape: Shape, dtype: DType = "f32"): Tensor => node("input", [], shape, { name }, dtype);

/** Numbers that belong to the program. Throws InputError when there are not as many as the shape holds. */
export function constant(values: ArrayLike<number>, shape: Shape, dtype: DType = "f32", name?: string): Tensor {
  if (values.length !== sizeOf(shape)) throw new InputError(`constant is inconsistent: ${values.length} numbers — ${shapeText(shape)} holds ${sizeOf(shape)}`);
  return node("constant", [], shape, { values: Float64Array.from(values), ...(name !== undefined && { name }) }, dtype);
}

export const scalar = (value: number, dtype: DType = "f32"): Tensor => constant([value], [], dtype);
export const filled = (value: number, shape: Shape): Tensor => expand(scalar(value), shape);
/** 0, 1, … n − 1 as indices. */
export const range = (n: number): Tensor => constant(Int32Array.from({ length: n }, (_, i) => i), [n], "i32");

const tensor = (x: Operand, dtype: DType = "f32"): Tensor => (typeof x === "number" ? scalar(x, dtype) : x);

function expectType(x: Tensor, ...allowed: readonly DType[]): void {
  if (!allowed.includes(x.dtype)) throw new InputError(`wrong type: ${x.op} of ${x.dtype} — ${allowed.join(" or ")} is needed`);
}

function pointwise<K extends OpName>(op: K, dtype?: DType) {
  return (x: Operand): Tensor => {
    const a = tensor(x);
    return node(op, [a], a.shape, {} as Attributes[K], dtype ?? a.dtype);
  };
}

export const neg = pointwise("neg");
export const exp = pointwise("exp");
export const log = pointwise("log");
export const sqrt = pointwise("sqrt");
export const reciprocal = pointwise("reciprocal");
export const abs = pointwise("abs");
/** −1, 0 or 1; its gradient is zero. */
export const sign = pointwise("sign");
export const tanh = pointwise("tanh");
/** 1 / (1 + e^−x). */
export const sigmoid = pointwise("sigmoid");
/** log(1 + e^x). */
export const softplus = pointwise("softplus");
export const erf = pointwise("erf");
export const sin = pointwise("sin");
export const cos = pointwise("cos");
export const floor = pointwise("floor");
/** max(x, 0); its gradient at 0 is 0. */
export const relu = pointwise("relu");
export const not = pointwise("not", "bool");
/** x as a constant of the gradient. */
export const detach = pointwise("detach");
export const cast = (x: Tensor, dtype: DType): Tensor => (x.dtype === dtype ? x : node("cast", [x], x.shape, {}, dtype));

function twofold<K extends OpName>(op: K, dtype?: DType) {
  return (x: Operand, y: Operand): Tensor => {
    const a = typeof x === "number" ? tensor(x, typeof y === "number" ? "f32" : y.dtype) : x;
    const b = typeof y === "number" ? tensor(y, a.dtype) : y;
    if (a.dtype !== b.dtype) throw new InputError(`two types: ${op} of ${a.dtype} and ${b.dtype} — cast one of them`);
    return node(op, [a, b], broadcast(a.shape, b.shape), {} as Attributes[K], dtype ?? a.dtype);
  };
}

export const add = twofold("add");
export const sub = twofold("sub");
export const mul = twofold("mul");
export const div = twofold("div");
/** x^y for x > 0, or a constant whole y. */
export const pow = twofold("pow");
/** The larger one; equal ones share the gradient. */
export const maximum = twofold("maximum");
export const minimum = twofold("minimum");
export const greater = twofold("greater", "bool");
export const less = twofold("less", "bool");
export const equal = twofold("equal", "bool");
export const and = twofold("and", "bool");
export const or = twofold("or", "bool");

/** `then` where the condition holds, `otherwise` elsewhere; all are broadcast to one shape. */
export function where(condition: Tensor, then: Operand, otherwise: Operand): Tensor {
  expectType(condition, "bool");
  const [a, b] = [tensor(then), tensor(otherwise)];
  const shape = broadcast(condition.shape, broadcast(a.shape, b.shape));
  return node("where", [expand(condition, shape), expand(a, shape), expand(b, shape)], shape, {}, a.dtype);
}

export const square = (x: Tensor): Tensor => mul(x, x);
/** Σ of several tensors. */
export const total = (parts: readonly Tensor[]): Tensor => parts.reduce((a, b) => add(a, b));

interface Along {
  /** Default all. */
  readonly axes?: readonly number[];
  /** Leave the axes with size one. Default false. */
  readonly keep?: boolean;
}

function reduction<K extends "sum" | "mean" | "max">(op: K) {
  return (x: Tensor, { axes, keep = false }: Along = {}): Tensor => {
    const over = axesOf(axes ?? x.shape.map((_, i) => i), x.shape.length);
    if (over.length === 0) return x;
    const shape = keep ? x.shape.map((n, i) => (over.includes(i) ? 1 : n)) : x.shape.filter((_, i) => !over.includes(i));
    return node(op, [x], shape, { axes: over, keep } as Attributes[K], x.dtype);
  };
}

export const sum = reduction("sum");
export const mean = reduction("mean");
/** The largest along the axes; ties share the gradient. */
export const max = reduction("max");

export function softmax(x: Tensor, axis = -1): Tensor {
  return node("softmax", [x], x.shape, { axis: axesOf([axis], x.shape.length)[0] });
}
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  return node("logSoftmax", [x], x.shape, { axis: axesOf([axis], x.shape.length)[0] });
}

/** Matrix products over the last two axes; the axes before them are equal, or one of the two has none of them. */
export function matmul(a: Tensor, b: Tensor, { transposeA = false, transposeB = false }: { readonly transposeA?: boolean; readonly transposeB?: boolean } = {}): Tensor {
  if (a.shape.length < 2 || b.shape.length < 2) throw new InputError(`no matrices: ${shapeText(a.shape)} and ${shapeText(b.shape)} — each needs two axes`);
  const [ra, ca] = a.shape.slice(-2);
  const [rb, cb] = b.shape.slice(-2);
  const [m, k] = transposeA ? [ca, ra] : [ra, ca];
  const [l, n] = transposeB ? [cb, rb] : [rb, cb];
  const lead = a.shape.slice(0, -2);
  const leadB = b.shape.slice(0, -2);
  if (k !== l || !(sameShape(lead, leadB) || leadB.length === 0 || lead.length === 0))
    throw new InputError(`matrices do not fit: ${shapeText(a.shape)}${transposeA ? "ᵀ" : ""} · ${shapeText(b.shape)}${transposeB ? "ᵀ" : ""} — inner sizes are equal, and so are the axes before them`);
  return node("matmul", [a, b], [...(lead.length > 0 ? lead : leadB), m, n], { transposeA, transposeB });
}

/** The same numbers in another shape; one size may be −1. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const known = shape.reduce((product, n) => (n === -1 ? product : product * n), 1);
  const whole = shape.map((n) => (n === -1 ? sizeOf(x.shape) / known : n));
  if (sizeOf(whole) !== sizeOf(x.shape) || whole.some((n) => !Number.isInteger(n))) throw new InputError(`cannot reshape: ${shapeText(x.shape)} to ${shapeText(shape)} — both hold as many numbers`);
  return sameShape(whole, x.shape) ? x : node("reshape", [x], whole, {}, x.dtype);
}

/** Axis i of the result is axis order[i] of x; by default the last two change places. */
export function transpose(x: Tensor, order?: readonly number[]): Tensor {
  const rank = x.shape.length;
  const axes = order ?? [...Array.from({ length: rank - 2 }, (_, i) => i), rank - 1, rank - 2];
  if (axes.length !== rank || new Set(axes).size !== rank) throw new InputError(`no order of ${rank} axes: ${axes.join(", ")} — each axis once`);
  if (axes.every((axis, i) => axis === i)) return x;
  return node("transpose", [x], axes.map((axis) => x.shape[axis]), { order: axes }, x.dtype);
}

/** Repeat along axes of size one, and along new axes in front. */
export function expand(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  if (!sameShape(broadcast(x.shape, shape), shape)) throw new InputError(`cannot expand: ${shapeText(x.shape)} to ${shapeText(shape)} — sizes are equal or grow from 1`);
  return node("expand", [x], shape, {}, x.dtype);
}

/** Part from … to of one axis, every `step`-th. */
export function slice(x: Tensor, { axis, from = 0, to, step = 1 }: { readonly axis: number; readonly from?: number; readonly to?: number; readonly step?: number }): Tensor {
  const [at] = axesOf([axis], x.shape.length);
  const end = to ?? x.shape[at];
  if (!(from >= 0 && from < end && end <= x.shape[at] && step >= 1)) throw new InputError(`no such part: ${from} … ${end} of ${x.shape[at]} — it lies inside the axis`);
  const length = Math.ceil((end - from) / step);
  if (length === x.shape[at]) return x;
  return node("slice", [x], x.shape.map((n, i) => (i === at ? length : n)), { axis: at, from, to: end, step }, x.dtype);
}

export function concat(parts: readonly Tensor[], axis = 0): Tensor {
  const [first] = parts;
  if (first === undefined) throw new InputError("nothing to join: 0 tensors — give at least one");
  if (parts.length === 1) return first;
  const [at] = axesOf([axis], first.shape.length);
  const fits = parts.every(({ shape, dtype }) => dtype === first.dtype && shape.length === first.shape.length && shape.every((n, i) => i === at || n === first.shape[i]));
  if (!fits) throw new InputError(`cannot join: ${parts.map(({ shape }) => shapeText(shape)).join(", ")} — they differ along axis ${at} only`);
  return node("concat", parts, first.shape.map((n, i) => (i === at ? parts.reduce((s, p) => s + p.shape[at], 0) : n)), { axis: at }, first.dtype);
}

/** Zeros before and after, for each axis. */
export function pad(x: Tensor, before: readonly number[], after: readonly number[]): Tensor {
  if ([...before, ...after].every((n) => n === 0)) return x;
  return node("pad", [x], x.shape.map((n, i) => n + before[i] + after[i]), { before, after }, x.dtype);
}

/** Rows of `values` by index. */
export function gather(values: Tensor, indices: Tensor): Tensor {
  expectType(indices, "i32");
  return node("gather", [values, indices], [...indices.shape, ...values.shape.slice(1)], {}, values.dtype);
}

/** Sums of rows that go to the same place; `rows` places. The segment sum of a batch of graphs. */
export function scatterAdd(updates: Tensor, indices: Tensor, rows: number): Tensor {
  expectType(indices, "i32");
  if (indices.shape.length !== 1 || indices.shape[0] !== updates.shape[0]) throw new InputError(`indices do not fit: ${shapeText(indices.shape)} for ${shapeText(updates.shape)} — one index for each row`);
  return node("scatterAdd", [updates, indices], [rows, ...updates.shape.slice(1)], { rows }, updates.dtype);
}

/** Convolutions may be spelt with one number for both directions. */
export interface WindowOptions {
  readonly stride?: number;
  readonly padding?: number;
}

const windowOf = (kernel: readonly [number, number], { stride = 1, padding = 0 }: WindowOptions): Window => ({ kernel, strides: [stride, stride], pads: [padding, padding, padding, padding] });

/** Output size of one direction. */
const shrunk = (n: number, kernel: number, stride: number, padding: number): number => Math.floor((n + padding - kernel) / stride) + 1;

export const shrunkShape = ([h, w]: readonly number[], { kernel, strides, pads }: Window): readonly [number, number] => [
  shrunk(h, kernel[0], strides[0], pads[0] + pads[2]),
  shrunk(w, kernel[1], strides[1], pads[1] + pads[3]),
];

/** x [b, c, h, w] with weight [k, c, kh, kw]. */
export function conv(x: Tensor, weight: Tensor, options: WindowOptions | Window = {}): Tensor {
  const window = "kernel" in options ? options : windowOf([weight.shape[2], weight.shape[3]], options);
  if (x.shape.length !== 4 || weight.shape.length !== 4 || x.shape[1] !== weight.shape[1]) throw new InputError(`convolution does not fit: ${shapeText(x.shape)} with ${shapeText(weight.shape)} — [b, c, h, w] with [k, c, kh, kw]`);
  return node("conv", [x, weight], [x.shape[0], weight.shape[0], ...shrunkShape(x.shape.slice(2), window)], window);
}

/** x [b, k, h, w] with weight [k, c, kh, kw] → [b, c, (h − 1) stride + kernel − 2 padding, …]. `size` resolves what a stride leaves open. */
export function convTranspose(x: Tensor, weight: Tensor, options: WindowOptions | Window = {}, size?: readonly [number, number]): Tensor {
  const window = "kernel" in options ? options : windowOf([weight.shape[2], weight.shape[3]], options);
  if (x.shape.length !== 4 || weight.shape.length !== 4 || x.shape[1] !== weight.shape[0]) throw new InputError(`transposed convolution does not fit: ${shapeText(x.shape)} with ${shapeText(weight.shape)} — [b, k, h, w] with [k, c, kh, kw]`);
  const { kernel, strides, pads } = window;
  const grown = [0, 1].map((i) => (x.shape[2 + i] - 1) * strides[i] + kernel[i] - pads[i] - pads[i + 2]);
  const [h, w] = size ?? grown;
  if (h - grown[0] >= strides[0] || w - grown[1] >= strides[1] || h < grown[0] || w < grown[1]) throw new InputError(`no such size: ${h} × ${w} — from ${grown.join(" × ")} to less than a stride more`);
  return node("convTranspose", [x, weight], [x.shape[0], weight.shape[1], h, w], window);
}

export const convWeight = (x: Tensor, y: Tensor, window: Window): Tensor => node("convWeight", [x, y], [y.shape[1], x.shape[1], ...window.kernel], window);

/** The largest of each window; what the padding adds never wins. */
export function maxPool(x: Tensor, size: number, { stride = size, padding = 0 }: WindowOptions = {}): Tensor {
  const window = windowOf([size, size], { stride, padding });
  return node("maxPool", [x], [x.shape[0], x.shape[1], ...shrunkShape(x.shape.slice(2), window)], window);
}

export const maxPoolScatter = (x: Tensor, y: Tensor, window: Window): Tensor => node("maxPoolScatter", [x, y], x.shape, window);

/** Uniform numbers in [0, 1) that are a pure function of key (two words) and position. */
export function uniform(key: Tensor, shape: Shape): Tensor {
  expectType(key, "i32");
  return node("uniform", [key], shape, {});
}

/** One where the label is the column's number, [labels…, n]. */
export const oneHot = (labels: Tensor, n: number): Tensor => cast(equal(reshape(labels, [...labels.shape, 1]), range(n)), "f32");
