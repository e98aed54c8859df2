/*
 * Rules from shallow trees: every node of every tree but its root is the conjunction of the splits above it. Trees are
 * boosted with a small step on random parts of the rows, so that they differ (Friedman & Popescu, Ann. Appl. Stat. 2,
 * 916 (2008), section 3; doi 10.1214/07-AOAS148), with depths drawn around the one wanted.
 */
import { treeGrower, type GrownTree } from "@tatara/kernels";
import { fold, permutation, stream, type Key } from "../../base/key.ts";
import { pause, type Context } from "../../base/context.ts";
import type { Table } from "../../data/types.ts";
import { binColumns, binCounts, learnBins, type Binning } from "../../learn/forest/bins.ts";
import { lowEnd } from "../roundEnd.ts";
import type { Condition, IntervalRule } from "../types.ts";

export interface TreeRuleOptions {
  readonly trees: number;
  /** Mean depth; each tree's is between 1 and twice that, less one. */
  readonly depth: number;
  readonly minLeaf: number;
}

/** Step of boosting: small, so that late trees still see the whole. */
const STEP = 0.01;

/** Different rules, in the order found. `y` are numbers, or 0 and 1 with logistic loss. */
export async function treeRules(key: Key, x: Table, y: Float64Array, weights: Float64Array, loss: "squares" | "logistic", { trees, depth, minLeaf }: TreeRuleOptions, ctx: Context): Promise<readonly IntervalRule[]> {
  const binning = learnBins(x);
  const binned = { rows: x.rows, features: binning.features.length, bins: binColumns(binning, x), binCount: binCounts(binning), missing: binning.missing };
  const ends = readableEnds(binning, x);
  const total = weights.reduce((a, b) => a + b, 0);
  const mean = y.reduce((sum, v, i) => sum + v * weights[i], 0) / total;
  const eta = new Float64Array(x.rows).fill(loss === "logistic" ? Math.log(mean / (1 - mean)) : mean);
  const rules = new Map<string, IntervalRule>();
  for (let t = 0; t < trees; t++) {
    await pause(ctx);
    const own = fold(key, t);
    const target = y.map((v, i) => v - (loss === "logistic" ? 1 / (1 + Math.exp(-eta[i])) : eta[i]));
    const maxDepth = 1 + stream(fold(own, "depth")).below(2 * depth - 1);
    const { hi, lo } = fold(own, "grow");
    const tree = treeGrower(binned, { target, classes: 0, featureShare: 1, minLeaf, maxDepth, randomCuts: false }).grow(part(fold(own, "rows"), weights), hi, lo);
    for (const rule of pathsOf(tree, x, binning, ends)) rules.set(JSON.stringify(rule.conditions), rule);
    for (let i = 0; i < eta.length; i++) {
      const leaf = tree.leafOf[i];
      eta[i] += stepOf(loss, mean) * (tree.sums[2 * leaf + 1] / tree.sums[2 * leaf]);
    }
  }
  return [...rules.values()];
}

/** A step in log odds is larger than one in probability by the curvature at the mean. */
const stepOf = (loss: "squares" | "logistic", mean: number): number => (loss === "squares" ? STEP : STEP / (mean * (1 - mean)));

/** Weights of a random part of the rows, min(n/2, 100 + 6 √n) of them (F & P, section 3.3). */
function part(key: Key, weights: Float64Array): Float64Array {
  const n = weights.length;
  const size = Math.max(2, Math.min(Math.floor(n / 2), Math.floor(100 + 6 * Math.sqrt(n))));
  const out = new Float64Array(n);
  for (const i of permutation(key, n).subarray(0, size)) out[i] = weights[i];
  return out;
}

/** For every bin edge the shortest decimal between the values beside it, as it is read in rules. */
function readableEnds(binning: Binning, x: Table): Float64Array {
  const ends = new Float64Array(binning.edges.length);
  binning.features.forEach((j, f) => {
    const sorted = Float64Array.from({ length: x.rows }, (_, i) => x.data[i * x.cols + j]).sort();
    let at = 0;
    for (let k = binning.start[f]; k < binning.start[f + 1]; k++) {
      while (sorted[at] <= binning.edges[k]) at++;
      // Strictly between, so that ≤ and ≥ part the rows as the edge does.
      ends[k] = lowEnd(sorted[at - 1], sorted[at - 1] / 2 + sorted[at] / 2);
    }
  });
  return ends;
}

/** The rule of every node below the root. */
function* pathsOf(tree: GrownTree, { features }: Table, binning: Binning, ends: Float64Array): Generator<IntervalRule> {
  const stack: { readonly node: number; readonly conditions: readonly Condition[] }[] = [{ node: 0, conditions: [] }];
  while (stack.length > 0) {
    const { node, conditions } = stack.pop()!;
    if (conditions.length > 0) yield { conditions };
    const f = tree.feature[node];
    if (f < 0) continue;
    const { name, unit } = features[binning.features[f]];
    const end = ends[binning.start[f] + tree.cut[node]];
    stack.push({ node: tree.left[node] + 1, conditions: narrowed(conditions, { feature: name, unit, low: end }) }, { node: tree.left[node], conditions: narrowed(conditions, { feature: name, unit, high: end }) });
  }
}

/** One condition more, merged with that of the same feature; in order of names, so that equal rules are equal. */
function narrowed(conditions: readonly Condition[], one: Condition): readonly Condition[] {
  const known = conditions.find(({ feature }) => feature === one.feature);
  const merged: Condition = { ...known, ...one };
  return [...conditions.filter((other) => other !== known), merged].toSorted((a, b) => (a.feature < b.feature ? -1 : 1));
}
