import { expect, test } from "vitest";
import { histogramClasses, histogramRegression, treeGrower } from "../src/index.ts";
import type { BinnedTable, GrownTree, TreeOptions } from "../src/index.ts";

/** Reproducible uniform numbers (a linear congruential generator). */
function uniforms(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

/** Features that take `levels` bins; `zeros` is the part of the rows in bin 0. */
function table(rows: number, specs: readonly { readonly levels: number; readonly zeros?: number; readonly missing?: boolean }[], seed = 1): BinnedTable {
  const random = uniforms(seed);
  const bins = Uint8Array.from({ length: rows * specs.length }, (_, at) => {
    const { levels, zeros = 0 } = specs[Math.floor(at / rows)]!;
    return random() < zeros ? 0 : Math.floor(random() * levels);
  });
  return { rows, features: specs.length, bins, binCount: Int32Array.from(specs, (s) => s.levels), missing: Uint8Array.from(specs, (s) => (s.missing ? 1 : 0)) };
}

const options: Omit<TreeOptions, "target"> = { classes: 0, featureShare: 1, minLeaf: 1, maxDepth: 64, randomCuts: false };
const ones = (n: number): Float64Array => new Float64Array(n).fill(1);
const mixed = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => [1, 0, 2, 1.5, 0.25][i % 5]!);

const goesLeft = (x: BinnedTable, tree: GrownTree, node: number, row: number): boolean => {
  const f = tree.feature[node]!;
  const bin = x.bins[f * x.rows + row]!;
  return bin === 0 && x.missing[f] === 1 ? tree.missingLeft[node] === 1 : bin <= tree.cut[node]!;
};

function leaf(x: BinnedTable, tree: GrownTree, row: number): number {
  let node = 0;
  while (tree.feature[node]! >= 0) node = tree.left[node]! + (goesLeft(x, tree, node, row) ? 0 : 1);
  return node;
}

type Criterion = NonNullable<TreeOptions["criterion"]>;

/** Σ s²/w of a set of rows, the part of the squared error that a constant explains; or Σ s log s − w log w. */
function worth(rows: readonly number[], w: Float64Array, y: ArrayLike<number>, classes: number, criterion: Criterion): number {
  const weight = rows.reduce((sum, i) => sum + w[i]!, 0);
  if (weight === 0) return 0;
  if (classes === 0) return rows.reduce((sum, i) => sum + w[i]! * y[i]!, 0) ** 2 / weight;
  const sums = Array.from({ length: classes }, (_, k) => rows.reduce((sum, i) => sum + (y[i] === k ? w[i]! : 0), 0));
  if (criterion === "gini") return sums.reduce((total, s) => total + s * s, 0) / weight;
  return sums.reduce((total, s) => total + (s > 0 ? s * Math.log(s) : 0), 0) - weight * Math.log(weight);
}

/** The best gain over every feature, cut and side for missing values, by trying all. */
function bestGain(x: BinnedTable, rows: readonly number[], w: Float64Array, y: ArrayLike<number>, classes: number, minLeaf: number, criterion: Criterion): number {
  let best = 0;
  for (let f = 0; f < x.features; f++) {
    for (let cut = 0; cut < x.binCount[f]!; cut++) {
      for (const missingLeft of x.missing[f] === 1 ? [true, false] : [true]) {
        const isLeft = (i: number) => {
          const bin = x.bins[f * x.rows + i]!;
          return bin === 0 && x.missing[f] === 1 ? missingLeft : bin <= cut;
        };
        const [left, right] = [rows.filter(isLeft), rows.filter((i) => !isLeft(i))];
        if (left.length < minLeaf || right.length < minLeaf) continue;
        best = Math.max(best, worth(left, w, y, classes, criterion) + worth(right, w, y, classes, criterion) - worth(rows, w, y, classes, criterion));
      }
    }
  }
  return best;
}

const SHAPES = {
  dense: [{ levels: 40 }, { levels: 255 }, { levels: 3 }],
  sparse: [{ levels: 2, zeros: 0.9 }, { levels: 4, zeros: 0.95 }, { levels: 5, zeros: 0.8 }, { levels: 12, zeros: 0.8 }],
  mixed: [{ levels: 30 }, { levels: 4, zeros: 0.9 }, { levels: 2, zeros: 0.8 }],
  missing: [{ levels: 20, zeros: 0.3, missing: true }, { levels: 2, zeros: 0.3, missing: true }, { levels: 9 }],
} as const;

function grown(shape: keyof typeof SHAPES, classes: number, extra: Partial<TreeOptions> = {}, rows = 120, weights = mixed(rows)) {
  const x = table(rows, SHAPES[shape]);
  const random = uniforms(5);
  const target = classes === 0 ? Float64Array.from({ length: rows }, (_, i) => random() + x.bins[i]! / 9) : Int32Array.from({ length: rows }, (_, i) => Math.floor((random() + x.bins[i]! / 40) * classes) % classes);
  const grower = treeGrower(x, { ...options, classes, target, ...extra });
  return { x, target, weights, tree: grower.grow(weights, 3, 4), grower };
}

const TASKS = [[0, "gini"], [3, "gini"], [3, "entropy"]] as const;

