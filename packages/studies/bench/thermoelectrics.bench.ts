/*
 * Inverse design of thermoelectrics at one temperature with the relation zT = S² σ T / κ kept in every prediction, on 5,205
 * measurements of the literature (ESTM, Na & Chang, doi 10.1038/s41524-022-00897-2).
 *
 *   node packages/studies/bench/thermoelectrics.bench.ts [--temperature 300] [--target 0.6] [--quick] [--seed n]
 *
 * 1. How well the table's own ZT keeps the relation.
 * 2. S, σ, κ and zT with whole chemical systems left out; zT both ways, from its parts and learnt directly, on the same
 *    folds, with intervals from a bootstrap over systems.
 * 3. A design for zT above the target without toxic elements, each candidate with its flag, and the relation checked in all.
 * 4. The posterior of zT above half the target (high values are too few to divide), from one half of the systems, judged by
 *    a forest that learns zT directly from the other half.
 */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "csv-parse/sync";
import { compositionCodec, systemOf } from "@tatara/domains/composition";
import { fold, key, permutation } from "@tatara/engine/base";
import { normalCdf } from "@tatara/engine/numeric";
import { groupBootstrap } from "@tatara/engine/prob";
import { csvText } from "@tatara/studies/tables";
import { loadStudy, predictTable, runStudy } from "@tatara/studies/tasks";
import { realData, runPlain, talkative } from "./common.ts";

const { values } = parseArgs({ options: { temperature: { type: "string", default: "300" }, target: { type: "string", default: "0.6" }, seed: { type: "string", default: "1" }, quick: { type: "boolean", default: false } } });
const [kelvin, wanted, seed] = [Number(values.temperature), Number(values.target), Number(values.seed)];
const WINDOW = 20;
const table = realData("inorg-thermoelectrics/estm.csv");
const folder = mkdtempSync(join(tmpdir(), "tatara-thermoelectrics-"));

const records = parse<Record<string, string>>(readFileSync(table), { columns: true });
const column = (start: string) => Object.keys(records[0]!).find((name) => name.startsWith(start))!;
const number = (row: Record<string, string>, start: string) => Number(row[column(start)]);
const here = records.filter((row) => Math.abs(number(row, "temperature") - kelvin) <= WINDOW);
const given = here.map((row) => Math.abs(((number(row, "seebeck") * 1e-6) ** 2 * number(row, "electrical") * number(row, "temperature")) / number(row, "thermal") / number(row, "ZT") - 1));
const far = (limit: number) => given.filter((v) => v > limit).length;
console.log(`1. ${records.length} rows, ${here.length} of them at ${kelvin} ± ${WINDOW} K; the table's own ZT is more than 1 % off S² σ T / κ in ${far(0.01)}, more than 10 % in ${far(0.1)}`);

const PARTS = {
  seebeck: { column: "seebeck_coefficient", unit: "µV/K", scale: "log", magnitude: true },
  conductivity: { column: "electrical_conductivity", unit: "S/m", scale: "log" },
  kappa: { column: column("thermal"), unit: "W/(m K)", scale: "log" },
};
const common = {
  domain: "composition",
  seed,
  represent: ["fraction-statistics", "fractions"],
  learn: { model: "extra-trees", split: "group", folds: 5, options: { trees: values.quick ? 50 : 200 } },
};
const data = (path: string) => ({ table: path, structure: "Formula", group: "system", where: { temperature: `${kelvin - WINDOW} .. ${kelvin + WINDOW} K` } });
const study = (name: string, path: string) => ({
  study: "invert",
  name,
  ...common,
  data: { ...data(path), properties: { ...PARTS, zT: { formula: `seebeck^2 * conductivity * ${kelvin} K / kappa`, column: "ZT", unit: "1" } } },
  target: { zT: `>= ${wanted}` },
  constraints: { max_elements: 5, forbid: ["Pb", "Tl", "Cd", "As", "Hg"] },
  generate: { particles: values.quick ? 200 : 1000, power: 4 },
});
const direct = (name: string, path: string, model = "extra-trees") => ({ study: "fit", name, ...common, learn: { ...common.learn, model }, data: { ...data(path), properties: { zT: { column: "ZT", unit: "1", scale: "log" } } } });

interface Scored {
  readonly name: string;
  readonly r2: number;
  readonly coverage: number;
  readonly nll: number;
  readonly decades: { readonly r2: number; readonly mae: number; readonly rmse: number };
  readonly points: { readonly row: readonly number[]; readonly measured: readonly number[]; readonly mean: readonly number[] };
}
const validationOf = (path: string) => JSON.parse(readFileSync(join(path, "validation.json"), "utf8")) as { readonly properties: readonly Scored[]; readonly materials: readonly string[] };
const candidatesOf = (path: string) => parse<Record<string, string>>(readFileSync(join(path, "candidates.csv")), { columns: true });
const share = (part: number, all: number) => `${part} of ${all} (${((100 * part) / Math.max(1, all)).toFixed(0)} %)`;

console.log(`\n2. and 3. design for zT >= ${wanted} at ${kelvin} K`);
const designed = await runPlain(study("thermoelectrics", table));
const one = await runPlain(direct("zT-direct", table), { silent: true });
const [derived, alone] = [validationOf(designed.path), validationOf(one.path)];
const print = (what: string, { r2, coverage, nll, decades }: Scored) => console.log(`  ${what.padEnd(24)} R² ${r2.toFixed(3)}, of the logarithm ${decades.r2.toFixed(3)}; RMSE a factor of ${(10 ** decades.rmse).toFixed(2)}, MAE ${(10 ** decades.mae).toFixed(2)}; coverage of the 90 % band ${(100 * coverage).toFixed(1)} %; NLL ${nll.toFixed(3)}`);
for (const p of derived.properties) print(p.name === "zT" ? "zT from its parts" : p.name, p);
print("zT learnt directly", alone.properties[0]!);

