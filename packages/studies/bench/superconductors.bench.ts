/*
 * Inverse design of superconductors with a critical temperature above 40 K, from compositions alone, on 16,414 formulas
 * (SuperCon as used by Stanev et al., doi 10.1038/s41524-018-0085-8; a Tc of 0 there means that none was reported).
 *
 *   node packages/studies/bench/superconductors.bench.ts [--quick] [--seed n]
 *
 * 1. A design from all rows: Tc on a logarithmic scale, learnt where it is above zero, and whether a formula
 *    superconducts at all as a class. Rows of one chemical system are kept in one fold.
 * 2. A design from one half of the chemical systems. Its candidates are judged by a model of another kind that has seen
 *    the other half only, and, where they are of systems that the design has not seen, by measurements of the other half.
 * 3. How the model of 1. fares on formulas that it was told do not superconduct, out of fold.
 */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { composition, compositionCodec, oxidationOf, systemOf } from "@tatara/domains/composition";
import { fold, key, permutation } from "@tatara/engine/base";
import { averagePrecision, rocAuc, wilsonInterval } from "@tatara/engine/prob";
import { csvText } from "@tatara/studies/tables";
import { loadStudy, predictTable, runStudy } from "@tatara/studies/tasks";
import { realData, runPlain, talkative } from "./common.ts";

const { values: { seed, quick } } = parseArgs({ options: { seed: { type: "string", default: "1" }, quick: { type: "boolean", default: false } } });
const LIMIT = 40;
/** Similarity from which a candidate counts as a known material but for doping and oxygen. */
const NEAR = 0.97;

interface Row {
  readonly formula: string;
  readonly Tc: number;
  readonly system: string;
}

const read = parse<{ name: string; Tc: string }>(gunzipSync(readFileSync(realData("inorg-superconductors/supercon_formula_tc.csv.gz"))), { columns: true }).flatMap(({ name, Tc }): Row[] => {
  try {
    return [{ formula: name, Tc: Number(Tc), system: systemOf(compositionCodec.parse(name)) }];
  } catch {
    return []; // formulas that cannot be read: a dash, an element twice
  }
});
/** Cuprates whose charges cannot balance: their oxygen was not measured, and stands as O, O1 or Oy. */
const unmeasured = ({ formula }: Row): boolean => {
  const s = compositionCodec.parse(formula);
  return s.z.includes(8) && s.z.includes(29) && !oxidationOf(s).balanced;
};
const rows = read.filter((row) => !unmeasured(row));
const folder = mkdtempSync(join(tmpdir(), "tatara-superconductors-"));
const tableOf = (name: string, of: readonly Row[]): string => {
  const path = join(folder, `${name}.csv`);
  writeFileSync(path, csvText(["formula", "Tc (K)", "superconducts"], of.map((r) => [r.formula, r.Tc > 0 ? r.Tc : "", r.Tc > 0 ? "yes" : "no"])));
  return path;
};
const share = (part: number, all: number) => `${part} of ${all} (${((100 * part) / Math.max(1, all)).toFixed(0)} %)`;
const interval = (part: number, all: number) => {
  if (all === 0) return "no interval";
  const { low, high } = wilsonInterval(part, all);
  return `95 % interval ${(100 * low).toFixed(0)} … ${(100 * high).toFixed(0)} %`;
};

const study = (name: string, table: string) => ({
  study: "invert",
  name,
  domain: "composition",
  seed: Number(seed),
  data: { table, structure: "formula", group: "system", properties: { Tc: { unit: "K", scale: "log" }, superconducts: { kind: "class" } } },
  represent: ["fraction-statistics", "fractions"],
  learn: { model: "extra-trees", split: "group", folds: quick ? 3 : 5, options: { trees: quick ? 40 : 100 } },
  target: { Tc: `> ${LIMIT} K`, superconducts: "yes" },
  constraints: { max_elements: 5, forbid: ["Pb", "Cd", "Tl", "Hg", "As"], max_cost: 100, charge_neutral: true },
  generate: { particles: quick ? 200 : 1000 },
});