test.each(Object.keys(SHAPES).flatMap((shape) => TASKS.flatMap(([classes, criterion]) => [1, 4].map((minLeaf) => [shape, classes, minLeaf, criterion] as const))))(
  "on %s features with %i classes and %i rows a leaf, every split is the best there is (%s)",
  (shape, classes, minLeaf, criterion) => {
    const { x, target, weights, tree } = grown(shape as keyof typeof SHAPES, classes, { minLeaf, criterion });
    const bag = Array.from(weights.keys()).filter((i) => weights[i]! > 0);
    const members = Array.from(tree.feature, () => [] as number[]);
    for (const i of bag) {
      let node = 0;
      for (;;) {
        members[node]!.push(i);
        if (tree.feature[node]! < 0) break;
        node = tree.left[node]! + (goesLeft(x, tree, node, i) ? 0 : 1);
      }
    }
    tree.feature.forEach((f, node) => {
      const rows = members[node]!;
      const best = bestGain(x, rows, weights, target, classes, minLeaf, criterion);
      if (f < 0) return expect(best).toBeLessThan(1e-9);
      const [left, right] = [members[tree.left[node]!]!, members[tree.left[node]! + 1]!];
      expect(Math.min(left.length, right.length)).toBeGreaterThanOrEqual(minLeaf);
      const gain = worth(left, weights, target, classes, criterion) + worth(right, weights, target, classes, criterion) - worth(rows, weights, target, classes, criterion);
      expect(gain).toBeCloseTo(best, 9);
    });
    expect(tree.feature.length).toBeGreaterThan(3);
  },
);

test.each(["dense", "sparse", "mixed", "missing"] as const)("random cuts on %s features separate rows, and every row finds its leaf and its sums", (shape) => {
  for (const classes of [0, 3]) {
    const { x, target, weights, tree } = grown(shape, classes, { randomCuts: true, featureShare: 0.5 });
    const width = classes === 0 ? 2 : classes;
    const sums = new Float64Array(tree.feature.length * width);
    for (let i = 0; i < x.rows; i++) {
      const at = leaf(x, tree, i);
      expect(tree.leafOf[i]).toBe(at);
      if (classes === 0) {
        sums[at * 2]! += weights[i]!;
        sums[at * 2 + 1]! += weights[i]! * target[i]!;
      } else sums[at * width + target[i]!]! += weights[i]!;
    }
    tree.feature.forEach((f, node) => {
      if (f >= 0) return;
      for (let k = 0; k < width; k++) expect(tree.sums[node * width + k]).toBeCloseTo(sums[node * width + k]!, 12);
    });
  }
});

test.each([0, 3])("row storage of mostly-zero features gives the tree that column storage gives (%i classes)", (classes) => {
  const rows = 300;
  const stored = table(rows, [{ levels: 4, zeros: 0.9 }, { levels: 2, zeros: 0.9 }, { levels: 5, zeros: 0.85 }]);
  // A feature said to have more bins than it uses is kept by columns.
  const byColumns = { ...stored, binCount: Int32Array.of(40, 40, 40) };
  const target = classes === 0 ? Float64Array.from({ length: rows }, (_, i) => (i * 7) % 64) : Int32Array.from({ length: rows }, (_, i) => (i * 7) % 3);
  const [a, b] = [stored, byColumns].map((x) => treeGrower(x, { ...options, classes, target }).grow(ones(rows), 1, 2)) as [GrownTree, GrownTree];
  const signature = (tree: GrownTree) => Array.from(tree.leafOf, (l) => Array.from(tree.sums.subarray(l * 2, l * 2 + 2)).join());
  expect(signature(a)).toEqual(signature(b));
});

test("a seed gives one tree, another seed another, and a grower keeps nothing from tree to tree but its gains", () => {
  const { x, target, grower } = grown("mixed", 0, { featureShare: 0.4, randomCuts: true });
  const again = treeGrower(x, { ...options, target, featureShare: 0.4, randomCuts: true });
  again.grow(ones(x.rows), 9, 9);
  expect(again.grow(mixed(x.rows), 3, 4)).toEqual(grower.grow(mixed(x.rows), 3, 4));
  expect(again.grow(mixed(x.rows), 3, 5)).not.toEqual(grower.grow(mixed(x.rows), 3, 4));
  expect(again.gains().every((g) => g >= 0)).toBe(true);
});

test("depth is limited, a constant target stays one leaf, and one row is a tree", () => {
  expect(grown("dense", 0, { maxDepth: 1 }).tree.feature).toHaveLength(3);
  const x = table(50, SHAPES.dense);
  expect(treeGrower(x, { ...options, target: new Float64Array(50).fill(2) }).grow(ones(50), 0, 0).feature).toEqual(Int32Array.of(-1));
  const one = table(1, SHAPES.mixed);
  expect(treeGrower(one, { ...options, target: Float64Array.of(3) }).grow(ones(1), 0, 0).sums).toEqual(Float64Array.of(1, 3));
});

test("plain histograms equal loops", () => {
  const x = table(200, SHAPES.mixed);
  const [values, weights, codes] = [Float64Array.from({ length: 200 }, (_, i) => i % 13), mixed(200), Int32Array.from({ length: 200 }, (_, i) => i % 3)];
  const list = Int32Array.from({ length: 90 }, (_, i) => 2 * i);
  const sums = histogramRegression({ ...x, list, values, weights });
  const classes = histogramClasses({ ...x, list, codes, weights, classes: 3 });
  const slow = [new Float64Array(sums.length), new Float64Array(classes.length)] as const;
  for (let f = 0; f < 3; f++) {
    for (const i of list) {
      const bin = f * 256 + x.bins[f * 200 + i]!;
      slow[0][2 * bin]! += values[i]!;
      slow[0][2 * bin + 1]! += weights[i]!;
      slow[1][3 * bin + codes[i]!]! += weights[i]!;
    }
  }
  expect([sums, classes]).toEqual(slow);
});

test("tables whose sizes disagree are refused", () => {
  const x = table(10, SHAPES.dense);
  expect(() => treeGrower({ ...x, rows: 11 }, { ...options, target: new Float64Array(11) })).toThrow("binned table: 30 bins — 3 features of 11 rows need 33");
  expect(() => treeGrower(x, { ...options, target: new Float64Array(9) })).toThrow("target: 9 values — there are 10 rows");
});
