/* The dual and the primal problem of the linear evidence, from sparse and dense blocks of features. */
import { addSquare } from "../dense.ts";
import type { Problem } from "./evidence.ts";
import { type Block, type BlockScale, prepare, products, sliceBlock, writeDense } from "./features.ts";

const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);

/** n × n products of the rows, one matrix per block; `y` is already centred and times √weight. */
export function dualProblem(blocks: readonly Block[], scales: readonly BlockScale[], y: Float64Array, weights: Float64Array): Problem & { readonly form: "dual" } {
  const n = y.length;
  const root = weights.map(Math.sqrt);
  const grams = blocks.map((block, b) => {
    const gram = products(block, prepare(block, scales[b]));
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) gram[i * n + j] *= root[i] * root[j];
    return gram;
  });
  return { form: "dual", total: sum(weights), y, grams };
}

/** Rows of features written out at a time. */
const CHUNK = 512;

/** d × d products of the features. */
export function primalProblem(blocks: readonly Block[], scales: readonly BlockScale[], y: Float64Array, weights: Float64Array): Problem & { readonly form: "primal" } {
  const n = y.length;
  const d = blocks.reduce((s, b) => s + b.d, 0);
  const gram = new Float64Array(d * d);
  const cross = new Float64Array(d);
  for (let from = 0; from < n; from += CHUNK) addChunk({ blocks, scales, y, weights, from, rows: Math.min(CHUNK, n - from), d }, gram, cross);
  const block = Int32Array.from(blocks.flatMap(({ d: width }, b) => Array.from({ length: width }, () => b)));
  return { form: "primal", total: sum(weights), squares: y.reduce((s, v) => s + v * v, 0), gram, cross, block, blocks: blocks.length };
}

interface Chunk {
  readonly blocks: readonly Block[];
  readonly scales: readonly BlockScale[];
  readonly y: Float64Array;
  readonly weights: Float64Array;
  readonly from: number;
  readonly rows: number;
  readonly d: number;
}

function addChunk({ blocks, scales, y, weights, from, rows, d }: Chunk, gram: Float64Array, cross: Float64Array): void {
  const z = new Float64Array(rows * d);
  let at = 0;
  blocks.forEach((block, b) => {
    writeDense(sliceBlock(block, from, rows), scales[b], 1, z, d, at);
    at += block.d;
  });
  for (let i = 0; i < rows; i++) {
    const root = Math.sqrt(weights[from + i]);
    for (let k = i * d; k < (i + 1) * d; k++) {
      z[k] *= root;
      cross[k - i * d] += z[k] * y[from + i];
    }
  }
  addSquare(gram, z, rows, d);
}
