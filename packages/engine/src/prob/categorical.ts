/* The distribution of a property that takes one of a set of levels. */
import { InputError } from "../base/errors.ts";
import { fold, stream } from "../base/key.ts";
import type { Matrix } from "../numeric/types.ts";
import type { CategoricalMarginal } from "./types.ts";

/** Rounding that a row's sum may show; rows are divided by their sum, so that they add to one. */
const SUM_TOLERANCE = 1e-6;

/** `probability` is n × levels, not negative, rows summing to one. */
export function categoricalMarginal({ name, levels, probability }: { readonly name: string; readonly levels: readonly string[]; readonly probability: Matrix }): CategoricalMarginal {
  if (probability.cols !== levels.length || new Set(levels).size !== levels.length)
    throw new InputError(`levels of ${name}: ${levels.join(", ")} — they are different, one for each of ${probability.cols} probability columns`, { path: name, value: levels });
  const { rows, cols } = probability;
  const p = normalised(name, probability);
  const index = new Map(levels.map((level, k) => [level, k]));
  return {
    kind: "category",
    name,
    levels,
    probability: { rows, cols, data: p },
    logMass(wanted) {
      const mask = maskOf(name, index, wanted);
      return Float64Array.from({ length: rows }, (_, i) => logShare(p.subarray(i * cols, (i + 1) * cols), mask));
    },
    sample: (key) => Int32Array.from({ length: rows }, (_, i) => drawLevel(p.subarray(i * cols, (i + 1) * cols), stream(fold(key, i)).uniform())),
  };
}

function normalised(name: string, { rows, cols, data }: Matrix): Float64Array {
  const out = new Float64Array(data);
  for (let i = 0; i < rows; i++) {
    const row = out.subarray(i * cols, (i + 1) * cols);
    const sum = row.reduce((a, b) => a + b, 0);
    if (!(Math.abs(sum - 1) < SUM_TOLERANCE) || row.some((x) => x < 0))
      throw new InputError(`probabilities of ${name} in row ${i}: ${Array.from(row).join(", ")} — they are ≥ 0 and sum to one`, { path: name, value: sum });
    row.forEach((x, k) => (row[k] = x / sum));
  }
  return out;
}

function maskOf(name: string, index: ReadonlyMap<string, number>, wanted: readonly string[]): Uint8Array {
  const mask = new Uint8Array(index.size);
  for (const level of wanted) {
    const k = index.get(level);
    if (k === undefined) throw new InputError(`unknown level of ${name}: "${level}" — there are ${[...index.keys()].join(", ")}`, { path: name, value: level });
    mask[k] = 1;
  }
  return mask;
}

/** The smaller side is summed, so that log stays exact near one; no level is −∞, all levels are 0. */
function logShare(p: Float64Array, mask: Uint8Array): number {
  let inside = 0;
  let outside = 0;
  p.forEach((x, k) => (mask[k] === 1 ? (inside += x) : (outside += x)));
  return outside < inside ? Math.log1p(0 - outside) : Math.log(inside);
}

function drawLevel(p: Float64Array, u: number): number {
  let rest = u;
  let last = 0;
  for (let k = 0; k < p.length; k++) {
    if (p[k] === 0) continue;
    if (rest < p[k]!) return k;
    rest -= p[k]!;
    last = k;
  }
  return last;
}