/** For the reader of the list: what a solid-state chemist would call it. Nothing else depends on it. */
function family(formula: string): string {
  const has = (...symbols: string[]) => symbols.every((s) => systemOf(compositionCodec.parse(formula)).split("-").includes(s));
  if (has("Cu", "O")) return has("Bi") ? "Bi cuprates" : has("Ba") ? "123 and 124 cuprates (Ba-Cu-O)" : has("La") ? "La cuprates" : "other cuprates";
  if (has("Fe") && ["P", "S", "Se", "Te"].some((s) => has(s))) return "iron pnictides and chalcogenides";
  return has("B") ? "borides" : has("C") ? "carbides and fullerides" : has("H") ? "hydrides" : "others";
}

interface Candidate extends Readonly<Record<string, string>> {
  readonly structure: string;
}
const candidatesOf = (path: string): readonly Candidate[] => parse<Candidate>(readFileSync(join(path, "candidates.csv")), { columns: true });

console.log(`${read.length} formulas, ${read.length - rows.length} of them cuprates without a measured oxygen content, which are left out; ${rows.length} of ${new Set(rows.map((r) => r.system)).size} systems; ${rows.filter((r) => r.Tc > 0).length} with a Tc, ${rows.filter((r) => r.Tc > LIMIT).length} above ${LIMIT} K`);
console.log("\n1. design from all rows");
const all = await runPlain(study("superconductors", tableOf("all", rows)));
const candidates = candidatesOf(all.path);
const told = JSON.parse(readFileSync(join(all.path, "validation.json"), "utf8")) as { properties: readonly { kind: string; levels?: string[]; decades?: { r2: number; rmse: number }; r2?: number; rmse?: number; coverage?: number; points: { row: number[]; measured: (number | string)[]; probability?: number[][] } }[] };
const [tc, superconducts] = told.properties as [(typeof told.properties)[0], (typeof told.properties)[0]];
console.log(`  Tc, systems left out: R² ${tc.r2!.toFixed(3)} (${tc.decades!.r2.toFixed(3)} of the logarithm), RMSE ${tc.rmse!.toFixed(1)} K (a factor of ${(10 ** tc.decades!.rmse).toFixed(2)}), coverage of the 90 % band ${(100 * tc.coverage!).toFixed(1)} %`);
const yes = superconducts.levels!.indexOf("yes");
const p = Float64Array.from(superconducts.points.probability!, (row) => row[yes]!);
const truth = Float64Array.from(superconducts.points.measured, (label) => Number(label === "yes"));
console.log(`  superconducts, systems left out: area under the ROC curve ${rocAuc(truth, p).toFixed(3)}; average precision of "no reported Tc" ${averagePrecision(truth.map((t) => 1 - t), p.map((v) => 1 - v)).toFixed(3)} (base rate ${(truth.filter((t) => t === 0).length / truth.length).toFixed(3)})`);

const families = new Map<string, Candidate[]>();
for (const c of candidates) families.set(family(c.structure), [...(families.get(family(c.structure)) ?? []), c]);
for (const [name, list] of [...families].toSorted((a, b) => b[1].length - a[1].length)) {
  const near = list.filter((c) => c["novel"] === "true" && Number(c["nearest_similarity"]) >= NEAR).length;
  console.log(`  ${name}: ${list.length}, ${list.filter((c) => c["novel"] === "false").length} known exactly, ${near} near a known one, ${list.filter((c) => c["in_domain"] === "true").length} in the domain`);
}
console.log("  every 25th novel candidate, with the nearest known formula:");
for (const c of candidates.filter((c) => c["novel"] === "true").filter((_, i) => i % 25 === 0)) console.log(`    ${c["rank"]!.padStart(4)}  ${(100 * Number(c["probability"])).toFixed(1).padStart(5)} %  ${Number(c["Tc_mean"]).toFixed(0).padStart(3)} K (${Number(c["Tc_lower"]).toFixed(0)} … ${Number(c["Tc_upper"]).toFixed(0)})  ${c["in_domain"] === "true" ? "in domain " : "outside   "} ${c.structure}   [${c["nearest"]}, ${Number(c["nearest_similarity"]).toFixed(3)}]`);

