/*
 * Clusters of similar rows, for splits that ask a model about kinds of material it has not seen. Sphere exclusion
 * (the leader algorithm; Taylor 1995, Butina 1999): rows are visited in random order; each joins the most similar
 * leader at or above the threshold, or becomes a leader. Leaders are less similar to one another than the
 * threshold. An inverted index makes it fast on sparse counts: 20,000 fingerprints take seconds.
 */
import { InputError } from "../base/errors.ts";
import { pause } from "../base/context.ts";
import { split } from "../base/key.ts";
import { withoutCodes } from "./graphRows.ts";
import { standardScaler, impute, medianImputation, scale } from "./scaler.ts";
import { groupFolds, visitingOrder } from "./splits.ts";
import type { Context } from "../base/context.ts";
import type { Key } from "../base/key.ts";
import type { Folds, Table } from "./types.ts";
import type { SplitOptions } from "./splits.ts";

/** Rows between two looks at the context. */
const CHUNK = 256;

/** For one visited row: the index of its leader among the leaders so far, or −1; then `add` makes it one. */
interface Leaders {
  nearest(row: number): number;
  add(row: number): void;
}

async function leaderClusters(order: readonly number[], leaders: Leaders, ctx: Context): Promise<Int32Array> {
  const cluster = new Int32Array(order.length);
  let count = 0;
  for (let i = 0; i < order.length; i++) {
    if (i % CHUNK === 0) {
      await pause(ctx);
      ctx.report({ stage: "cluster", done: i, total: order.length });
    }
    const row = order[i]!;
    const found = leaders.nearest(row);
    cluster[row] = found >= 0 ? found : count++;
    if (found < 0) leaders.add(row);
  }
  return cluster;
}

/** Columns of counts and bits: those that a Tanimoto similarity means something for. */
const countColumns = (x: Table): readonly number[] => x.features.flatMap(({ kind }, j) => (kind === "count" || kind === "bit" ? [j] : []));

/** Tanimoto on counts, Σ min / Σ max, against all leaders at once through postings (feature → leaders that have it). */
function tanimotoLeaders(x: Table, columns: readonly number[], threshold: number): Leaders {
  const postings: { readonly leader: number[]; readonly count: number[] }[] = columns.map(() => ({ leader: [], count: [] }));
  const sums: number[] = [];
  const overlap = new Float64Array(x.rows);
  const at = (row: number, c: number) => x.data[row * x.cols + columns[c]!]!;
  const sumOf = (row: number) => columns.reduce((sum, _, c) => sum + Math.max(0, at(row, c) || 0), 0);
  return {
    nearest(row) {
      overlap.fill(0, 0, sums.length);
      for (let c = 0; c < columns.length; c++) {
        const v = at(row, c);
        if (!(v > 0)) continue;
        const { leader, count } = postings[c]!;
        for (let k = 0; k < leader.length; k++) overlap[leader[k]!]! += Math.min(v, count[k]!);
      }
      return mostSimilar(overlap, sums, sumOf(row), threshold);
    },
    add(row) {
      for (let c = 0; c < columns.length; c++) {
        if (!(at(row, c) > 0)) continue;
        postings[c]!.leader.push(sums.length);
        postings[c]!.count.push(at(row, c));
      }
      sums.push(sumOf(row));
    },
  };
}

function mostSimilar(overlap: Float64Array, sums: readonly number[], sum: number, threshold: number): number {
  let best = -1;
  let highest = threshold;
  for (let k = 0; k < sums.length; k++) {
    const union = sum + sums[k]! - overlap[k]!;
    // Two empty rows are equal.
    const similarity = union > 0 ? overlap[k]! / union : 1;
    if (similarity > highest || (best < 0 && similarity === highest)) {
      highest = similarity;
      best = k;
    }
  }
  return best;
}

