/* The value of each operation in double precision: the reference that compiled graphs are checked against. */
import { erf } from "@tatara/engine/numeric";
import { gemm } from "@tatara/kernels";
import { uniformAt } from "../tensor/hash.ts";
import { sizeOf, stridesOf } from "../tensor/shape.ts";
import type { OpName, Shape, Tensor, Window } from "../tensor/types.ts";

type Evaluate<K extends OpName> = (y: Tensor<K>, inputs: readonly Float64Array[]) => Float64Array;

const each =
  (f: (x: number) => number): Evaluate<OpName> =>
  (_, [x]) => {
    const out = new Float64Array(x.length);
    for (let i = 0; i < x.length; i++) out[i] = f(x[i]);
    return out;
  };

/** Position in x of each position of `wide`, when x is repeated to that shape. */
function repeated(x: Shape, wide: Shape): Int32Array {
  const lead = wide.length - x.length;
  const strides = stridesOf(x);
  return positions(wide, wide.map((_, i) => (i < lead || x[i - lead] === 1 ? 0 : strides[i - lead])));
}

/** offset + Σ index · stride for every index of a shape, row-major. */
function positions(shape: Shape, strides: readonly number[], offset = 0): Int32Array {
  let out = Int32Array.of(offset);
  shape.forEach((n, axis) => {
    const next = new Int32Array(out.length * n);
    for (let i = 0; i < out.length; i++) for (let k = 0; k < n; k++) next[i * n + k] = out[i] + k * strides[axis];
    out = next;
  });
  return out;
}

const both =
  (f: (a: number, b: number) => number): Evaluate<OpName> =>
  ({ shape, inputs }, [a, b]) => {
    const out = new Float64Array(sizeOf(shape));
    if (a.length === out.length && b.length === out.length) for (let i = 0; i < out.length; i++) out[i] = f(a[i], b[i]);
    else if (b.length === 1 && a.length === out.length) for (let i = 0; i < out.length; i++) out[i] = f(a[i], b[0]);
    else {
      const [pa, pb] = inputs.map((x) => repeated(x.shape, shape));
      for (let i = 0; i < out.length; i++) out[i] = f(a[pa[i]], b[pb[i]]);
    }
    return out;
  };

const take = (x: Float64Array, at: Int32Array): Float64Array => Float64Array.from(at, (i) => x[i]);

/** Fold over axes: positions of the rest, and of the axes. */
function fold(x: Tensor, axes: readonly number[], values: Float64Array, start: number, f: (a: number, b: number) => number): Float64Array {
  const strides = stridesOf(x.shape);
  const rest = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const at = positions(rest.map((i) => x.shape[i]), rest.map((i) => strides[i]));
  const over = positions(axes.map((i) => x.shape[i]), axes.map((i) => strides[i]));
  return Float64Array.from(at, (from) => {
    let result = start;
    for (let k = 0; k < over.length; k++) result = f(result, values[from + over[k]]);
    return result;
  });
}

const plus = (a: number, b: number): number => a + b;

/** Along an axis: the starts of its lines and the distance between neighbours. */
function lines(shape: Shape, axis: number): { readonly starts: Int32Array; readonly stride: number; readonly length: number } {
  const strides = stridesOf(shape);
  const rest = shape.map((_, i) => i).filter((i) => i !== axis);
  return { starts: positions(rest.map((i) => shape[i]), rest.map((i) => strides[i])), stride: strides[axis], length: shape[axis] };
}

function softmaxLike(x: Tensor, values: Float64Array, axis: number, logarithm: boolean): Float64Array {
  const { starts, stride, length } = lines(x.shape, axis);
  const out = new Float64Array(values.length);
  for (const start of starts) {
    let top = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < length; k++) top = Math.max(top, values[start + k * stride]);
    let sum = 0;
    for (let k = 0; k < length; k++) sum += Math.exp(values[start + k * stride] - top);
    for (let k = 0; k < length; k++) {
      const at = start + k * stride;
      out[at] = logarithm ? values[at] - top - Math.log(sum) : Math.exp(values[at] - top) / sum;
    }
  }
  return out;
}

