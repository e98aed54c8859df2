/* The five networks that are timed beside torch; torchModels.py has the same ones. */
import * as layer from "../src/layers/layers.ts";
import * as loss from "../src/layers/losses.ts";
import type { Scope } from "../src/layers/types.ts";
import * as op from "../src/tensor/ops.ts";
import type { Tensor } from "../src/tensor/types.ts";
import type { Declared } from "../src/train/trainer.ts";

export interface TimedModel {
  readonly each: Readonly<Record<string, Declared>>;
  readonly loss: (scope: Scope, inputs: Readonly<Record<string, Tensor>>) => Tensor;
  /** Largest index, for inputs that are indices. */
  readonly levels?: number;
}

/** 290 descriptors → 512 → 512 → 256 → 1, batches of 256. */
const perceptron: TimedModel = {
  each: { x: { shape: [256, 290] }, y: { shape: [256, 1] } },
  loss: (scope, { x, y }) => {
    const h = [512, 512, 256].reduce((t, units, i) => op.relu(layer.dense(scope.at(`hidden${i}`), t, units)), x);
    return loss.average(loss.squaredError(layer.dense(scope.at("out"), h, 1), y));
  },
};

/** Images of 64 × 64 through 32 latent numbers: four convolutions and four transposed ones with stride 2, batches of 32. */
const autoencoder: TimedModel = {
  each: { x: { shape: [32, 1, 64, 64] } },
  loss: (scope, { x }) => {
    const window = { stride: 2, padding: 1, size: 4 };
    const deep = [16, 32, 64, 128].reduce((t, channels, i) => op.relu(layer.conv(scope.at(`down${i}`), t, channels, window)), x);
    const code = layer.dense(scope.at("code"), op.reshape(deep, [32, 128 * 16]), 64);
    const [mean, logVariance] = [op.slice(code, { axis: 1, to: 32 }), op.slice(code, { axis: 1, from: 32 })];
    // Uniform noise of the variance of a normal number: as cheap on both sides.
    const noise = op.mul(op.sub(scope.uniform("noise", [32, 32]), 0.5), Math.sqrt(12));
    const latent = op.add(mean, op.mul(op.exp(op.mul(logVariance, 0.5)), noise));
    const start = op.reshape(op.relu(layer.dense(scope.at("start"), latent, 128 * 16)), [32, 128, 4, 4]);
    const wide = [64, 32, 16].reduce((t, channels, i) => op.relu(layer.convTranspose(scope.at(`up${i}`), t, channels, window)), start);
    const image = layer.convTranspose(scope.at("image"), wide, 1, window);
    const perImage = (t: Tensor): Tensor => op.sum(t, { axes: [1, 2, 3] });
    return op.mean(op.add(perImage(loss.binaryCrossEntropy(image, x)), loss.klToStandardNormal(mean, logVariance)));
  },
};

const [VOCABULARY, LENGTH] = [64, 64];
const nextTokens = (logits: Tensor, tokens: Tensor): Tensor => {
  const rows = tokens.shape[0];
  const seen = op.slice(op.reshape(logits, [rows, LENGTH, VOCABULARY]), { axis: 1, to: LENGTH - 1 });
  const following = op.slice(tokens, { axis: 1, from: 1 });
  return loss.average(loss.crossEntropy(op.reshape(seen, [rows * (LENGTH - 1), VOCABULARY]), op.reshape(following, [rows * (LENGTH - 1)])));
};

/** A recurrent language model: embedding 64, 256 gated units, 64 tokens of 64, batches of 64. */
const recurrent: TimedModel = {
  levels: VOCABULARY,
  each: { tokens: { shape: [64, LENGTH], dtype: "i32" } },
  loss: (scope, { tokens }) => {
    const states = layer.gru(scope.at("gru"), layer.embedding(scope.at("tokens"), tokens, { levels: VOCABULARY, width: 64 }), 256);
    return nextTokens(layer.dense(scope.at("out"), op.reshape(states, [64 * LENGTH, 256]), VOCABULARY), tokens);
  },
};

/** A transformer language model: two blocks of width 128 with four heads, batches of 32. */
const transformer: TimedModel = {
  levels: VOCABULARY,
  each: { tokens: { shape: [32, LENGTH], dtype: "i32" } },
  loss: (scope, { tokens }) => {
    const places = layer.embedding(scope.at("places"), op.range(LENGTH), { levels: LENGTH, width: 128 });
    const start = op.add(layer.embedding(scope.at("tokens"), tokens, { levels: VOCABULARY, width: 128 }), places);
    const deep = ["block0", "block1"].reduce((t, name) => layer.transformerBlock(scope.at(name), t, { heads: 4, bias: layer.causalMask(LENGTH) }), start);
    return nextTokens(layer.dense(scope.at("out"), layer.layerNorm(scope.at("norm"), deep), VOCABULARY), tokens);
  },
};

/** Four 3 × 3 convolutions with stride 1 and 32 channels on images of 32 × 32, batches of 32. */
const convolutions: TimedModel = {
  each: { x: { shape: [32, 3, 32, 32] }, y: { shape: [32, 1] } },
  loss: (scope, { x, y }) => {
    const deep = [0, 1, 2, 3].reduce((t, i) => op.relu(layer.conv(scope.at(`conv${i}`), t, 32, { padding: 1 })), x);
    return loss.average(loss.squaredError(layer.dense(scope.at("out"), op.mean(deep, { axes: [2, 3] }), 1), y));
  },
};

export const timedModels: Readonly<Record<string, TimedModel>> = { perceptron, autoencoder, recurrent, transformer, convolutions };
