/* The fitted trees of one property as flat arrays, and the way of a row through them. */
import type { GrownTree } from "@tatara/kernels";

/** Trees one after another. Leaves have numbers of their own, in which `leafValues` is ordered. */
export interface Trees {
  /** First node of each tree. */
  readonly roots: Int32Array;
  /** Place of the feature asked for among `wanted`, or −1 − leaf. */
  readonly feature: Int32Array;
  /** Bins up to this one go left. */
  readonly cut: Uint8Array;
  /** 1 where missing values go left. */
  readonly missingLeft: Uint8Array;
  /** Left child; the right one follows it. */
  readonly left: Int32Array;
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
    roots: new Int32Array(grown.length), feature: new Int32Array(nodes), cut: new Uint8Array(nodes), missingLeft: new Uint8Array(nodes),
    left: new Int32Array(nodes), wanted, leafValues: new Float64Array(leaves * width), width,
  };
  let node = 0;
  let leaf = 0;
  const leafOf: Int32Array[] = [];
  grown.forEach((tree, t) => {
    trees.roots[t] = node;
    for (let k = 0; k < tree.feature.length; k++) {
      const at = node + k;
      if (tree.feature[k] < 0) {
        trees.feature[at] = -1 - leaf;
        writeLeaf(tree.sums, k, classes, trees.leafValues, leaf++);
        continue;
      }
      trees.feature[at] = place.get(tree.feature[k])!;
      trees.cut[at] = tree.cut[k];
      trees.missingLeft[at] = tree.missingLeft[k];
      trees.left[at] = node + tree.left[k];
    }
    const base = node;
    leafOf.push(tree.leafOf.map((k) => -1 - trees.feature[base + k]));
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

/** The leaf of one row of bins (starting at `row`) in one tree. `missing` marks wanted features whose bin 0 is a missing value. */
export function leafAt(trees: Trees, tree: number, bins: Uint8Array, row: number, missing: Uint8Array, unknown: Uint8Array | undefined): number {
  const { feature, cut, left, missingLeft } = trees;
  let node = trees.roots[tree];
  for (;;) {
    const f = feature[node];
    if (f < 0) return -1 - f;
    const bin = bins[row + f];
    const absent = (bin === 0 && missing[f] === 1) || (unknown !== undefined && unknown[row + f] === 1);
    node = left[node] + ((absent ? missingLeft[node] === 1 : bin <= cut[node]) ? 0 : 1);
  }
}
