/*
 * Features that say the same thing: grouped by Spearman's rank correlation, so that a rule uses one of them and the
 * others can be named beside it. A group's first feature leads it; a later feature joins the first leader it resembles.
 */
import { pause, type Context } from "../base/context.ts";
import type { Table } from "../data/types.ts";

/** Number of the group of each feature: the index of its leader. Missing values take the middle rank. */
export async function correlationGroups(x: Table, threshold: number, ctx: Context): Promise<Int32Array> {
  const group = new Int32Array(x.cols).fill(-1);
  const ranks: Float64Array[] = [];
  for (let j = 0; j < x.cols; j++) {
    await pause(ctx);
    ranks.push(standardRanks(x, j));
  }
  for (let j = 0; j < x.cols; j++) {
    if (group[j] >= 0) continue;
    await pause(ctx);
    group[j] = j;
    for (let k = j + 1; k < x.cols; k++) if (group[k] < 0 && Math.abs(dot(ranks[j], ranks[k])) >= threshold) group[k] = j;
  }
  return group;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Mid-ranks of a column, centred and of length one; zeros when it is constant. */
function standardRanks({ rows, cols, data }: Table, j: number): Float64Array {
  const known = Int32Array.from({ length: rows }, (_, i) => i).filter((i) => !Number.isNaN(data[i * cols + j]));
  known.sort((a, b) => data[a * cols + j] - data[b * cols + j]);
  const ranks = new Float64Array(rows);
  for (let i = 0; i < known.length; ) {
    let end = i + 1;
    while (end < known.length && data[known[end] * cols + j] === data[known[i] * cols + j]) end++;
    for (let k = i; k < end; k++) ranks[known[k]] = (i + end - known.length) / 2;
    i = end;
  }
  const norm = Math.sqrt(dot(ranks, ranks));
  return norm > 0 ? ranks.map((r) => r / norm) : ranks;
}
