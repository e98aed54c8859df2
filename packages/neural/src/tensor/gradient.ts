/*
 * Reverse-mode differentiation (Griewank & Walther 2008, chapter 3): the gradient of one number with respect to any
 * tensors of its graph, as a graph of the same operations. The pullback of an operation maps the gradient of its output to those of
 * its inputs; undefined where there is none.
 */
import { InputError } from "@tatara/engine/base";
import * as op from "./ops.ts";
import { repeatedAxes, sameShape, shapeText } from "./shape.ts";
import type { OpName, Tensor, Window } from "./types.ts";

type Gradients = readonly (Tensor | undefined)[];
type Pullback<K extends OpName> = (gradient: Tensor, y: Tensor<K>) => Gradients;

/** Sum out what broadcasting repeated. */
function narrowed(gradient: Tensor, to: Tensor): Tensor {
  if (sameShape(gradient.shape, to.shape)) return gradient;
  return op.reshape(op.sum(gradient, { axes: repeatedAxes(to.shape, gradient.shape) }), to.shape);
}

/** Put reduced axes back with size one. */
const withAxes = (gradient: Tensor, x: Tensor, axes: readonly number[]): Tensor => op.reshape(gradient, x.shape.map((n, i) => (axes.includes(i) ? 1 : n)));

const none: Pullback<OpName> = (_, y) => y.inputs.map(() => undefined);
const half = (condition: Tensor, other: Tensor): Tensor => op.mul(op.add(op.sub(op.cast(condition, "f32"), op.cast(other, "f32")), 1), 0.5);
/** Of a transposed convolution, conv and its weight change places. */
const sizeOfImage = (x: Tensor): readonly [number, number] => [x.shape[2], x.shape[3]];

function matmulPullback(g: Tensor, { inputs: [a, b], attributes: { transposeA, transposeB } }: Tensor<"matmul">): Gradients {
  const one = (product: Tensor, to: Tensor) => (product.shape.length === to.shape.length ? product : op.sum(product, { axes: product.shape.map((_, i) => i).slice(0, product.shape.length - 2) }));
  // A weight that all rows share: fold the axes before into the rows, so that one product does the sum.
  if (!transposeA && a.shape.length > 2 && b.shape.length === 2) {
    const rows = op.reshape(a, [-1, a.shape.at(-1)!]);
    const gradients = op.reshape(g, [-1, g.shape.at(-1)!]);
    return [
      op.matmul(g, b, { transposeB: !transposeB }),
      transposeB ? op.matmul(gradients, rows, { transposeA: true }) : op.matmul(rows, gradients, { transposeA: true }),
    ];
  }
  const da = transposeA ? op.matmul(b, g, { transposeA: transposeB, transposeB: true }) : op.matmul(g, b, { transposeB: !transposeB });
  const db = transposeB ? op.matmul(g, a, { transposeA: true, transposeB: transposeA }) : op.matmul(a, g, { transposeA: !transposeA });
  return [one(da, a), one(db, b)];
}