function product({ shape, inputs, attributes: { transposeA, transposeB } }: Tensor<"matmul">, [a, b]: readonly Float64Array[]): Float64Array {
  const [m, n] = shape.slice(-2);
  const k = inputs[0].shape.at(transposeA ? -2 : -1)!;
  const options = { k, transposeA, transposeB };
  if (inputs[1].shape.length === 2 && !transposeA) return gemm({ ...options, m: sizeOf(shape) / n, n, a, b });
  const batch = sizeOf(shape) / (m * n);
  const out = new Float64Array(sizeOf(shape));
  for (let i = 0; i < batch; i++) {
    const one = (x: Float64Array, rank: number, size: number) => (rank === 2 ? x : x.subarray(i * size, (i + 1) * size));
    out.set(gemm({ ...options, m, n, a: one(a, inputs[0].shape.length, m * k), b: one(b, inputs[1].shape.length, k * n) }), i * m * n);
  }
  return out;
}

/** Every pair of an input pixel and an output pixel under a window: calls back with flat positions inside one image. */
function overWindow([h, w]: readonly number[], [oh, ow]: readonly number[], { kernel, strides, pads }: Window, visit: (pixel: number, out: number, tap: number) => void): void {
  for (let i = 0; i < oh; i++)
    for (let j = 0; j < ow; j++)
      for (let u = 0; u < kernel[0]; u++)
        for (let v = 0; v < kernel[1]; v++) {
          const [y, x] = [i * strides[0] + u - pads[0], j * strides[1] + v - pads[1]];
          if (y >= 0 && y < h && x >= 0 && x < w) visit(y * w + x, i * ow + j, u * kernel[1] + v);
        }
}

interface Images {
  readonly x: Shape;
  readonly y: Shape;
  readonly window: Window;
}

/** x [b, c, h, w], y [b, k, h', w'], weight [k, c, taps]: calls back with the positions of each product of a convolution. */
function convolve({ x, y, window }: Images, visit: (x: number, y: number, weight: number) => void): void {
  const [b, c, h, w] = x;
  const [, k, oh, ow] = y;
  const taps = window.kernel[0] * window.kernel[1];
  overWindow([h, w], [oh, ow], window, (pixel, out, tap) => {
    for (let i = 0; i < b; i++) for (let o = 0; o < k; o++) for (let q = 0; q < c; q++) visit((i * c + q) * h * w + pixel, (i * k + o) * oh * ow + out, (o * c + q) * taps + tap);
  });
}

/** Position of the first largest value of each window, in one image after another. */
function largest(x: Tensor, y: Shape, window: Window, values: Float64Array): Int32Array {
  const [b, c, h, w] = x.shape;
  const [oh, ow] = y.slice(2);
  const best = new Int32Array(b * c * oh * ow).fill(-1);
  for (let image = 0; image < b * c; image++)
    overWindow([h, w], [oh, ow], window, (pixel, out) => {
      const at = image * oh * ow + out;
      const from = image * h * w + pixel;
      if (best[at] < 0 || values[from] > values[best[at]]) best[at] = from;
    });
  return best;
}

