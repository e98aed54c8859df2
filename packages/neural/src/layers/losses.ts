/* Losses: each a mean over its rows, weighted where weights are given. */
import * as op from "../tensor/ops.ts";
import type { Tensor } from "../tensor/types.ts";

/** Σ w l / Σ w, or the mean; rows with weight zero do not count. */
export function average(losses: Tensor, weights?: Tensor): Tensor {
  if (weights === undefined) return op.mean(losses);
  return op.div(op.sum(op.mul(losses, weights)), op.maximum(op.sum(weights), 1e-12));
}

export const squaredError = (mean: Tensor, y: Tensor): Tensor => op.square(op.sub(mean, y));
export const absoluteError = (mean: Tensor, y: Tensor): Tensor => op.abs(op.sub(mean, y));

/** Quadratic up to `delta`, linear beyond (Huber 1964). */
export function huber(mean: Tensor, y: Tensor, delta = 1): Tensor {
  const error = op.abs(op.sub(mean, y));
  const near = op.minimum(error, delta);
  return op.add(op.mul(op.square(near), 0.5), op.mul(op.sub(error, near), delta));
}

/** −log density of a normal law with log variance (Nix & Weigend 1994), without the constant. */
export const normalLoss = (mean: Tensor, logVariance: Tensor, y: Tensor): Tensor => op.mul(op.add(logVariance, op.mul(squaredError(mean, y), op.exp(op.neg(logVariance)))), 0.5);

/** −log density of a Laplace law with log scale, which outliers move less; without the constant. */
export const laplaceLoss = (mean: Tensor, logScale: Tensor, y: Tensor): Tensor => op.add(logScale, op.mul(absoluteError(mean, y), op.exp(op.neg(logScale))));

/** −log p of the label under logits: [n, levels], labels [n] of i32 → [n]. */
export const crossEntropy = (logits: Tensor, labels: Tensor): Tensor => op.neg(op.sum(op.mul(op.logSoftmax(logits), op.oneHot(labels, logits.shape.at(-1)!)), { axes: [-1] }));

/** −log p of labels 0 and 1 (as numbers) under logits of any shape. */
export const binaryCrossEntropy = (logits: Tensor, labels: Tensor): Tensor => op.sub(op.softplus(logits), op.mul(logits, labels));

/** KL divergence of N(mean, e^logVariance) from the standard normal, summed over the last axis. */
export const klToStandardNormal = (mean: Tensor, logVariance: Tensor): Tensor => op.mul(op.sum(op.sub(op.add(op.square(mean), op.exp(logVariance)), op.add(logVariance, 1)), { axes: [-1] }), 0.5);
