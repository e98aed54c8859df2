/* Isotonic regression by pooling adjacent violators (Ayer et al. 1955; Best & Chakravarti 1990). */
import { InputError } from "../base/errors.ts";

/** The non-decreasing sequence nearest to y in weighted least squares; y in the order of its predictor. Weights are positive, default 1. */
export function isotonicFit(y: Float64Array, weights: Float64Array = new Float64Array(y.length).fill(1)): Float64Array {
  if (weights.length !== y.length || weights.some((w) => !(w > 0))) throw new InputError(`weights: ${weights.length} for ${y.length} values — one for each, positive`);
  const blocks: { mean: number; weight: number; length: number }[] = [];
  y.forEach((value, i) => {
    let block = { mean: value, weight: weights[i]!, length: 1 };
    for (let top = blocks.at(-1); top !== undefined && top.mean >= block.mean; top = blocks.at(-1)) {
      blocks.pop();
      const weight = top.weight + block.weight;
      block = { mean: top.mean + ((block.mean - top.mean) * block.weight) / weight, weight, length: top.length + block.length };
    }
    blocks.push(block);
  });
  const out = new Float64Array(y.length);
  let at = 0;
  for (const { mean, length } of blocks) out.fill(mean, at, (at += length));
  return out;
}
