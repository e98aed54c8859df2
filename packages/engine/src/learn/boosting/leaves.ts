/* The step of each leaf: Newton's, or the loss's own optimum; and steps put in order where predictions must be monotone. */
import type { BoostedTree, Booster } from "@tatara/kernels";
import type { ChainSettings } from "./chain.ts";
import type { Known, Loss } from "./losses.ts";

export interface LeafTask {
  readonly tree: Omit<BoostedTree, "leafOf">;
  readonly leafOf: Int32Array;
  /** The rows that the tree was grown on. */
  readonly rows: Int32Array;
  /** Its gradients and Hessians. */
  readonly booster: Booster;
  readonly loss: Loss;
  readonly known: Known;
  readonly scores: Float64Array;
  readonly settings: Pick<ChainSettings, "shrinkage" | "l2" | "monotone">;
}

/** Largest step of a log-odds score, or of a target in standard deviations: a leaf of nearly no Hessian steps no further. */
const LONGEST = 20;

/** Per node of the tree; zero in nodes that are no leaves. */
export function leafSteps(task: LeafTask): Float64Array {
  const { tree, settings } = task;
  const steps = task.loss.leaf ? optima(task) : newton(task);
  if (settings.monotone.some((m) => m !== 0)) putInOrder(tree, settings.monotone, steps);
  return steps.map((step) => settings.shrinkage * Math.max(-LONGEST, Math.min(LONGEST, step)));
}

function newton({ tree, leafOf, rows, booster: { gradient, hessian }, settings }: LeafTask): Float64Array {
  const g = new Float64Array(tree.feature.length);
  const h = new Float64Array(tree.feature.length);
  for (const i of rows) {
    g[leafOf[i]] += gradient[i];
    h[leafOf[i]] += hessian[i];
  }
  return g.map((sum, leaf) => (h[leaf] + settings.l2 > 0 ? -sum / (h[leaf] + settings.l2) : 0));
}

/** As the rows of a leaf would have it, drawn to zero by l2 as much as Newton's step is. */
function optima({ tree, leafOf, rows, loss, known: { target, weights }, scores, settings }: LeafTask): Float64Array {
  const members = new Map<number, number[]>();
  for (const i of rows) {
    const list = members.get(leafOf[i]);
    if (list) list.push(i);
    else members.set(leafOf[i], [i]);
  }
  const steps = new Float64Array(tree.feature.length);
  for (const [leaf, list] of members) {
    const own = Float64Array.from(list, (i) => weights[i]);
    const total = own.reduce((a, b) => a + b, 0);
    steps[leaf] = (total / (total + settings.l2)) * loss.leaf!({ residuals: Float64Array.from(list, (i) => target[i] - scores[i]), weights: own });
  }
  return steps;
}

/**
 * From the leaves up: where the sides of a monotone cut overlap, both are cut off half-way, which keeps the order that
 * cuts below have made. The kernel has made sure that each cut by itself goes the right way.
 */
function putInOrder({ feature, left }: LeafTask["tree"], monotone: Int8Array, steps: Float64Array): void {
  const leavesBelow = (node: number): readonly number[] => (feature[node] < 0 ? [node] : [...leavesBelow(left[node]), ...leavesBelow(left[node] + 1)]);
  // Children come after their parents.
  for (let node = feature.length - 1; node >= 0; node--) {
    const direction = feature[node] < 0 ? 0 : monotone[feature[node]];
    if (direction === 0) continue;
    const sides = [leavesBelow(left[node]), leavesBelow(left[node] + 1)];
    const [lower, upper] = direction > 0 ? sides : [sides[1], sides[0]];
    const high = Math.max(...lower.map((leaf) => steps[leaf]));
    const low = Math.min(...upper.map((leaf) => steps[leaf]));
    if (high <= low) continue;
    const middle = high / 2 + low / 2;
    for (const leaf of lower) steps[leaf] = Math.min(steps[leaf], middle);
    for (const leaf of upper) steps[leaf] = Math.max(steps[leaf], middle);
  }
}
