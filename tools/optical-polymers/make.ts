/*
 * Makes packages/data/optical-polymers: polymers by our own rules from our own monomers, with GFN2-xTB quantities.
 *
 *   node tools/optical-polymers/make.ts [--limit n] [--resume dir] [--workers n] [--out dir]
 *
 * Results are kept in the cache directory as they come, so a killed run continues where it stopped. A --limit takes
 * the first n of the keyed order and writes only with --out. Stops with an error when the base rate of the shipped
 * target lies outside 3-8 %.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { loadRdkit } from "@tatara/domains/chem";
import { polymer } from "@tatara/domains/polymer";
import { fold, key, quiet } from "@tatara/engine/base";
import { isFailure, opticalPolymer } from "@tatara/studies/calculators";
import type { Calculator } from "@tatara/studies/calculators";
import { choose } from "./choose.ts";
import type { Choice } from "./choose.ts";
import { inLanes } from "./lanes.ts";
import { repeatNoise } from "./noise.ts";
import type { Row } from "./noise.ts";

const SIZE = 1560;
const MOST_ATOMS = 28;
const SEED = 1;
/** The key of every calculation in the table. */
const CALCULATION = key(SEED);
const TARGET = { index: 1.62, gap: 3 };
const BASE_RATE = { least: 0.03, most: 0.08 };
/** Digits after the point: well below the repeat noise. */
const DIGITS = { refractive_index: 5, gap: 4, polarizability: 4, dipole: 3, vdw_volume: 3 } as const;

const { values: flags } = parseArgs({
  options: {
    limit: { type: "string" },
    resume: { type: "string", default: join(import.meta.dirname, ".cache") },
    workers: { type: "string", default: "2" },
    out: { type: "string" },
  },
});
const workers = Number(flags.workers);
const data = join(import.meta.dirname, "../../packages/data");
const out = flags.out ?? (flags.limit === undefined ? join(data, "optical-polymers") : undefined);

const rdkit = await loadRdkit();
const codec = polymer(rdkit).codec;
const canonical = (unit: string): string => codec.key(codec.parse(unit));
const monomers = parse<{ smiles: string }>(readFileSync(join(data, "monomers/monomers.csv")), { columns: true }).map(({ smiles }) => smiles);
// A generous limit: what a row says must not depend on how busy the machine is.
const calculator = opticalPolymer({ rdkit, canonical, cache: flags.resume, limit: 600 });
const chosen = choose({ rdkit, monomers, canonical, size: SIZE, mostAtoms: MOST_ATOMS }, fold(key(SEED), "choose")).slice(0, flags.limit === undefined ? SIZE : Number(flags.limit));
console.log(`${await calculator.version(quiet)}; ${monomers.length} monomers, ${chosen.length} polymers chosen`);

const rows = await calculateAll(calculator, chosen);
const noise = await repeatNoise(calculator, rows, { seeds: [1, 2, 3].map(key), workers });
report(rows);
if (out !== undefined) write(out, rows);

async function calculateAll(by: Calculator, choices: readonly Choice[]): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const reasons = new Map<string, number>();
  const start = performance.now();
  let done = 0;
  await inLanes(choices, workers, async (choice) => {
    const result = await by.calculate(choice.smiles, CALCULATION, quiet);
    if (isFailure(result)) {
      const kind = result.failure.replaceAll(/\b[A-Z][a-z]?\d+\b/g, "X");
      reasons.set(kind, (reasons.get(kind) ?? 0) + 1);
    } else rows.push({ choice, values: result.values });
    if (++done % 50 === 0) console.log(`${done} of ${choices.length} (${((performance.now() - start) / 1000).toFixed(0)} s), base rate so far ${percent(baseRate(rows))}`);
  });
  for (const [reason, count] of [...reasons].sort((a, b) => b[1] - a[1])) console.log(`no result: ${count} × ${reason}`);
  return rows.sort((a, b) => (a.choice.smiles < b.choice.smiles ? -1 : 1));
}

function inTarget({ values }: Row): boolean {
  return values.refractive_index! >= TARGET.index && values.gap! >= TARGET.gap;
}
function baseRate(rows: readonly Row[]): number {
  return rows.filter(inTarget).length / rows.length;
}
function percent(rate: number): string {
  return `${(100 * rate).toFixed(2)} %`;
}

function report(rows: readonly Row[]): void {
  for (const group of ["rule", "polymerClass"] as const) {
    const names = [...new Set(rows.map(({ choice }) => choice[group]))].sort();
    for (const name of names) {
      const own = rows.filter(({ choice }) => choice[group] === name);
      console.log(`${group} ${name}: ${own.length} polymers, ${own.filter(inTarget).length} in the target`);
    }
  }
  for (const [property, { sd, polymers }] of Object.entries(noise)) console.log(`repeat noise of ${property}: sd ${sd} over three conformer seeds of ${polymers} polymers`);
  const rate = baseRate(rows);
  console.log(`${rows.length} polymers; base rate of refractive_index >= ${TARGET.index} and gap >= ${TARGET.gap} eV: ${percent(rate)}`);
  if (!(rate >= BASE_RATE.least && rate <= BASE_RATE.most)) {
    console.error(`base rate outside ${percent(BASE_RATE.least)} to ${percent(BASE_RATE.most)}: ${percent(rate)} — change the sample or the target`);
    process.exit(1);
  }
}

function write(directory: string, rows: readonly Row[]): void {
  const columns = ["smiles", ...Object.keys(DIGITS), "polymer_class", "monomer_1", "monomer_2", "rule"];
  const records = rows.map(({ choice, values }) => {
    const numbers = Object.entries(DIGITS).map(([name, digits]) => Number(values[name]!.toFixed(digits)));
    return [choice.smiles, ...numbers, choice.polymerClass, choice.monomers[0]!, choice.monomers[1] ?? "", choice.rule];
  });
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "optical-polymers.csv"), stringify([columns, ...records]));
  writeFileSync(join(directory, "noise.json"), `${JSON.stringify(noise, undefined, 2)}\n`);
  console.log(`written: ${rows.length} rows to ${directory}`);
}
