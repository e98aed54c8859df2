/*
 * Tensor programs: what is traced, differentiated and compiled. A tensor is a node of a graph with a fixed shape;
 * nothing is computed while a program is written. Letters: b batch, d features, h units, t positions, c channels.
 */

/** Sizes of the axes; [] is a single number. */
export type Shape = readonly number[];

/** f32: numbers (f64 in the reference interpreter). i32: indices. bool: conditions, 0 or 1. */
export type DType = "f32" | "i32" | "bool";

/** Geometry of convolutions and pooling over the last two axes, [height, width]. */
export interface Window {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  /** [top, left, bottom, right]; of a transposed convolution: what is cut off its output. */
  readonly pads: readonly [number, number, number, number];
}

/** Operations with their attributes. Every table over operations (values, gradients, ONNX) is complete by its type. */
export interface Attributes {
  input: { readonly name: string };
  /** `name` is what the numbers are called in a file. */
  constant: { readonly values: Float64Array; readonly name?: string };
  // One number from one number.
  neg: object;
  exp: object;
  log: object;
  sqrt: object;
  reciprocal: object;
  abs: object;
  sign: object;
  tanh: object;
  sigmoid: object;
  softplus: object;
  erf: object;
  sin: object;
  cos: object;
  floor: object;
  relu: object;
  not: object;
  cast: object;
  /** The same number, through which no gradient goes. */
  detach: object;
  // One number from two; shapes are broadcast from the right.
  add: object;
  sub: object;
  mul: object;
  div: object;
  pow: object;
  maximum: object;
  minimum: object;
  greater: object;
  less: object;
  equal: object;
  and: object;
  or: object;
  /** condition, then, otherwise; all of one shape. */
  where: object;
  // Over axes; `keep` leaves them with size one.
  sum: { readonly axes: readonly number[]; readonly keep: boolean };
  mean: { readonly axes: readonly number[]; readonly keep: boolean };
  max: { readonly axes: readonly number[]; readonly keep: boolean };
  softmax: { readonly axis: number };
  logSoftmax: { readonly axis: number };
  /** a: […, m, k] or […, k, m]; b: […, k, n] or […, n, k]. */
  matmul: { readonly transposeA: boolean; readonly transposeB: boolean };
  // Layout.
  reshape: object;
  transpose: { readonly order: readonly number[] };
  expand: object;
  slice: { readonly axis: number; readonly from: number; readonly to: number; readonly step: number };
  concat: { readonly axis: number };
  pad: { readonly before: readonly number[]; readonly after: readonly number[] };
  /** values [n, …], indices [any shape] → [indices…, …]: rows by index. */
  gather: object;
  /** updates [e, …], indices [e] → [rows, …]: sums of the updates of each row. */
  scatterAdd: { readonly rows: number };
  /** x [b, c, h, w], weight [k, c, kh, kw] → [b, k, h', w']. */
  conv: Window;
  /** x [b, k, h', w'], weight [k, c, kh, kw] → [b, c, h, w]: the adjoint of conv in x. */
  convTranspose: Window;
  /** x [b, c, h, w], y [b, k, h', w'] → [k, c, kh, kw]: the adjoint of conv in its weight. */
  convWeight: Window;
  maxPool: Window;
  /** x [b, c, h, w], y [b, c, h', w'] → [b, c, h, w]: y where each window has its maximum, the first one of ties. */
  maxPoolScatter: Window;
  /** key [2] of i32 → uniform numbers in [0, 1) with 24 bits, a hash of (key, position). */
  uniform: object;
}

export type OpName = keyof Attributes;

export interface Tensor<K extends OpName = OpName> {
  readonly op: K;
  readonly inputs: readonly Tensor[];
  readonly attributes: Attributes[K];
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A table with one entry for each operation. */
export type OpTable<T extends { readonly [K in OpName]: unknown }> = { readonly [K in OpName]: T[K] };
