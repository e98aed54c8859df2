/*
 * The published demonstration of Bayesian molecular design (Ikebata et al. 2017, doi 10.1007/s10822-016-0008-z):
 * internal energy E in (0, 200) kJ/mol and HOMO-LUMO gap below 3 eV.
 *
 *   node packages/studies/bench/iqspr.bench.ts [--quick] [--forest] [--seed n]
 *
 * The design learns from one half of the rows. Its final particles are judged by an independent model: of another
 * kind (a forest where the design used a linear model, and the other way round), trained on the other half.
 * A forest cannot predict beyond what it has seen: its search is given a higher power of the likelihood.
 * `--seed` (1) divides the rows and drives the search. Then the time of 25 particles over 50 steps, for which XenonPy publishes two to three minutes on a laptop.
 */
import { readFileSync, writeFileSync, mkdtempSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { fold, key, permutation } from "@tatara/engine/base";
import { loadStudy, predictTable, runStudy } from "@tatara/studies/tasks";
import { wilsonInterval } from "@tatara/engine/prob";
import { realData, runPlain, talkative } from "./common.ts";

const rows = parse<{ smiles: string; E: string; homo_lumo_gap: string }>(gunzipSync(readFileSync(realData("mol-iqspr/qspr_data.csv.gz"))), { columns: true });
const folder = mkdtempSync(join(tmpdir(), "tatara-iqspr-"));
const { values: { seed, forest, quick } } = parseArgs({ options: { seed: { type: "string", default: "1" }, forest: { type: "boolean", default: false }, quick: { type: "boolean", default: false } } });
const order = permutation(fold(key(Number(seed)), "halves"), rows.length);
const half = (which: 0 | 1) => {
  const path = join(folder, `half-${which}.csv`);
  writeFileSync(path, stringify(Array.from(order).filter((_, i) => i % 2 === which).slice(0, quick ? 1500 : undefined).map((i) => rows[i]!), { header: true }));
  return path;
};
const [own, other] = [half(0), half(1)];
const data = (table: string) => ({ table, structure: "smiles", properties: { E: { unit: "kJ/mol" }, gap: { column: "homo_lumo_gap", unit: "eV" } } });
/** Who designs and who judges; --forest runs the second direction alone. */
const directions = ([["linear", "forest"], ["forest", "linear"]] as const).slice(forest ? 1 : 0);
const inTarget = (E: number, gap: number) => E >= 0 && E <= 200 && gap < 3;
const share = (part: number, all: number) => `${part} of ${all} (${((100 * part) / all).toFixed(1)} %)`;

console.log(`base rate in all ${rows.length} rows: ${share(rows.filter((r) => inTarget(Number(r.E), Number(r.homo_lumo_gap))).length, rows.length)}`);
for (const [model, judge] of directions) {
  console.log(`\ndesign by ${model}, 1,000 particles, on one half`);
  const summary = await runPlain({
    study: "invert",
    name: `iqspr-${model}`,
    domain: "molecule",
    seed: Number(seed),
    data: data(own),
    learn: { model, split: "random", folds: 5 },
    target: { E: "0 .. 200 kJ/mol", gap: "< 3 eV" },
    constraints: { max_heavy_atoms: 40, elements: ["H", "C", "N", "O", "S", "F", "Cl", "Br", "P", "Si", "I", "B"] },
    generate: { prior: "ngram", particles: quick ? 200 : 1000, ...(model === "forest" ? { power: 30 } : {}) },
  });
  const independent = await fit(judge);
  const answer = await predictTable(join(independent, "model.json"), join(summary.path, "candidates.csv"), { structure: "structure" }, talkative());
  // The design's own predictions are columns of candidates.csv already: the judge's get a number.
  const judged = parse<Record<string, string>>(answer.text, { columns: true });
  const means = judged.map((r) => [Number(r["E_mean_2"]), Number(r["gap_mean_2"])] as const);
  const hits = means.filter(([E, gap]) => inTarget(E, gap)).length;
  const { low, high } = wilsonInterval(hits, judged.length);
  console.log(`  an independent ${judge} on the other half puts ${share(hits, judged.length)} inside, 95 % interval ${(100 * low).toFixed(1)} … ${(100 * high).toFixed(1)} %`);
}

console.log("\n25 particles x 50 steps (XenonPy publishes 2-3 minutes on a laptop)");
const study = join(folder, "timing.yaml");
writeFileSync(study, JSON.stringify({ study: "invert", name: "timing", domain: "molecule", data: data(own), learn: { model: "linear", split: "random", folds: 2 }, target: { E: "0 .. 200 kJ/mol", gap: "< 3 eV" }, generate: { prior: "ngram", particles: 25, moves: 1, ess: 0.97, polish: 50, steps: 50 } }));
const timed = await runStudy(await loadStudy(study), { out: join(folder, "timing"), verify: false, say: () => {} }, talkative());
const record = JSON.parse(readFileSync(join(timed.path, "run.json"), "utf8")) as { stages: { name: string; seconds: number }[]; sampler: { steps: unknown[] } };
console.log(`  ${record.stages.find((s) => s.name === "sample")!.seconds} s for ${record.sampler.steps.length} steps, the fit of the prior included`);

async function fit(model: string): Promise<string> {
  const path = join(folder, `independent-${model}.yaml`);
  writeFileSync(path, JSON.stringify({ study: "fit", name: `independent-${model}`, domain: "molecule", data: data(other), learn: { model, split: "random", folds: 2 } }));
  return (await runStudy(await loadStudy(path), { out: join(folder, `independent-${model}`), verify: false, say: () => {} }, talkative())).path;
}
