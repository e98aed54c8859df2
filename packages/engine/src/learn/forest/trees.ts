/* The fitted trees of one property as flat arrays, and the way of a row through them. */
import type { GrownTree } from "@tatara/kernels";

/** Trees one after another. Leaves have numbers of their own, in which `leafValues` is ordered. */
export interface Trees {
  /** First node of each tree. */
  readonly roots: Int32Array;
  /**
   * Two words a node, side by side because a walk waits for memory: what is asked (place of the feature among
   * `wanted` · 512 + 256 if missing values go left + the last bin that goes left), or −1 − leaf; and the left
   * child, which the right one follows.
   */
  readonly nodes: Int32Array;
  /** Binned features that some tree asks for, ascending. */
  readonly wanted: Int32Array;
  /** leaves × width: the leaf's mean, or its class probabilities. */
  readonly leafValues: Float64Array;
  readonly width: number;
}

/** Flatten grown trees; `valuesOf` writes a leaf's values from its sums. Also gives each training row's leaf in each tree. */
export function flatten(grown: readonly GrownTree[], classes: number): { readonly trees: Trees; readonly leafOf: readonly Int32Array[] } {
  const nodes = grown.reduce((sum, tree) => sum + tree.feature.length, 0);
  const leaves = (nodes + grown.length) / 2;
  const width = classes === 0 ? 1 : classes;
  const wanted = featuresAsked(grown);
  const place = new Map(Array.from(wanted, (f, k) => [f, k]));
  const trees = {
    roots: new Int32Array(grown.length), nodes: new Int32Array(2 * nodes), wanted, leafValues: new Float64Array(leaves * width), width,
  };
  let node = 0;
  let leaf = 0;
  const leafOf: Int32Array[] = [];
  grown.forEach((tree, t) => {
    trees.roots[t] = node;
    for (let k = 0; k < tree.feature.length; k++) {
      const at = 2 * (node + k);
      if (tree.feature[k] < 0) {
        trees.nodes[at] = -1 - leaf;
        writeLeaf(tree.sums, k, classes, trees.leafValues, leaf++);
        continue;
      }
      trees.nodes[at] = place.get(tree.feature[k])! * 512 + tree.missingLeft[k] * 256 + tree.cut[k];
      trees.nodes[at + 1] = node + tree.left[k];
    }
    const base = node;
    leafOf.push(tree.leafOf.map((k) => -1 - trees.nodes[2 * (base + k)]));
    node += tree.feature.length;
  });
  return { trees, leafOf };
}

function featuresAsked(grown: readonly GrownTree[]): Int32Array {
  const asked = new Set<number>();
  for (const { feature } of grown) for (const f of feature) if (f >= 0) asked.add(f);
  return Int32Array.from(asked).sort();
}

function writeLeaf(sums: Float64Array, node: number, classes: number, out: Float64Array, leaf: number): void {
  if (classes === 0) {
    out[leaf] = sums[2 * node + 1] / sums[2 * node];
    return;
  }
  let total = 0;
  for (let k = 0; k < classes; k++) total += sums[node * classes + k];
  for (let k = 0; k < classes; k++) out[leaf * classes + k] = sums[node * classes + k] / total;
}

/** Rows of bins (rows × wanted) with what stands for a missing value in them. */
export interface BinnedRows {
  readonly rows: number;
  readonly bins: Uint8Array;
  /** 1 where bin 0 of a wanted feature is a missing value. */
  readonly missing: Uint8Array;
  /** 1 at values missing where training had none; absent when there are none. */
  readonly unknown: Uint8Array | undefined;
}

/** The leaf of every row in one tree, into `out`. */
export function leavesOf(trees: Trees, tree: number, { rows, bins, missing, unknown }: BinnedRows, out: Int32Array): void {
  const { nodes } = trees;
  const width = trees.wanted.length;
  const root = 2 * trees.roots[tree];
  for (let i = 0, row = 0; i < rows; i++, row += width) {
    let at = root;
    let asked = nodes[at];
    while (asked >= 0) {
      const f = asked >> 9;
      const bin = bins[row + f];
      const absent = (bin === 0 && missing[f] === 1) || (unknown !== undefined && unknown[row + f] === 1);
      // The sign bit says on which side of the cut the bin lies, without a branch to guess wrong.
      const right = absent ? 1 - ((asked >> 8) & 1) : ((asked & 255) - bin) >>> 31;
      at = (nodes[at + 1] + right) << 1;
      asked = nodes[at];
    }
    out[i] = -1 - asked;
  }
}