const pullbacks: { readonly [K in OpName]: Pullback<K> } = {
  input: none,
  constant: none,
  neg: (g) => [op.neg(g)],
  exp: (g, y) => [op.mul(g, y)],
  log: (g, { inputs: [x] }) => [op.div(g, x)],
  sqrt: (g, y) => [op.div(g, op.mul(y, 2))],
  reciprocal: (g, y) => [op.neg(op.mul(g, op.mul(y, y)))],
  abs: (g, { inputs: [x] }) => [op.mul(g, op.sign(x))],
  sign: none,
  tanh: (g, y) => [op.mul(g, op.sub(1, op.mul(y, y)))],
  sigmoid: (g, y) => [op.mul(g, op.mul(y, op.sub(1, y)))],
  softplus: (g, { inputs: [x] }) => [op.mul(g, op.sigmoid(x))],
  erf: (g, { inputs: [x] }) => [op.mul(g, op.mul(op.exp(op.neg(op.mul(x, x))), 2 / Math.sqrt(Math.PI)))],
  sin: (g, { inputs: [x] }) => [op.mul(g, op.cos(x))],
  cos: (g, { inputs: [x] }) => [op.neg(op.mul(g, op.sin(x)))],
  floor: none,
  relu: (g, { inputs: [x] }) => [op.where(op.greater(x, 0), g, 0)],
  not: none,
  detach: none,
  cast: (g, { inputs: [x] }) => [x.dtype === "f32" ? g : undefined],
  add: (g, { inputs: [a, b] }) => [narrowed(g, a), narrowed(g, b)],
  sub: (g, { inputs: [a, b] }) => [narrowed(g, a), narrowed(op.neg(g), b)],
  mul: (g, { inputs: [a, b] }) => [narrowed(op.mul(g, b), a), narrowed(op.mul(g, a), b)],
  div: (g, y) => {
    const [a, b] = y.inputs;
    return [narrowed(op.div(g, b), a), narrowed(op.neg(op.div(op.mul(g, y), b)), b)];
  },
  pow: (g, y) => {
    const [a, b] = y.inputs;
    return [narrowed(op.mul(g, op.mul(b, op.pow(a, op.sub(b, 1)))), a), b.op === "constant" ? undefined : narrowed(op.mul(g, op.mul(y, op.log(a))), b)];
  },
  maximum: (g, { inputs: [a, b] }) => [narrowed(op.mul(g, half(op.greater(a, b), op.less(a, b))), a), narrowed(op.mul(g, half(op.less(a, b), op.greater(a, b))), b)],
  minimum: (g, { inputs: [a, b] }) => [narrowed(op.mul(g, half(op.less(a, b), op.greater(a, b))), a), narrowed(op.mul(g, half(op.greater(a, b), op.less(a, b))), b)],
  greater: none,
  less: none,
  equal: none,
  and: none,
  or: none,
  where: (g, { inputs: [condition] }) => [undefined, op.where(condition, g, 0), op.where(condition, 0, g)],
  sum: (g, { inputs: [x], attributes: { axes } }) => [op.expand(withAxes(g, x, axes), x.shape)],
  mean: (g, { inputs: [x], attributes: { axes } }) => [op.expand(withAxes(op.mul(g, 1 / axes.reduce((n, i) => n * x.shape[i], 1)), x, axes), x.shape)],
  max: (g, y) => {
    const [x] = y.inputs;
    const { axes } = y.attributes;
    const hits = op.cast(op.equal(x, withAxes(y, x, axes)), "f32");
    return [op.mul(op.div(hits, op.sum(hits, { axes, keep: true })), withAxes(g, x, axes))];
  },
  softmax: (g, y) => {
    const { axis } = y.attributes;
    const weighted = op.mul(g, y);
    return [op.sub(weighted, op.mul(y, op.sum(weighted, { axes: [axis], keep: true })))];
  },
  logSoftmax: (g, y) => {
    const { axis } = y.attributes;
    return [op.sub(g, op.mul(op.exp(y), op.sum(g, { axes: [axis], keep: true })))];
  },
  matmul: matmulPullback,
  reshape: (g, { inputs: [x] }) => [op.reshape(g, x.shape)],
  transpose: (g, { attributes: { order } }) => [op.transpose(g, order.map((_, i) => order.indexOf(i)))],
  expand: (g, { inputs: [x] }) => [narrowed(g, x)],
  slice: (g, { inputs: [x], attributes: { axis, from, step } }) => {
    const spread = step === 1 ? g : dilated(g, axis, step);
    return [op.pad(spread, x.shape.map((_, i) => (i === axis ? from : 0)), x.shape.map((n, i) => (i === axis ? n - from - spread.shape[axis] : 0)))];
  },
  concat: (g, { inputs, attributes: { axis } }) => {
    let from = 0;
    return inputs.map((x) => op.slice(g, { axis, from, to: (from += x.shape[axis]) }));
  },
  pad: (g, { inputs: [x], attributes: { before } }) => [x.shape.reduce((part, n, axis) => op.slice(part, { axis, from: before[axis], to: before[axis] + n }), g)],
  gather: (g, { inputs: [values, indices] }) => {
    const places = op.reshape(indices, [-1]);
    return [op.scatterAdd(op.reshape(g, [places.shape[0], ...values.shape.slice(1)]), places, values.shape[0]), undefined];
  },
  scatterAdd: (g, { inputs: [, indices] }) => [op.gather(g, indices), undefined],
  conv: (g, { inputs: [x, weight], attributes }) => [op.convTranspose(g, weight, attributes, sizeOfImage(x)), op.convWeight(x, g, attributes)],
  convTranspose: (g, { inputs: [x, weight], attributes }) => [op.conv(g, weight, attributes), op.convWeight(g, x, attributes)],
  convWeight: (g, { inputs: [x, y], attributes }) => [op.convTranspose(y, g, attributes as Window, sizeOfImage(x)), op.conv(x, g, attributes)],
  maxPool: (g, { inputs: [x], attributes }) => [op.maxPoolScatter(x, g, attributes)],
  maxPoolScatter: () => {
    throw new InputError("no second derivative: of maxPool — pool by means instead");
  },
  uniform: none,
};

/** g with `step` − 1 zeros after each slice along an axis but the last. */
function dilated(g: Tensor, axis: number, step: number): Tensor {
  const n = g.shape[axis];
  const apart = op.reshape(g, [...g.shape.slice(0, axis + 1), 1, ...g.shape.slice(axis + 1)]);
  const zeros = apart.shape.map((_, i) => (i === axis + 1 ? step - 1 : 0));
  const wide = op.pad(apart, apart.shape.map(() => 0), zeros);
  return op.slice(op.reshape(wide, [...g.shape.slice(0, axis), n * step, ...g.shape.slice(axis + 1)]), { axis, to: (n - 1) * step + 1 });
}

