/*
 * Gaussian process and Bayesian linear model at the size of a first study: 1,500 rows, 2,048 counts (about 50 of
 * them set) and 60 real features. Checks the answer against held-out rows and against single-row predictions
 * first. Run: node packages/engine/bench/gp.bench.ts
 */
import { quiet } from "../src/base/context.ts";
import { key, stream } from "../src/base/key.ts";
import { one } from "../src/base/unit.ts";
import type { Table } from "../src/data/types.ts";
import { fitDomain } from "../src/learn/applicability.ts";
import { linear } from "../src/learn/bayesianLinear.ts";
import { gp } from "../src/learn/gp/gp.ts";
import { takeRows } from "../src/learn/inputs.ts";

const [n, counts, reals, candidates] = [1500, 2048, 60, 4000];

/** Rows with clustered counts, as fragments come together, and a smooth target of counts and real features. */
function synthetic(rows: number): { x: Table; y: Float64Array } {
  const rng = stream(key(7));
  const cols = counts + reals;
  const data = new Float64Array(rows * cols);
  const slope = Float64Array.from({ length: cols }, () => rng.normal());
  const y = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const family = rng.below(40);
    for (let q = 0; q < 50; q++) data[i * cols + ((rng.uniform() < 0.7 ? family * 37 + rng.below(40) : Math.floor(counts * rng.uniform() ** 2)) % counts)]++;
    for (let k = 0; k < reals; k++) data[i * cols + counts + k] = rng.normal() + (family % (k + 2)) * 0.3;
    let f = 0;
    for (let k = 0; k < cols; k++) f += slope[k] * Math.min(3, data[i * cols + k]) * (k < counts ? 0.2 : k < counts + 8 ? 0.4 : 0.02);
    y[i] = f + Math.sin(data[i * cols + counts]) + 0.2 * rng.normal();
  }
  const features = Array.from({ length: cols }, (_, k) => ({ name: `f${k}`, unit: one, about: "synthetic", block: k < counts ? "counts" : "reals", ...(k < counts && { kind: "count" as const }) }));
  return { x: { rows, cols, data, features }, y };
}

const { x, y } = synthetic(n + candidates);
const train = takeRows(x, Int32Array.from({ length: n }, (_, i) => i));
const fresh = takeRows(x, Int32Array.from({ length: candidates }, (_, i) => n + i));
const targets = { rows: n, columns: [{ kind: "number" as const, name: "y", unit: one, values: y.slice(0, n) }] };
const lines: Record<string, string>[] = [];
for (const learner of [linear(), gp()]) {
  const begin = performance.now();
  const model = await learner.fit(train, targets, key(1), quiet);
  const middle = performance.now();
  const p = (await model.predict(fresh, quiet)).marginals[0];
  const end = performance.now();
  const single = (await model.predict(takeRows(fresh, Int32Array.of(17)), quiet)).marginals[0];
  if (p.kind !== "number" || single.kind !== "number") throw new Error("not numeric");
  if (single.mean[0] !== p.mean[17] || single.sd[0] !== p.sd[17]) throw new Error("a row's answer depends on its batch");
  const truth = y.slice(n);
  const centre = truth.reduce((a, b) => a + b, 0) / candidates;
  const r2 = 1 - truth.reduce((s, v, i) => s + (v - p.mean[i]) ** 2, 0) / truth.reduce((s, v) => s + (v - centre) ** 2, 0);
  if (!(r2 > 0.5)) throw new Error(`R2 on fresh rows is ${r2}`);
  lines.push({ learner: learner.id, "fit s": ((middle - begin) / 1e3).toFixed(2), "rows/s": ((candidates / (end - middle)) * 1e3).toFixed(0), R2: r2.toFixed(3) });
  if (learner.id.startsWith("gp")) {
    const oof = { kind: "number" as const, name: "y", unit: one, rows: Int32Array.from({ length: n }, (_, i) => i), fold: Int32Array.from({ length: n }, (_, i) => i % 5), y: y.slice(0, n), mean: y.slice(0, n).map((v) => v + 0.1), sd: new Float64Array(n).fill(0.1) };
    const t0 = performance.now();
    const { domain } = await fitDomain({ x: train, properties: [oof] }, key(2), quiet);
    const t1 = performance.now();
    await domain.assess(fresh, { rows: candidates, marginals: [] }, quiet);
    lines.push({ learner: "applicability", "fit s": ((t1 - t0) / 1e3).toFixed(2), "rows/s": ((candidates / (performance.now() - t1)) * 1e3).toFixed(0), R2: "" });
  }
}
console.table(lines);