/** exp(−d² / 2d̄) on standardised columns, d̄ = their number: about 0.37 for two unrelated rows, 1 for equal ones. */
function gaussianLeaders(whole: Table, threshold: number): Leaders {
  const x = withoutCodes(whole);
  if (x.cols === 0) throw new InputError("nothing to tell likeness by: packed graphs alone — describe the rows by fingerprints or numbers too", { path: "represent" });
  const filled = impute(x, medianImputation(x));
  const { data, cols } = scale(filled, standardScaler(filled));
  const furthest = -2 * cols * Math.log(threshold);
  const rows: number[] = [];
  return {
    nearest(row) {
      let best = -1;
      let least = furthest;
      rows.forEach((leader, k) => {
        let d2 = 0;
        for (let j = 0; j < cols && d2 <= least; j++) d2 += (data[row * cols + j]! - data[leader * cols + j]!) ** 2;
        if (d2 < least || (best < 0 && d2 === least)) [least, best] = [d2, k];
      });
      return best;
    },
    add: (row) => void rows.push(row),
  };
}

export interface ClusterOptions {
  /** Similarity in (0, 1] at which a row joins a leader; lower makes fewer, wider clusters. */
  readonly threshold: number;
  /** A name for each row: then reordering rows changes nothing. */
  readonly names?: readonly string[];
}

/** The cluster of every row, numbered from 0. Tanimoto on the count and bit features; without any, a Gaussian similarity of all features. */
export async function clusterRows(key: Key, x: Table, { threshold, names }: ClusterOptions, ctx: Context): Promise<Int32Array> {
  if (!(threshold > 0 && threshold <= 1)) throw new InputError(`similarity threshold: ${threshold} — it is in (0, 1]`, { path: "threshold", value: threshold });
  const columns = countColumns(x);
  const leaders = columns.length > 0 ? tanimotoLeaders(x, columns, threshold) : gaussianLeaders(x, threshold);
  return leaderClusters(visitingOrder(key, x.rows, names), leaders, ctx);
}

/** The same with a similarity of two rows given as a function, in [0, 1]. */
export function clusterBy(key: Key, rows: number, similarity: (i: number, j: number) => number, { threshold, names }: ClusterOptions, ctx: Context): Promise<Int32Array> {
  const leaders: number[] = [];
  const nearest = (row: number): number => {
    let best = -1;
    let highest = threshold;
    leaders.forEach((leader, k) => {
      const s = similarity(row, leader);
      if (s > highest || (best < 0 && s === highest)) [highest, best] = [s, k];
    });
    return best;
  };
  return leaderClusters(visitingOrder(key, rows, names), { nearest, add: (row) => void leaders.push(row) }, ctx);
}

/** Thresholds tried one after the other, from wide clusters to narrow ones. */
const THRESHOLDS = [0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95];

/**
 * Folds of whole clusters. Without a threshold the widest clusters are taken whose largest fits into one fold;
 * the id says which. Throws InputError when even the narrowest leave fewer clusters than folds.
 */
export async function clusterFolds(key: Key, x: Table, { folds, names, threshold }: SplitOptions & { readonly threshold?: number }, ctx: Context): Promise<Folds> {
  const [visit, deal] = split(key, 2);
  const named = names === undefined ? {} : { names };
  for (const t of threshold === undefined ? THRESHOLDS : [threshold]) {
    const clusters = await clusterRows(visit!, x, { threshold: t, ...named }, ctx);
    const sizes = new Float64Array(clusters.reduce((most, c) => Math.max(most, c), 0) + 1);
    for (const c of clusters) sizes[c]! += 1;
    const last = t === threshold || t === THRESHOLDS.at(-1);
    if (!last && (sizes.length < folds || sizes.reduce((a, b) => Math.max(a, b)) > Math.ceil(x.rows / folds))) continue;
    const { test } = groupFolds(deal!, clusters, { folds, ...named });
    return { id: `cluster(folds=${folds}, threshold=${t}, clusters=${sizes.length})`, test };
  }
  throw new InputError(`no threshold makes clusters: ${threshold} — leave it out, or give one in (0, 1]`, { path: "threshold" });
}
