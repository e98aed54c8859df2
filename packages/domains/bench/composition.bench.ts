/*
 * How many compositions a minute: reading formulas, the 290 statistics, both together as `describe` does, and the
 * inversion of kernel means. Rates are per CPU-minute of one thread; two threads do twice as many.
 * Run: node packages/domains/bench/composition.bench.ts [compositions]
 * The answer is checked first against the defining formula.
 */
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { key, stream } from "@tatara/engine/base";
import { composition, invertKernelMean, kernelMean, readFormula, rowsOf, writeStatistics, type Composition } from "../src/composition/index.ts";
import { elementTable, elementValue } from "../src/elements/table.ts";

const SOURCE = new URL("../../../../shared/data/inorg-matbench/mp_gap.csv.gz", import.meta.url);
const ROUNDS = 3;
const wanted = Number(process.argv[2] ?? 50_000);

function drawn(n: number): readonly string[] {
  const rng = stream(key(1));
  return Array.from({ length: n }, () => Array.from({ length: 3 }, (_, i) => `${elementTable.symbols[30 * i + rng.below(30)]}${1 + rng.below(60)}`).join(""));
}

const found = existsSync(SOURCE);
const lines = found ? gunzipSync(readFileSync(SOURCE)).toString("utf8").split("\n").slice(1).map((line) => line.split(",")[0]!).filter((text) => text !== "").slice(0, wanted) : drawn(wanted);
if (!found) console.log("shared data absent: random ternaries are used");

const domain = composition();
const [statistics, kmd] = [domain.descriptors["statistics"]!, domain.descriptors["kmd"]!];
const row = new Float64Array(statistics.features.length);

statistics.write(domain.codec.parse("Fe2O3"), row);
const expected = (2 * elementValue(elementTable, "Fe", "en_pauling") + 3 * elementValue(elementTable, "O", "en_pauling")) / 5;
const at = statistics.features.findIndex(({ name }) => name === "ave:en_pauling");
if (Math.abs(row[at]! - expected) > 1e-12) throw new Error(`ave:en_pauling of Fe2O3: ${row[at]} — expected ${expected}`);

/** Best rate over the rounds, per CPU-minute of this process: other work on the machine disturbs it less than the clock. */
function rate(work: () => void, n: number): number {
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    best = Math.max(best, (60e6 * n) / (user + system));
  }
  return best;
}

const materials: readonly Composition[] = lines.map((line) => domain.codec.parse(line));
const rows = rowsOf(elementTable);
const kernel = kernelMean(elementTable);
const means = materials.slice(0, 60).map((s) => {
  const mean = new Float64Array(kmd.features.length);
  kmd.write(s, mean);
  return mean;
});

/** Every point of a ternary at 0.25 at.% without the corners' single elements, without texts. */
function ternary(): number {
  let n = 0;
  const fractions = new Float64Array(3);
  for (let a = 0; a <= 400; a++)
    for (let b = 0; b <= 400 - a; b++) {
      fractions.set([a / 400, b / 400, (400 - a - b) / 400]);
      writeStatistics(rows, [13, 29, 26], fractions, fractions, row);
      n++;
    }
  return n;
}

const table: readonly (readonly [string, number])[] = [
  ["read a formula", rate(() => lines.forEach((line) => readFormula(line)), lines.length)],
  ["read, canonical text", rate(() => lines.forEach((line) => domain.codec.parse(line)), lines.length)],
  ["290 statistics", rate(() => materials.forEach((s) => statistics.write(s, row)), materials.length)],
  ["read and describe (290)", rate(() => lines.forEach((line) => statistics.write(domain.codec.parse(line), row)), lines.length)],
  ["points of a ternary grid (290)", rate(ternary, 80_601)],
  ["alloy", rate(() => materials.forEach((s) => domain.descriptors["alloy"]!.write(s, row.subarray(0, domain.descriptors["alloy"]!.features.length))), materials.length)],
  ["ionic", rate(() => lines.slice(0, 5000).forEach((line) => domain.descriptors["ionic"]!.write(domain.codec.parse(line), row.subarray(0, domain.descriptors["ionic"]!.features.length))), Math.min(5000, lines.length))],
  ["kernel means (1160)", rate(() => materials.slice(0, 5000).forEach((s) => kmd.write(s, means[0]!)), Math.min(5000, materials.length))],
  ["invert a kernel mean", rate(() => means.slice(1).forEach((mean) => invertKernelMean(kernel, mean)), means.length - 1)],
];
console.log(`${lines.length} compositions; thousands per CPU-minute, best of ${ROUNDS}`);
for (const [what, perMinute] of table) console.log(`${what.padEnd(34)} ${(perMinute / 1000).toLocaleString("en", { maximumFractionDigits: 1 }).padStart(10)}`);
