/* The fitted trees of one property as flat arrays, and the way of a row through them. */

/** What is needed of a grown tree to lead rows through it. */
export interface GrownShape {
  readonly feature: Int32Array;
  readonly cut: Int32Array;
  readonly missingLeft: Int32Array;
  readonly left: Int32Array;
  /** Eight words a node: a bit for each bin that goes left, where the feature is a category. */
  readonly sets?: Uint32Array;
}

/** Which bins go left at nodes that ask for a category. */
export interface CategoryCuts {
  /** Per node: the number of its eight words in `bits`, or −1. */
  readonly of: Int32Array;
  readonly bits: Uint32Array;
}

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
  /** Absent when no node asks for a category as such. */
  readonly categories?: CategoryCuts;
}

/** Flatten grown trees; `write` puts the values of a leaf, by its tree and node, at its place. */
export function flatten(grown: readonly GrownShape[], width: number, write: (tree: number, node: number, out: Float64Array, leaf: number) => void): Trees {
  const nodes = grown.reduce((sum, tree) => sum + tree.feature.length, 0);
  const leaves = (nodes + grown.length) / 2;
  const wanted = featuresAsked(grown);
  const place = new Map(Array.from(wanted, (f, k) => [f, k]));
  const trees = {
    roots: new Int32Array(grown.length), nodes: new Int32Array(2 * nodes), wanted, leafValues: new Float64Array(leaves * width), width,
  };
  let node = 0;
  let leaf = 0;
  grown.forEach((tree, t) => {
    trees.roots[t] = node;
    for (let k = 0; k < tree.feature.length; k++) {
      const at = 2 * (node + k);
      if (tree.feature[k] < 0) {
        trees.nodes[at] = -1 - leaf;
        write(t, k, trees.leafValues, leaf++);
        continue;
      }
      trees.nodes[at] = place.get(tree.feature[k])! * 512 + tree.missingLeft[k] * 256 + tree.cut[k];
      trees.nodes[at + 1] = node + tree.left[k];
    }
    node += tree.feature.length;
  });
  return trees;
}

/** The cuts of flattened trees at features that are categories. */
export function categoryCuts(grown: readonly GrownShape[], category: Uint8Array): CategoryCuts {
  const of: number[] = [];
  const bits: number[] = [];
  for (const { feature, sets } of grown)
    feature.forEach((f, k) => {
      of.push(f >= 0 && category[f] === 1 ? bits.length / 8 : -1);
      if (f >= 0 && category[f] === 1) bits.push(...sets!.subarray(8 * k, 8 * k + 8));
    });
  return { of: Int32Array.from(of), bits: Uint32Array.from(bits) };
}

/** The leaf of each training row in each tree, from its node there. */
export const leafNumbers = ({ roots, nodes }: Trees, nodeOf: readonly Int32Array[]): readonly Int32Array[] => nodeOf.map((own, t) => own.map((k) => -1 - nodes[2 * (roots[t] + k)]));

function featuresAsked(grown: readonly GrownShape[]): Int32Array {
  const asked = new Set<number>();
  for (const { feature } of grown) for (const f of feature) if (f >= 0) asked.add(f);
  return Int32Array.from(asked).sort();
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
export function leavesOf(trees: Trees, tree: number, binned: BinnedRows, out: Int32Array): void {
  const { nodes } = trees;
  if (trees.categories) return leavesAmongCategories(trees, trees.categories, tree, binned, out);
  const { rows, bins, missing, unknown } = binned;
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

function leavesAmongCategories({ nodes, roots, wanted }: Trees, { of, bits }: CategoryCuts, tree: number, { rows, bins, missing, unknown }: BinnedRows, out: Int32Array): void {
  for (let i = 0; i < rows; i++) {
    let node = roots[tree];
    let asked = nodes[2 * node];
    while (asked >= 0) {
      const f = asked >> 9;
      const at = i * wanted.length + f;
      const bin = bins[at];
      const absent = (bin === 0 && missing[f] === 1) || unknown?.[at] === 1;
      const left = of[node] >= 0 ? (bits[8 * of[node] + (bin >> 5)] >>> (bin & 31)) & 1 : absent ? (asked >> 8) & 1 : bin <= (asked & 255) ? 1 : 0;
      node = nodes[2 * node + 1] + 1 - left;
      asked = nodes[2 * node];
    }
    out[i] = -1 - asked;
  }
}