const evaluators: { readonly [K in OpName]: Evaluate<K> } = {
  input: ({ attributes }) => {
    throw new TypeError(`input without a value: ${attributes.name} — feeds are bound before`);
  },
  constant: ({ attributes }) => attributes.values,
  neg: each((x) => -x),
  exp: each(Math.exp),
  log: each(Math.log),
  sqrt: each(Math.sqrt),
  reciprocal: each((x) => 1 / x),
  abs: each(Math.abs),
  sign: each(Math.sign),
  tanh: each(Math.tanh),
  sigmoid: each((x) => 1 / (1 + Math.exp(-x))),
  softplus: each((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  erf: each(erf),
  sin: each(Math.sin),
  cos: each(Math.cos),
  floor: each(Math.floor),
  relu: each((x) => (x > 0 ? x : 0)),
  not: each((x) => (x === 0 ? 1 : 0)),
  detach: (_, [x]) => x,
  cast: ({ dtype, inputs: [{ dtype: from }] }, [x]) => (dtype === "bool" ? x.map((v) => (v === 0 ? 0 : 1)) : dtype === "i32" && from === "f32" ? x.map(Math.trunc) : x),
  add: both(plus),
  sub: both((a, b) => a - b),
  mul: both((a, b) => a * b),
  div: ({ dtype, ...y }, x) => both(dtype === "i32" ? (a, b) => Math.trunc(a / b) : (a, b) => a / b)({ dtype, ...y }, x),
  pow: both(Math.pow),
  maximum: both((a, b) => (a > b ? a : b)),
  minimum: both((a, b) => (a < b ? a : b)),
  greater: both((a, b) => (a > b ? 1 : 0)),
  less: both((a, b) => (a < b ? 1 : 0)),
  equal: both((a, b) => (a === b ? 1 : 0)),
  and: both((a, b) => a * b),
  or: both((a, b) => (a + b > 0 ? 1 : 0)),
  where: (_, [condition, then, otherwise]) => condition.map((c, i) => (c === 0 ? otherwise[i] : then[i])),
  sum: ({ inputs: [x], attributes: { axes } }, [values]) => fold(x, axes, values, 0, plus),
  mean: ({ inputs: [x], attributes: { axes } }, [values]) => {
    const n = axes.reduce((product, i) => product * x.shape[i], 1);
    return fold(x, axes, values, 0, plus).map((s) => s / n);
  },
  max: ({ inputs: [x], attributes: { axes } }, [values]) => fold(x, axes, values, Number.NEGATIVE_INFINITY, Math.max),
  softmax: ({ inputs: [x], attributes: { axis } }, [values]) => softmaxLike(x, values, axis, false),
  logSoftmax: ({ inputs: [x], attributes: { axis } }, [values]) => softmaxLike(x, values, axis, true),
  matmul: product,
  reshape: (_, [x]) => x,
  transpose: ({ shape, inputs: [x], attributes: { order } }, [values]) => {
    const strides = stridesOf(x.shape);
    return take(values, positions(shape, order.map((axis) => strides[axis])));
  },
  expand: ({ shape, inputs: [x] }, [values]) => take(values, repeated(x.shape, shape)),
  slice: ({ shape, inputs: [x], attributes: { axis, from, step } }, [values]) => {
    const strides = stridesOf(x.shape);
    return take(values, positions(shape, strides.map((s, i) => (i === axis ? s * step : s)), from * strides[axis]));
  },
  concat: ({ shape, inputs, attributes: { axis } }, parts) => {
    const strides = stridesOf(shape);
    const out = new Float64Array(sizeOf(shape));
    let from = 0;
    inputs.forEach((x, i) => {
      positions(x.shape, strides, from * strides[axis]).forEach((at, k) => (out[at] = parts[i][k]));
      from += x.shape[axis];
    });
    return out;
  },
  pad: ({ shape, inputs: [x], attributes: { before } }, [values]) => {
    const strides = stridesOf(shape);
    const out = new Float64Array(sizeOf(shape));
    positions(x.shape, strides, before.reduce((s, n, i) => s + n * strides[i], 0)).forEach((at, k) => (out[at] = values[k]));
    return out;
  },
  gather: ({ inputs: [values] }, [x, indices]) => {
    const width = sizeOf(values.shape.slice(1));
    const out = new Float64Array(indices.length * width);
    indices.forEach((row, i) => out.set(x.subarray(row * width, (row + 1) * width), i * width));
    return out;
  },
  scatterAdd: ({ shape }, [updates, indices]) => {
    const width = sizeOf(shape.slice(1));
    const out = new Float64Array(sizeOf(shape));
    for (let i = 0; i < indices.length; i++) for (let k = 0; k < width; k++) out[indices[i] * width + k] += updates[i * width + k];
    return out;
  },
  conv: ({ shape, inputs: [x], attributes: window }, [values, weight]) => {
    const out = new Float64Array(sizeOf(shape));
    convolve({ x: x.shape, y: shape, window }, (i, o, k) => (out[o] += values[i] * weight[k]));
    return out;
  },
  convTranspose: ({ shape, inputs: [y], attributes: window }, [values, weight]) => {
    const out = new Float64Array(sizeOf(shape));
    convolve({ x: shape, y: y.shape, window }, (i, o, k) => (out[i] += values[o] * weight[k]));
    return out;
  },
  convWeight: ({ shape, inputs: [x, y], attributes: window }, [values, gradients]) => {
    const out = new Float64Array(sizeOf(shape));
    convolve({ x: x.shape, y: y.shape, window }, (i, o, k) => (out[k] += values[i] * gradients[o]));
    return out;
  },
  maxPool: ({ shape, inputs: [x], attributes: window }, [values]) => take(values, largest(x, shape, window, values)),
  maxPoolScatter: ({ shape, inputs: [x, y], attributes: window }, [values, gradients]) => {
    const out = new Float64Array(sizeOf(shape));
    largest(x, y.shape, window, values).forEach((at, k) => (out[at] += gradients[k]));
    return out;
  },
  uniform: ({ shape }, [key]) => Float64Array.from({ length: sizeOf(shape) }, (_, i) => uniformAt(key[0], key[1], i)),
};

/** The value of one operation. */
export const evaluate = (y: Tensor, inputs: readonly Float64Array[]): Float64Array => (evaluators[y.op] as Evaluate<OpName>)(y, inputs);
