/*
 * Which ABX₃ are perovskites: formulas from radii and charges beside the tolerance factors of Goldschmidt (1926) and
 * of Bartel et al. (Sci. Adv. 5, eaav0693 (2019)), tau = rX/rB − nA (nA − (rA/rB)/ln(rA/rB)), perovskite below 4.18.
 * The search sees the 460 training rows of the table alone; accuracy is told on them, on the 116 others, and on all.
 *
 *   node packages/studies/bench/perovskites.bench.ts
 */
import { readFileSync } from "node:fs";
import { key, one, parseUnit } from "@tatara/engine/base";
import { stratifiedFolds, table, type Table } from "@tatara/engine/data";
import { findFormula, formatFormula, formulaSays, type FormulaOptions } from "@tatara/engine/explain";
import { talkative, realData } from "./common.ts";

const [header, ...lines] = readFileSync(realData("inorg-perovskites/TableS1.csv"), "utf8").trim().split(/\r?\n/);
const names = header.split(",");
const cells = lines.map((line) => line.split(","));
const column = (name: string) => Float64Array.from(cells, (row) => Number(row[names.indexOf(name)]));
const isPerovskite = Int8Array.from(column("exp_label"), (label) => (label === 1 ? 1 : 0));
const inTraining = Array.from(column("is_train"), (flag) => flag === 1);
const rows = Array.from(cells.keys());
const [training, others] = [rows.filter((i) => inTraining[i]), rows.filter((i) => !inTraining[i])];

const FEATURES = [["rA", "rA (Ang)"], ["rB", "rB (Ang)"], ["rX", "rX (Ang)"], ["nA", "nA"]] as const;
const columns = FEATURES.map(([, source]) => column(source));
const x: Table = table(
  FEATURES.map(([name, source]) => ({ name, unit: source.endsWith("(Ang)") ? parseUnit("angstrom") : one, about: "" })),
  rows.map((i) => columns.map((values) => values[i])),
);

console.log(`${rows.length} ABX₃ with known structure, ${training.length} to learn from, ${others.length} others; rA, rB, rX radii (Shannon), nA charge of A. Share of right verdicts:\n`);
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const accuracy = (says: ArrayLike<number>, where: readonly number[]) => where.filter((i) => says[i] === isPerovskite[i]).length / where.length;
function print(what: string, says: ArrayLike<number>): void {
  console.log(`${what.padEnd(88)} training ${percent(accuracy(says, training))}  others ${percent(accuracy(says, others))}  all ${percent(accuracy(says, rows))}`);
}

/** The window of one descriptor that is right on most training rows. */
function bestWindow(values: Float64Array): readonly [number, number] {
  const levels = [...new Set(training.map((i) => values[i]))].toSorted((a, b) => a - b);
  let best: readonly [number, number] = [levels[0], levels.at(-1)!];
  let most = -1;
  for (const low of levels)
    for (const high of levels) {
      if (high < low) continue;
      const right = accuracy(values.map((v) => (v >= low && v <= high ? 1 : 0)), training);
      if (right > most) [most, best] = [right, [low, high]];
    }
  return best;
}

const [rA, rB, rX, nA] = columns;
const goldschmidt = rA.map((a, i) => (a + rX[i]) / (Math.SQRT2 * (rB[i] + rX[i])));
const labels = isPerovskite.map((label, i) => (inTraining[i] ? label : -1));
const alone = await findFormula(table([{ name: "t", unit: one, about: "" }], rows.map((i) => [goldschmidt[i]])), { kind: "class", labels }, { operators: [] }, talkative());
if (alone.best.kind !== "class") throw new Error("a class was asked for");
print(`Goldschmidt's t, best threshold: ${formatFormula(alone.best)}`, formulaSays(alone.best, table([{ name: "t", unit: one, about: "" }], rows.map((i) => [goldschmidt[i]]))));
const [low, high] = bestWindow(goldschmidt.map((t) => Number(t.toFixed(3))));
print(`Goldschmidt's t, best window: ${low} ≤ t ≤ ${high}`, goldschmidt.map((t) => (Number(t.toFixed(3)) >= low && Number(t.toFixed(3)) <= high ? 1 : 0)));
const tau = rX.map((r, i) => r / rB[i] - nA[i] * (nA[i] - rA[i] / rB[i] / Math.log(rA[i] / rB[i])));
print("tau = rX/rB − nA·(nA − (rA/rB)/ln(rA/rB)) < 4.18 (Bartel et al.)", tau.map((v) => (v < 4.18 ? 1 : 0)));

const settings: readonly (readonly [string, FormulaOptions])[] = [
  ["one term of + − × ÷ ln", { operators: ["+", "-", "*", "/", "ln"], rounds: 4 }],
  ["one term of + − × ÷ ln exp √ ² ³", { rounds: 4 }],
];
for (const [name, options] of settings) {
  const started = performance.now();
  const found = await findFormula(x, { kind: "class", labels }, options, talkative());
  console.log(`\n${name}, ${((performance.now() - started) / 1000).toFixed(0)} s:`);
  for (const formula of found.front) if (formula.kind === "class") print(`${String(formula.size).padStart(2)}  ${formatFormula(formula).replace(/ \(r[ABX] in .*\)$/, "")}`, formulaSays(formula, x));
}

const folds = stratifiedFolds(key(1), Int32Array.from(labels), { folds: 5 });
const started = performance.now();
const { best, front, crossValidated } = await findFormula(x, { kind: "class", labels }, { ...settings[0][1], folds }, talkative());
const { sizes } = crossValidated!;
console.log(`\nlength by five folds of the training rows (the search done again in each), ${((performance.now() - started) / 1000).toFixed(0)} s:`);
for (const { size, score, error } of sizes) console.log(`  at most ${size} operators: out-of-fold accuracy ${percent(score)} ± ${(100 * error).toFixed(1)}`);
const top = sizes.reduce((a, b) => (b.score > a.score ? b : a)).size;
for (const [what, formula] of [["within a standard error of the best", best], ["the best out of fold", front.findLast(({ size }) => size <= top)!]] as const)
  if (formula.kind === "class") print(`${what}: ${formatFormula(formula).replace(/ \(r[ABX] in .*\)$/, "")}`, formulaSays(formula, x));
const last = front.findLast(({ size }) => size <= top)!;
if (last.kind === "class") {
  const says = formulaSays(last, x);
  console.log(`the last one and tau < 4.18 give the same verdict on ${rows.filter((i) => says[i] === Number(tau[i] < 4.18)).length} of ${rows.length}`);
}