/** Every tensor that the given ones are made of, inputs before outputs; `inputsOf` tells what counts as an input. */
export function inOrder(outputs: readonly Tensor[], inputsOf = (y: Tensor): readonly Tensor[] => y.inputs): readonly Tensor[] {
  const seen = new Set<Tensor>();
  const order: Tensor[] = [];
  for (const root of outputs) {
    const stack: { readonly at: Tensor; readonly inputs: readonly Tensor[]; next: number }[] = seen.has(root) ? [] : [{ at: root, inputs: inputsOf(root), next: 0 }];
    seen.add(root);
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const child = top.inputs[top.next++];
      if (child === undefined) {
        order.push(top.at);
        stack.pop();
      } else if (!seen.has(child)) {
        seen.add(child);
        stack.push({ at: child, inputs: inputsOf(child), next: 0 });
      }
    }
  }
  return order;
}

/** What one use of a tensor adds to its gradient: a whole one, one of a part of an axis, or a product that others can join. */
type Share =
  | { readonly kind: "whole"; readonly gradient: Tensor }
  | { readonly kind: "part"; readonly axis: number; readonly from: number; readonly gradient: Tensor }
  | { readonly kind: "product"; readonly left: Tensor; readonly right: Tensor };

/** The share of input i of y; undefined where there is none. */
function shareOf(y: Tensor, i: number, g: Tensor, back: () => Gradients): Share | undefined {
  if (y.op === "slice") {
    const { axis, from, step } = (y as Tensor<"slice">).attributes;
    if (step === 1) return { kind: "part", axis, from, gradient: g };
  }
  if (y.op === "matmul" && i === 1 && y.shape.length === 2) {
    const { transposeA, transposeB } = (y as Tensor<"matmul">).attributes;
    if (!transposeA && !transposeB) return { kind: "product", left: y.inputs[0], right: g };
  }
  const gradient = back()[i];
  return gradient && { kind: "whole", gradient };
}

/** Σ of parts of one axis: side by side, with zeros between them, where they do not overlap. */
function joinParts(x: Tensor, axis: number, parts: readonly (Share & { readonly kind: "part" })[]): Tensor {
  const sorted = parts.toSorted((a, b) => a.from - b.from);
  const end = ({ from, gradient }: Share & { readonly kind: "part" }): number => from + gradient.shape[axis];
  const zeros = (length: number): readonly Tensor[] => (length === 0 ? [] : [op.filled(0, x.shape.map((n, i) => (i === axis ? length : n)))]);
  if (sorted.some((part, i) => i > 0 && part.from < end(sorted[i - 1])))
    return op.total(parts.map((part) => op.pad(part.gradient, x.shape.map((_, i) => (i === axis ? part.from : 0)), x.shape.map((n, i) => (i === axis ? n - end(part) : 0)))));
  const pieces = sorted.flatMap((part, i) => [...zeros(part.from - (i === 0 ? 0 : end(sorted[i - 1]))), part.gradient]);
  return op.concat([...pieces, ...zeros(x.shape[axis] - end(sorted.at(-1)!))], axis);
}

/** Σ Aᵢᵀ Gᵢ as one product of what stands below one another. */
const joinProducts = (products: readonly (Share & { readonly kind: "product" })[]): Tensor => op.matmul(op.concat(products.map(({ left }) => left)), op.concat(products.map(({ right }) => right)), { transposeA: true });

/** The whole gradient of a tensor from all its uses. */
function gathered(x: Tensor, shares: readonly Share[]): Tensor {
  const of = <K extends Share["kind"]>(kind: K) => shares.filter((share): share is Share & { readonly kind: K } => share.kind === kind);
  const [parts, products] = [of("part"), of("product")];
  const axes = [...new Set(parts.map(({ axis }) => axis))];
  return op.total([...of("whole").map(({ gradient }) => gradient), ...axes.map((axis) => joinParts(x, axis, parts.filter((part) => part.axis === axis))), ...(products.length > 0 ? [joinProducts(products)] : [])]);
}

/**
 * ∂ loss / ∂ each of `of`, in their shapes; zeros where the loss does not depend on one. Throws InputError unless the
 * loss is a single number.
 */
export function gradient(loss: Tensor, of: readonly Tensor[]): readonly Tensor[] {
  if (loss.shape.length !== 0) throw new InputError(`loss is no single number: ${shapeText(loss.shape)} — sum or average it`);
  const order = inOrder([loss]);
  const wanted = new Set<Tensor>(of);
  const needed = new Set<Tensor>();
  for (const t of order) if (wanted.has(t) || t.inputs.some((x) => needed.has(x))) needed.add(t);
  const shares = new Map<Tensor, Share[]>([[loss, [{ kind: "whole", gradient: op.scalar(1) }]]]);
  const found = new Map<Tensor, Tensor>();
  for (const y of order.toReversed()) {
    const own = shares.get(y);
    if (own === undefined || !needed.has(y)) continue;
    const g = gathered(y, own);
    if (wanted.has(y)) found.set(y, g);
    if (!y.inputs.some((x) => needed.has(x))) continue;
    let pulled: Gradients | undefined;
    const back = (): Gradients => (pulled ??= (pullbacks[y.op] as Pullback<OpName>)(g, y));
    y.inputs.forEach((x, i) => {
      const share = needed.has(x) ? shareOf(y, i, g, back) : undefined;
      if (share !== undefined) shares.set(x, [...(shares.get(x) ?? []), share]);
    });
  }
  return of.map((x) => found.get(x) ?? op.filled(0, x.shape));
}
