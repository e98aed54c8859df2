/* Layers: dense, embedding, norms, dropout, convolutions, recurrence, attention. Shapes as in tensor/types.ts. */
import * as op from "../tensor/ops.ts";
import { sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/types.ts";
import { fill, glorot, he, lecun, normal, orthogonal } from "./initialise.ts";
import type { Initialiser, Scope } from "./types.ts";

/** x W + b: […, d] → […, units]. */
export function dense(scope: Scope, x: Tensor, units: number, { bias = true, initialiser = he }: { readonly bias?: boolean; readonly initialiser?: Initialiser } = {}): Tensor {
  const product = op.matmul(x, scope.parameter("weight", [x.shape.at(-1)!, units], initialiser));
  return bias ? op.add(product, scope.parameter("bias", [units], fill(0))) : product;
}

/** Rows of a table of vectors: indices [any shape] → [indices…, width]. */
export const embedding = (scope: Scope, indices: Tensor, { levels, width, sd = 1 / Math.sqrt(width) }: { readonly levels: number; readonly width: number; readonly sd?: number }): Tensor =>
  op.gather(scope.parameter("table", [levels, width], normal(sd), { decay: false }), indices);

/** Mean zero and variance one over the last axis, then scale and shift (Ba, Kiros & Hinton 2016). */
export function layerNorm(scope: Scope, x: Tensor, epsilon = 1e-5): Tensor {
  const width = x.shape.at(-1)!;
  const centred = op.sub(x, op.mean(x, { axes: [-1], keep: true }));
  const variance = op.mean(op.square(centred), { axes: [-1], keep: true });
  const standard = op.div(centred, op.sqrt(op.add(variance, epsilon)));
  return op.add(op.mul(standard, scope.parameter("scale", [width], fill(1))), scope.parameter("shift", [width], fill(0)));
}

/**
 * Mean zero and variance one over the batch (axis 0, and the image's axes), running averages in prediction (Ioffe & Szegedy
 * 2015). x [b, d] or [b, c, h, w].
 */
export function batchNorm(scope: Scope, x: Tensor, { momentum = 0.1, epsilon = 1e-5 }: { readonly momentum?: number; readonly epsilon?: number } = {}): Tensor {
  const channels = x.shape[1];
  const axes = x.shape.map((_, i) => i).filter((i) => i !== 1);
  const wide = x.shape.map((n, i) => (i === 1 ? n : 1));
  const [runningMean, runningVariance] = [scope.buffer("mean", [channels], 0), scope.buffer("variance", [channels], 1)];
  const [scale, shift] = [scope.parameter("scale", [channels], fill(1)), scope.parameter("shift", [channels], fill(0))];
  const as = (t: Tensor): Tensor => op.reshape(t, wide);
  if (!scope.training) return op.add(op.mul(op.div(op.sub(x, as(runningMean)), op.sqrt(op.add(as(runningVariance), epsilon))), as(scale)), as(shift));
  const mean = op.mean(x, { axes, keep: true });
  const centred = op.sub(x, mean);
  const variance = op.mean(op.square(centred), { axes, keep: true });
  const count = sizeOf(x.shape) / channels;
  const follow = (old: Tensor, now: Tensor): Tensor => op.add(op.mul(old, 1 - momentum), op.mul(op.reshape(now, [channels]), momentum));
  scope.update("mean", follow(runningMean, mean));
  scope.update("variance", follow(runningVariance, op.mul(variance, count > 1 ? count / (count - 1) : 1)));
  return op.add(op.mul(op.div(centred, op.sqrt(op.add(variance, epsilon))), as(scale)), as(shift));
}

/** Zero with probability `rate`, the rest scaled up; nothing in prediction (Srivastava et al. 2014). */
export function dropout(scope: Scope, x: Tensor, rate: number): Tensor {
  if (!scope.training || rate === 0) return x;
  const kept = op.cast(op.not(op.less(scope.uniform("dropout", x.shape), rate)), "f32");
  return op.mul(x, op.mul(kept, 1 / (1 - rate)));
}

/** x Φ(x) (Hendrycks & Gimpel 2016). */
export const gelu = (x: Tensor): Tensor => op.mul(op.mul(x, 0.5), op.add(op.erf(op.mul(x, Math.SQRT1_2)), 1));
/** x sigmoid(x). */
export const silu = (x: Tensor): Tensor => op.mul(x, op.sigmoid(x));
export const leakyRelu = (x: Tensor, slope = 0.01): Tensor => op.maximum(x, op.mul(x, slope));
/** x for x > 0, e^x − 1 below. */
export const elu = (x: Tensor): Tensor => op.where(op.greater(x, 0), x, op.sub(op.exp(op.minimum(x, 0)), 1));

/** Convolution over [b, c, h, w] → [b, channels, h', w']. */
export function conv(scope: Scope, x: Tensor, channels: number, { size = 3, ...window }: { readonly size?: number } & op.WindowOptions = {}): Tensor {
  const weight = scope.parameter("weight", [channels, x.shape[1], size, size], he);
  return op.add(op.conv(x, weight, window), op.reshape(scope.parameter("bias", [channels], fill(0)), [1, channels, 1, 1]));
}

/** Transposed convolution over [b, c, h, w] → [b, channels, h', w']. */
export function convTranspose(scope: Scope, x: Tensor, channels: number, { size = 4, ...window }: { readonly size?: number } & op.WindowOptions = {}): Tensor {
  const weight = scope.parameter("weight", [x.shape[1], channels, size, size], lecun);
  return op.add(op.convTranspose(x, weight, window), op.reshape(scope.parameter("bias", [channels], fill(0)), [1, channels, 1, 1]));
}

/** Means of square windows that do not overlap: [b, c, h, w] → [b, c, h / size, w / size]. */
export function averagePool(x: Tensor, size: number): Tensor {
  const [b, c, h, w] = x.shape;
  return op.mean(op.reshape(x, [b, c, h / size, size, w / size, size]), { axes: [3, 5] });
}

/**
 * Gated recurrent unit (Cho et al. 2014, with the reset gate after the product, as cuDNN and torch have it). x [b, t, d]
 * → the hidden states of all positions [b, t, units].
 */
export function gru(scope: Scope, x: Tensor, units: number, start?: Tensor): Tensor {
  const [b, t, d] = x.shape;
  const fromInput = scope.parameter("input", [d, 3 * units], glorot);
  const fromState = scope.parameter("state", [units, 3 * units], orthogonal);
  const [inputBias, stateBias] = [scope.parameter("inputBias", [3 * units], fill(0)), scope.parameter("stateBias", [3 * units], fill(0))];
  // Positions first, so that one position's part is contiguous.
  const gates = op.add(op.matmul(op.reshape(op.transpose(x, [1, 0, 2]), [t * b, d]), fromInput), inputBias);
  let state = start ?? op.filled(0, [b, units]);
  const states: Tensor[] = [];
  for (let i = 0; i < t; i++) {
    const own = op.slice(gates, { axis: 0, from: i * b, to: (i + 1) * b });
    const other = op.add(op.matmul(state, fromState), stateBias);
    const both = op.sigmoid(op.add(op.slice(own, { axis: 1, to: 2 * units }), op.slice(other, { axis: 1, to: 2 * units })));
    const [reset, update] = [op.slice(both, { axis: 1, to: units }), op.slice(both, { axis: 1, from: units })];
    const fresh = op.tanh(op.add(op.slice(own, { axis: 1, from: 2 * units }), op.mul(reset, op.slice(other, { axis: 1, from: 2 * units }))));
    state = op.add(fresh, op.mul(update, op.sub(state, fresh)));
    states.push(op.reshape(state, [1, b, units]));
  }
  return op.transpose(op.concat(states, 0), [1, 0, 2]);
}

export interface AttentionOptions {
  readonly heads: number;
  /** What is attended to; x itself when left out. [b, s, width]. */
  readonly memory?: Tensor;
  /** Added to the scores before the softmax, shape that broadcasts to [b, heads, t, s]: −1e9 where nothing is to be seen. */
  readonly bias?: Tensor;
  readonly dropout?: number;
}

/** Multi-head attention (Vaswani et al. 2017): x [b, t, width] → [b, t, width]. */
export function attention(scope: Scope, x: Tensor, { heads, memory = x, bias, dropout: rate = 0 }: AttentionOptions): Tensor {
  const [b, t, width] = x.shape;
  const s = memory.shape[1];
  const size = width / heads;
  const split = (y: Tensor, length: number): Tensor => op.transpose(op.reshape(y, [b, length, heads, size]), [0, 2, 1, 3]);
  const part = (name: string, y: Tensor, length: number): Tensor => split(dense(scope.at(name), y, width, { initialiser: glorot }), length);
  const scores = op.mul(op.matmul(part("query", x, t), part("key", memory, s), { transposeB: true }), 1 / Math.sqrt(size));
  const weights = dropout(scope.at("weights"), op.softmax(bias === undefined ? scores : op.add(scores, bias)), rate);
  const mixed = op.reshape(op.transpose(op.matmul(weights, part("value", memory, s)), [0, 2, 1, 3]), [b, t, width]);
  return dense(scope.at("output"), mixed, width, { initialiser: glorot });
}

export interface TransformerOptions extends AttentionOptions {
  /** Units of the layer in the middle. Default 4 width. */
  readonly units?: number;
}

/** Attention and a two-layer network, each beside a short cut and after a norm (Xiong et al. 2020). */
export function transformerBlock(scope: Scope, x: Tensor, { units = 4 * x.shape.at(-1)!, ...options }: TransformerOptions): Tensor {
  const rate = options.dropout ?? 0;
  const seen = op.add(x, dropout(scope.at("seen"), attention(scope.at("attention"), layerNorm(scope.at("norm1"), x), options), rate));
  const inner = gelu(dense(scope.at("inner"), layerNorm(scope.at("norm2"), seen), units));
  return op.add(seen, dropout(scope.at("outer"), dense(scope.at("outer"), inner, x.shape.at(-1)!, { initialiser: glorot }), rate));
}

/** −1e9 above the diagonal: position i sees 0 … i. [t, t]. */
export const causalMask = (t: number): Tensor => op.constant(Float64Array.from({ length: t * t }, (_, i) => (i % t > Math.floor(i / t) ? -1e9 : 0)), [t, t]);

/** Means of the rows of each segment; zero for an empty one. rows [e, d], segment [e] → [segments, d]. */
export function segmentMean(rows: Tensor, segment: Tensor, segments: number): Tensor {
  const counts = op.scatterAdd(op.filled(1, [rows.shape[0], 1]), segment, segments);
  return op.div(op.scatterAdd(rows, segment, segments), op.maximum(counts, 1));
}
