/*
 * Least-squares monotone regression by pooling adjacent violators (Ayer, Brunk, Ewing, Reid & Silverman 1955,
 * doi 10.1214/aoms/1177728423). NaN is the caller's to leave out.
 */

/** A non-decreasing step function: level k holds from start[k] up to start[k + 1]. */
export interface Steps {
  readonly start: Float64Array;
  readonly level: Float64Array;
  /** Points pooled in each step. */
  readonly count: Int32Array;
}

/** Fit y ≈ steps(x). `least` pools neighbours until each step rests on at least so many points. */
export function isotonic(x: Float64Array, y: Float64Array, least = 1): Steps {
  const order = Int32Array.from(x, (_, i) => i).sort((i, j) => x[i] - x[j] || i - j);
  const blocks: { start: number; sum: number; count: number }[] = [];
  for (let at = 0; at < order.length; ) {
    const block = nextBlock(x, y, order, at, least);
    at += block.count;
    blocks.push(block);
    while (blocks.length > 1 && mean(blocks.at(-2)!) >= mean(blocks.at(-1)!)) merge(blocks);
  }
  if (blocks.length > 1 && blocks.at(-1)!.count < least) merge(blocks);
  return { start: Float64Array.from(blocks, (b) => b.start), level: Float64Array.from(blocks, mean), count: Int32Array.from(blocks, (b) => b.count) };
}

const mean = (block: { readonly sum: number; readonly count: number }): number => block.sum / block.count;

function merge(blocks: { start: number; sum: number; count: number }[]): void {
  const last = blocks.pop()!;
  const before = blocks.at(-1)!;
  before.sum += last.sum;
  before.count += last.count;
}

/** At least `least` points, and never a part of those that share one x. */
function nextBlock(x: Float64Array, y: Float64Array, order: Int32Array, from: number, least: number): { start: number; sum: number; count: number } {
  let end = from;
  let sum = 0;
  while (end < order.length && (end - from < least || x[order[end]] === x[order[end - 1]])) sum += y[order[end++]];
  return { start: x[order[from]], sum, count: end - from };
}

/** The step function's value at v. */
export function stepAt(steps: Steps, v: number): number {
  let k = 0;
  while (k + 1 < steps.start.length && steps.start[k + 1] <= v) k++;
  return steps.level[k];
}
