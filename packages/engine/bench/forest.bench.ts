/*
 * Seconds to fit and rows a second to predict, at the two sizes that matter: a wide dense table, and the sparse
 * counts of the shipped example. The answer is checked first: the fit must explain the smooth part of the target.
 * Run: node packages/engine/bench/forest.bench.ts
 */
import { quiet } from "../src/base/context.ts";
import { key, stream } from "../src/base/key.ts";
import { one } from "../src/base/unit.ts";
import type { Feature, Table, Targets } from "../src/data/types.ts";
import { extraTrees, forest } from "../src/learn/forest/forest.ts";

const TREES = 200;
/** Standard deviation of the target's noise. */
const NOISE = 0.3;
/** Least part of the variance that a fit must explain: chance explains none, the noise forbids about 0.9. */
const LEAST_R2 = 0.5;

interface Case {
  readonly name: string;
  readonly rows: number;
  readonly dense: number;
  readonly sparse: number;
}

function makeTable({ rows, dense, sparse }: Omit<Case, "name">, seed: number): Table {
  const rng = stream(key(seed));
  const cols = dense + sparse;
  const features: Feature[] = Array.from({ length: cols }, (_, j) => ({ name: `x${j}`, unit: one, about: "", kind: j < dense ? "real" : "count" }));
  const data = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) data[i * cols + j] = j < dense ? rng.normal() : rng.uniform() < 0.025 ? 1 + rng.below(3) : 0;
  return { rows, cols, features, data };
}

function makeTargets({ rows, cols, data }: Table, seed: number): Targets {
  const rng = stream(key(seed));
  const values = Float64Array.from({ length: rows }, (_, i) => Math.sin(data[i * cols]) + 0.5 * data[i * cols + 1] * data[i * cols + 2] + data[i * cols + 3] + NOISE * rng.normal());
  return { rows, columns: [{ kind: "number", name: "y", unit: one, values }] };
}

for (const { name, ...size } of [
  { name: "10,000 × 290 dense", rows: 10_000, dense: 290, sparse: 0 },
  { name: "1,500 × (60 dense + 2,040 counts)", rows: 1500, dense: 60, sparse: 2040 },
] satisfies Case[]) {
  const [x, test] = [makeTable(size, 1), makeTable({ ...size, rows: 4000 }, 2)];
  const [y, truth] = [makeTargets(x, 3), makeTargets(test, 4)];
  for (const learner of [forest({ trees: TREES }), extraTrees({ trees: TREES })]) {
    const start = performance.now();
    const model = await learner.fit(x, y, key(7), quiet);
    const fitted = performance.now();
    const { marginals } = await model.predict(test, quiet);
    const done = performance.now();
    const [marginal, column] = [marginals[0], truth.columns[0]];
    if (marginal.kind !== "number" || column.kind !== "number") throw new Error("a number was asked for");
    const mean = column.values.reduce((a, b) => a + b, 0) / test.rows;
    const rest = column.values.reduce((sum, v, i) => sum + (v - marginal.mean[i]) ** 2, 0);
    const r2 = 1 - rest / column.values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
    if (!(r2 > LEAST_R2)) throw new Error(`${learner.id} explains ${r2.toFixed(3)} of the variance — at least ${LEAST_R2} is there to explain`);
    console.log(`${name.padEnd(36)} ${learner.id.padEnd(24)} fit ${((fitted - start) / 1000).toFixed(2).padStart(6)} s  predict ${Math.round((4000 / (done - fitted)) * 1000).toString().padStart(7)} rows/s  R² ${r2.toFixed(3)}`);
  }
}
