/* Tree growing and histograms: the answer checked against plain loops, then milliseconds a tree. Run: node packages/kernels/bench/trees.bench.ts */
import { histogramRegression, treeGrower } from "../src/index.ts";
import type { BinnedTable } from "../src/index.ts";

let state = 12345;
const random = (): number => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};

/** Dense features of 255 bins, sparse ones that are mostly 0. */
function table(rows: number, dense: number, sparse: number): BinnedTable {
  const features = dense + sparse;
  const bins = new Uint8Array(rows * features);
  for (let i = 0; i < dense * rows; i++) bins[i] = Math.floor(random() * 255);
  for (let i = dense * rows; i < bins.length; i++) bins[i] = random() < 0.025 ? 1 + Math.floor(random() * 3) : 0;
  const binCount = Int32Array.from({ length: features }, (_, f) => (f < dense ? 255 : 4));
  return { rows, features, bins, binCount, missing: new Uint8Array(features) };
}

function target({ rows, bins, features }: BinnedTable): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => {
    let y = random();
    for (let f = 0; f < Math.min(features, 20); f++) y += bins[f * rows + i]! / 255 / (1 + f);
    return y;
  });
}

function poissonWeights(rows: number): Float64Array {
  return Float64Array.from({ length: rows }, () => {
    let [k, p, u] = [0, Math.exp(-1), random()];
    while (u > p) {
      u -= p;
      p /= ++k;
    }
    return k;
  });
}

const small = table(500, 5, 5);
const values = target(small);
const sums = histogramRegression({ bins: small.bins, rows: 500, features: 10, values });
for (const [f, b] of [[0, 17], [7, 0], [9, 2]] as const) {
  let by = 0;
  for (let i = 0; i < 500; i++) if (small.bins[f * 500 + i] === b) by += values[i]!;
  if (sums[(f * 256 + b) * 2] !== by) throw new Error(`histogram of feature ${f}, bin ${b}: ${sums[(f * 256 + b) * 2]}, by hand ${by}`);
}
for (const [name, rows, dense, sparse, share, randomCuts] of [
  ["10,000 × 290 dense, a third", 10_000, 290, 0, 1 / 3, false],
  ["10,000 × 290 dense, random cuts", 10_000, 290, 0, 1 / 3, true],
  ["1,500 × (60 dense + 2,040 sparse), a third", 1500, 60, 2040, 1 / 3, false],
] as const) {
  const x = table(rows, dense, sparse);
  const grower = treeGrower(x, { target: target(x), classes: 0, featureShare: share, minLeaf: 1, maxDepth: 64, randomCuts });
  grower.grow(poissonWeights(rows), 1, 1);
  const start = performance.now();
  let nodes = 0;
  for (let t = 0; t < 10; t++) nodes += grower.grow(poissonWeights(rows), 1, t).feature.length;
  console.log(`${name.padEnd(46)} ${((performance.now() - start) / 10).toFixed(1).padStart(7)} ms a tree, ${nodes / 10} nodes`);
}