console.log("\n2. design from one half of the systems, judged by the other half");
const systems = [...new Set(rows.map((r) => r.system))].sort();
const order = permutation(fold(key(Number(seed)), "halves"), systems.length);
const inFirst = new Set(Array.from(order).slice(0, systems.length >> 1).map((i) => systems[i]!));
const [own, other] = [rows.filter((r) => inFirst.has(r.system)), rows.filter((r) => !inFirst.has(r.system))];
// The posterior itself (power 1) is broader than a search for what is nearly sure, and reaches more systems that were not seen.
const plain = study("superconductors-half", tableOf("own", own));
const half = await runPlain({ ...plain, generate: { ...plain.generate, power: 1 } });
const designed = candidatesOf(half.path);
const judgeStudy = join(folder, "judge.yaml");
writeFileSync(judgeStudy, JSON.stringify({ study: "fit", name: "judge", domain: "composition", data: study("", tableOf("other", other)).data, represent: ["statistics"], learn: { model: "forest", split: "group", folds: 3, options: { trees: quick ? 40 : 100 } } }));
const judge = await runStudy(await loadStudy(judgeStudy), { out: join(folder, "judge"), verify: false, say: () => {} }, talkative());
console.log(judge.lines.map((line) => `  judge: ${line}`).join("\n"));
const answer = await predictTable(join(judge.path, "model.json"), join(half.path, "candidates.csv"), { structure: "structure" }, talkative());
const judged = parse<Record<string, string>>(answer.text, { columns: true });
const hit = judged.filter((r) => Number(r["Tc_mean_2"]) > LIMIT && Number(r["p_yes_2"]) > 0.5).length;
console.log(`  a forest on the other half puts ${share(hit, judged.length)} above ${LIMIT} K, ${interval(hit, judged.length)}`);

const { similarity } = composition();
const known = other.map((r) => ({ ...r, s: compositionCodec.parse(r.formula) }));
/** Candidates of systems that the design has no measurement of, and the nearest measurement that it has not seen. */
const unseen = designed.filter((c) => !inFirst.has(systemOf(compositionCodec.parse(c.structure))));
const close = unseen.flatMap((c) => {
  const s = compositionCodec.parse(c.structure);
  const alike = known.map((k) => ({ k, at: similarity(s, k.s) })).reduce((a, b) => (b.at > a.at ? b : a));
  return alike.at >= NEAR ? [{ c, ...alike }] : [];
});
const measuredHits = close.filter(({ k }) => k.Tc > LIMIT).length;
console.log(`  ${share(unseen.length, designed.length)} are of systems that it has not seen, ${close.length} of them within ${NEAR} of a formula of the other half; measured above ${LIMIT} K: ${share(measuredHits, close.length)}, ${interval(measuredHits, close.length)}; base rate of that half ${share(other.filter((r) => r.Tc > LIMIT).length, other.length)}`);
const found = new Map(close.filter(({ c, k }) => systemOf(compositionCodec.parse(c.structure)) === k.system).map((entry) => [entry.k.system, entry]));
console.log(`  systems of the other half that were found again: ${found.size}, ${[...found.values()].filter(({ k }) => k.Tc > LIMIT).length} of them measured above ${LIMIT} K (there are ${new Set(other.filter((r) => r.Tc > LIMIT).map((r) => r.system)).size}):`);
for (const { c, k, at } of [...found.values()].slice(0, 15)) console.log(`    ${c.structure}, predicted ${Number(c["Tc_mean"]).toFixed(0)} K — ${k.formula}, ${k.Tc === 0 ? "no Tc reported" : `measured ${k.Tc} K`} (${at.toFixed(3)})`);

console.log("\n3. formulas without a reported Tc, systems left out");
const pointOf = new Map(superconducts.points.row.map((row, i) => [row, p[i]!]));
const zeros = superconducts.points.row.filter((_, i) => truth[i] === 0);
console.log(`  ${share(zeros.filter((row) => pointOf.get(row)! > 0.5).length, zeros.length)} are called superconducting all the same`);
