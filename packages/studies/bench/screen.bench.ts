/*
 * How fast whole ternary diagrams are gone over: all 80,601 points of one at 0.25 at.%, described with 290 descriptors
 * and predicted by a forest of 200 trees learnt from the real table of quasicrystals. The answer is checked first:
 * points asked in another block and by other workers have the same bits, and the known phases are found.
 * Run: node packages/studies/bench/screen.bench.ts
 */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quiet } from "@tatara/engine/base";
import { simplexGrid } from "@tatara/engine/numeric";
import { openScreening } from "@tatara/studies/executors";
import { readModel } from "@tatara/studies/tasks";
import { parseTarget } from "@tatara/engine/design";
import { hypermaterials, runPlain } from "./common.ts";

const DIVISIONS = 400;
const PARTS = ["Al", "Cu", "Fe"];
const REPEATS = 3;

const folder = mkdtempSync(join(tmpdir(), "tatara-screen-"));
const summary = await runPlain({
  study: "fit",
  name: "phases",
  domain: "composition",
  data: { table: hypermaterials(folder), group: "system", properties: { phase: { column: "label", kind: "class" } } },
  represent: ["statistics"],
  learn: { model: "forest", options: { trees: 200 }, split: "group", folds: 5 },
});
const { record } = await readModel(join(summary.path, "model.json"));
const [output] = record.outputs;
const targets = [parseTarget("phase", "QC | AC", output!.kind === "category" ? output!.levels : [])];
const grid = simplexGrid(3, DIVISIONS);
const amounts = Float64Array.from(grid.counts, (n) => n * (100 / DIVISIONS));

let first: Float32Array | undefined;
for (const workers of [1, 2]) {
  const crew = openScreening({ domain: "composition", descriptors: ["statistics"], record, targets, constraints: {} }, workers);
  // The workers read the model, and the compiler has seen the code.
  await Promise.all(Array.from({ length: workers }, () => crew.ask({ parts: PARTS, amounts: amounts.slice(0, 6000), judge: false }, quiet)));
  const seconds: number[] = [];
  for (let r = 0; r < REPEATS; r++) {
    const started = performance.now();
    const { probability } = await crew.ask({ parts: PARTS, amounts, judge: false }, quiet);
    seconds.push((performance.now() - started) / 1000);
    first ??= probability;
    if (probability.some((p, i) => !Object.is(p, first![i]))) throw new Error(`${workers} workers answer otherwise — answers do not depend on the number of workers`);
  }
  await crew.close();
  const middle = seconds.sort((a, b) => a - b)[REPEATS >> 1]!;
  console.log(`${workers} ${workers === 1 ? "worker" : "workers"}: ${grid.points} points of ${PARTS.join("-")} in ${middle.toFixed(2)} s, ${Math.round(grid.points / middle)} points/s (${seconds.map((s) => s.toFixed(2)).join(", ")} s)`);
}
const best = first!.reduce((at, p, i) => (p > first![at]! ? i : at), 0);
console.log(`likeliest: ${PARTS.map((part, k) => part + (grid.counts[best * 3 + k]! * 100) / DIVISIONS).join("")}, ${(100 * first![best]!).toFixed(0)} % QC or AC`);
