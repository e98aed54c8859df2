import { expect, test } from "vitest";
import { booster } from "../src/index.ts";
import type { BoostedTree, BoostOptions, BoostTable } from "../src/index.ts";

/** Reproducible uniform numbers (a linear congruential generator). */
function uniforms(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

interface Spec {
  readonly levels: number;
  /** Part of the rows in bin 1. */
  readonly common?: number;
  readonly missing?: boolean;
  readonly category?: boolean;
}

function table(rows: number, specs: readonly Spec[], seed = 1): BoostTable {
  const random = uniforms(seed);
  const bins = Uint8Array.from({ length: rows * specs.length }, (_, at) => {
    const { levels, common = 0 } = specs[Math.floor(at / rows)]!;
    return random() < common ? 1 : Math.floor(random() * levels);
  });
  return { rows, features: specs.length, bins, binCount: Int32Array.from(specs, (s) => s.levels), missing: Uint8Array.from(specs, (s) => (s.missing ? 1 : 0)), category: Uint8Array.from(specs, (s) => (s.category ? 1 : 0)) };
}

const SPECS: readonly Spec[] = [{ levels: 7 }, { levels: 256 }, { levels: 6, missing: true }, { levels: 4, common: 0.85 }, { levels: 9, common: 0.9, missing: true }, { levels: 5, category: true }, { levels: 2 }];
const options: BoostOptions = { maxLeaves: 8, maxDepth: 64, minLeaf: 3, minHessian: 0, l2: 1.5 };

const goesLeft = (x: BoostTable, tree: BoostedTree, node: number, row: number): boolean => {
  const f = tree.feature[node]!;
  const bin = x.bins[f * x.rows + row]!;
  if (x.category?.[f] === 1) return ((tree.sets[8 * node + (bin >> 5)]! >>> (bin & 31)) & 1) === 1;
  return bin === 0 && x.missing[f] === 1 ? tree.missingLeft[node] === 1 : bin <= tree.cut[node]!;
};

function leafOf(x: BoostTable, tree: BoostedTree, row: number): number {
  let node = 0;
  while (tree.feature[node]! >= 0) node = tree.left[node]! + (goesLeft(x, tree, node, row) ? 0 : 1);
  return node;
}

const sum = (rows: readonly number[], values: ArrayLike<number>): number => rows.reduce((s, i) => s + values[i]!, 0);
const worth = (rows: readonly number[], g: Float64Array, h: ArrayLike<number>, l2: number): number => (rows.length === 0 ? 0 : sum(rows, g) ** 2 / (sum(rows, h) + l2));

/** Every way to part some rows by one feature: cuts with missing values on either side, or all subsets of categories. */
function parts(x: BoostTable, f: number, rows: readonly number[]): readonly (readonly number[])[] {
  const bin = (i: number) => x.bins[f * x.rows + i]!;
  const bins = x.binCount[f]!;
  if (x.category?.[f] === 1) return Array.from({ length: 2 ** bins }, (_, set) => rows.filter((i) => (set >> bin(i)) & 1));
  return Array.from({ length: bins }, (_, cut) => cut).flatMap((cut) =>
    x.missing[f] === 1 ? [true, false].map((left) => rows.filter((i) => (bin(i) === 0 ? left : bin(i) <= cut))) : [rows.filter((i) => bin(i) <= cut)],
  );
}

function bestGain(x: BoostTable, rows: readonly number[], g: Float64Array, h: ArrayLike<number>, { minLeaf, l2 }: BoostOptions): number {
  let best = 0;
  for (let f = 0; f < x.features; f++)
    for (const left of parts(x, f, rows)) {
      const inside = new Set(left);
      const right = rows.filter((i) => !inside.has(i));
      if (left.length < minLeaf || right.length < minLeaf) continue;
      best = Math.max(best, worth(left, g, h, l2) + worth(right, g, h, l2) - worth(rows, g, h, l2));
    }
  return best;
}

const gradients = (rows: number): Float64Array => Float64Array.from({ length: rows }, uniforms(5)).map((u, i) => u - 0.5 + ((i * 7) % 5) / 10);

test.each([
  ["equal Hessians", false],
  ["Hessians of their own", true],
])("every cut is the best of all cuts of its node, and the leaf parted is the one that gains most: %s", (_, own) => {
  const x = table(120, SPECS);
  const made = booster(x, options);
  const rows = Int32Array.from({ length: 120 }, (_, i) => i);
  const g = gradients(120);
  const h = Float64Array.from(g, (_, i) => (own ? 0.5 + (i % 4) / 4 : 1));
  made.gradient.set(g);
  made.hessian.set(h);
  const tree = made.grow({ rows, ...(own ? {} : { equalHessian: 1 }) });
  const members = new Map<number, number[]>([[0, [...rows]]]);
  const open = new Set([0]);
  const gainOf = new Map<number, number>();
  expect(tree.feature.filter((f) => f < 0).length).toBe(8);
  // Nodes were made in the order of their parents' gains.
  const parents = Array.from(tree.feature.keys()).filter((node) => tree.feature[node]! >= 0).sort((a, b) => tree.left[a]! - tree.left[b]!);
  for (const node of parents) {
    for (const leaf of open) if (!gainOf.has(leaf)) gainOf.set(leaf, bestGain(x, members.get(leaf)!, g, h, options));
    const best = Math.max(...[...open].map((leaf) => gainOf.get(leaf)!));
    // Gradients are rounded to some 2⁻³⁰ of the largest.
    const category = x.category![tree.feature[node]!] === 1;
    if (!category) expect(tree.gain[node]! / best).toBeCloseTo(1, 6);
    const own = members.get(node)!;
    members.set(tree.left[node]!, own.filter((i) => goesLeft(x, tree, node, i)));
    members.set(tree.left[node]! + 1, own.filter((i) => !goesLeft(x, tree, node, i)));
    expect(worth(members.get(tree.left[node]!)!, g, h, 1.5) + worth(members.get(tree.left[node]! + 1)!, g, h, 1.5) - worth(own, g, h, 1.5)).toBeCloseTo(tree.gain[node]!, 6);
    open.delete(node);
    open.add(tree.left[node]!).add(tree.left[node]! + 1);
  }
  for (const leaf of open) expect(members.get(leaf)!.length).toBeGreaterThanOrEqual(3);
  for (let i = 0; i < 120; i++) expect(tree.leafOf[i]).toBe(leafOf(x, tree, i));
});

test("a category is parted by the best of all subsets, where no category is rare", () => {
  const x = table(400, [{ levels: 8, category: true }], 9);
  const g = Float64Array.from({ length: 400 }, (_, i) => Math.sin(3 * x.bins[i]!) + 0.01 * ((i % 7) - 3));
  const made = booster(x, { ...options, maxLeaves: 2, l2: 0 });
  made.gradient.set(g);
  const rows = Int32Array.from({ length: 400 }, (_, i) => i);
  const tree = made.grow({ rows, equalHessian: 1 });
  expect(tree.gain[0]! / bestGain(x, [...rows], g, g.map(() => 1), { ...options, l2: 0 })).toBeCloseTo(1, 6);
});

test("the order of the rows of a sample changes nothing, to the last bit", () => {
  const x = table(300, SPECS, 3);
  const made = booster(x, options);
  const g = gradients(300);
  made.gradient.set(g);
  made.hessian.set(g.map((v) => 0.3 + v * v));
  const rows = Int32Array.from({ length: 300 }, (_, i) => i);
  const one = made.grow({ rows });
  const other = made.grow({ rows: rows.map((_, i) => (i * 7) % 300) });
  expect(other).toEqual(one);
});

test("rows outside the sample change nothing and are led to their leaves", () => {
  const x = table(200, SPECS, 4);
  const made = booster(x, options);
  const g = gradients(200);
  const half = Int32Array.from({ length: 100 }, (_, i) => 2 * i);
  made.gradient.set(g);
  const one = made.grow({ rows: half, equalHessian: 1 });
  made.gradient.set(g.map((v, i) => (i % 2 ? 0.1 : v)));
  const other = made.grow({ rows: half, equalHessian: 1 });
  expect(other.feature).toEqual(one.feature);
  for (let i = 0; i < 200; i++) expect(one.leafOf[i]).toBe(leafOf(x, one, i));
});

test("only the features asked for are cut, and of two equal ones the first", () => {
  const plain = table(150, [{ levels: 30 }, { levels: 30 }], 6);
  const twice: BoostTable = { ...plain, bins: Uint8Array.of(...plain.bins.subarray(150), ...plain.bins.subarray(150)) };
  const g = Float64Array.from({ length: 150 }, (_, i) => twice.bins[i]! - 15);
  const rows = Int32Array.from({ length: 150 }, (_, i) => i);
  const made = booster(twice, options);
  made.gradient.set(g);
  expect(made.grow({ rows, equalHessian: 1 }).feature.every((f) => f < 1)).toBe(true);
  expect(made.grow({ rows, equalHessian: 1, features: Int32Array.of(1) }).feature.every((f) => f === 1 || f === -1)).toBe(true);
});

test("a monotone feature is not cut the wrong way", () => {
  const x = table(200, [{ levels: 20 }], 8);
  // The value of a leaf is −G / H: gradients that rise with the bin are predictions that fall.
  const g = Float64Array.from({ length: 200 }, (_, i) => x.bins[i]! - 9.5);
  const rows = Int32Array.from({ length: 200 }, (_, i) => i);
  for (const [direction, nodes] of [[1, 1], [-1, 15]] as const) {
    const made = booster(x, { ...options, monotone: Int8Array.of(direction) });
    made.gradient.set(g);
    expect(made.grow({ rows, equalHessian: 1 }).feature.length).toBe(nodes);
  }
});

test("gradients that are all equal, or nearly none, or huge, leave one leaf or part as others do", () => {
  const x = table(100, [{ levels: 10 }], 2);
  const rows = Int32Array.from({ length: 100 }, (_, i) => i);
  const made = booster(x, { ...options, l2: 0 });
  made.gradient.fill(0.1);
  expect(made.grow({ rows, equalHessian: 1 }).feature.length).toBe(1);
  made.gradient.fill(0);
  expect(made.grow({ rows, equalHessian: 1 }).feature.length).toBe(1);
  const g = gradients(100);
  made.gradient.set(g);
  const usual = made.grow({ rows, equalHessian: 1 });
  for (const factor of [2 ** 200, 2 ** -200]) {
    made.gradient.set(g.map((v) => v * factor));
    expect(made.grow({ rows, equalHessian: 1 }).feature).toEqual(usual.feature);
  }
});

test("sizes that disagree are refused", () => {
  expect(() => booster({ ...table(10, [{ levels: 3 }]), binCount: new Int32Array(2) }, options)).toThrow(/2 bin counts/);
});