const [byParts, byItself] = [derived.properties.find((p) => p.name === "zT")!, alone.properties[0]!];
const other = new Map(byItself.points.row.map((row, i) => [alone.materials[row]!, i]));
const pairs = byParts.points.row.flatMap((row, i) => {
  const formula = derived.materials[row]!;
  const j = other.get(formula);
  const error = ({ points }: Scored, at: number) => Math.log10(points.mean[at]! / points.measured[at]!) ** 2;
  return j === undefined ? [] : [{ system: systemOf(compositionCodec.parse(formula)), better: error(byItself, j) - error(byParts, i) }];
});
const { gain } = groupBootstrap(key(seed), pairs.map((p) => p.system), (weights) => ({ gain: pairs.reduce((sum, p, i) => sum + weights[i]! * p.better, 0) / weights.reduce((a, b) => a + b, 0) }));
console.log(`  squared error of log10 zT, learnt directly minus from the parts, on ${pairs.length} formulas of ${new Set(pairs.map((p) => p.system)).size} systems: ${gain.estimate.toFixed(3)} (95 % interval ${gain.low.toFixed(3)} … ${gain.high.toFixed(3)}; above zero the parts are better)`);

const list = candidatesOf(designed.path);
const off = list.map((c) => Math.abs(((Number(c["seebeck_mean"]) * 1e-6) ** 2 * Number(c["conductivity_mean"]) * kelvin) / Number(c["kappa_mean"]) / Number(c["zT_mean"]) - 1));
console.log(`  the relation holds in all ${list.length} candidates to ${Math.max(...off).toExponential(1)}`);
console.log(`  ${share(list.filter((c) => c["in_domain"] === "true").length, list.length)} in the domain, ${share(list.filter((c) => c["novel"] === "true").length, list.length)} novel; every novel one of the first 25, then every tenth:`);
for (const c of list.filter((c) => c["novel"] === "true").filter((_, i) => i < 25 || i % 10 === 0)) console.log(`    ${c["rank"]!.padStart(4)}  ${(100 * Number(c["probability"])).toFixed(0).padStart(3)} %  zT ${Number(c["zT_mean"]).toFixed(2)} (${Number(c["zT_lower"]).toFixed(2)} … ${Number(c["zT_upper"]).toFixed(2)}), |S| ${Number(c["seebeck_mean"]).toFixed(0)} µV/K, σ ${(Number(c["conductivity_mean"]) / 100).toFixed(0)} S/cm, κ ${Number(c["kappa_mean"]).toFixed(2)} W/(m K)  ${c["in_domain"] === "true" ? "in domain" : "outside  "}  ${c["structure"]}   [${c["nearest"]}, ${Number(c["nearest_similarity"]).toFixed(3)}]`);

console.log("\n4. design from one half of the systems, judged by the other half");
const systemAt = here.map((row) => systemOf(compositionCodec.parse(row["Formula"]!)));
const systems = [...new Set(systemAt)].sort();
const order = permutation(fold(key(seed), "halves"), systems.length);
const first = new Set(Array.from(order).slice(0, systems.length >> 1).map((i) => systems[i]!));
const half = (name: string, mine: boolean) => {
  const path = join(folder, `${name}.csv`);
  writeFileSync(path, csvText(Object.keys(records[0]!), here.filter((_, i) => first.has(systemAt[i]!) === mine).map((row) => Object.values(row))));
  return path;
};
const lower = wanted / 2;
const plain = study("thermoelectrics-half", half("own", true));
const byHalf = await runPlain({ ...plain, target: { zT: `>= ${lower}` }, generate: { ...plain.generate, power: 1 } });
const judgeStudy = join(folder, "judge.yaml");
writeFileSync(judgeStudy, JSON.stringify(direct("judge", half("other", false), "forest")));
const judge = await runStudy(await loadStudy(judgeStudy), { out: join(folder, "judge"), verify: false, say: () => {} }, talkative());
console.log(judge.lines.map((line) => `  judge: ${line}`).join("\n"));
const answer = await predictTable(join(judge.path, "model.json"), join(byHalf.path, "candidates.csv"), { structure: "structure" }, talkative());
const judged = parse<Record<string, string>>(answer.text, { columns: true });
const seen = judged.map((row) => Number(row["zT_mean_2"])).sort((a, b) => a - b);
const hits = seen.filter((z) => z >= lower).length;
/** The judge's own probability, a log-normal through its 90 % band. */
const probability = (row: Record<string, string>) => {
  const logs = ["zT_mean_2", "zT_lower_2", "zT_upper_2"].map((name) => Math.log(Number(row[name]))) as [number, number, number];
  return normalCdf(((logs[0] - Math.log(lower)) * 2 * 1.645) / (logs[2] - logs[1]));
};
const expected = judged.reduce((sum, row) => sum + probability(row), 0);
const own = candidatesOf(byHalf.path).map((c) => Number(c["zT_mean"])).sort((a, b) => a - b);
const base = here.filter((_, i) => !first.has(systemAt[i]!)).map((row) => number(row, "ZT")).sort((a, b) => a - b);
console.log(`  a forest on the other half puts ${share(hits, seen.length)} at ${lower} or more by its central values, ${share(Math.round(expected), seen.length)} by its probabilities (base rate of its data ${share(base.filter((z) => z >= lower).length, base.length)}); its median is ${seen[seen.length >> 1]?.toFixed(2)}, the design's ${own[own.length >> 1]?.toFixed(2)}, that of the other half's measurements ${base[base.length >> 1]!.toFixed(2)}`);
