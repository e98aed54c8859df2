/*
 * What the shipped library is worth with 20 and 50 rows of a property: shotgun transfer by hidden layers, and the choice among ways to
 * use predictions, against no transfer, in paired repeats. Materials that a source has learnt from are left out first, so that what is
 * measured is what new materials get.
 *
 *   node packages/studies/bench/library.bench.ts [--only density,Tg,hydration,gap] [--as layers,predictions] [--repeats 10]
 */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "csv-parse/sync";
import { key, permutation } from "@tatara/engine/base";
import { listLibrary, readSeen, shippedLibrary } from "@tatara/studies/library";
import { csvText } from "@tatara/studies/tables";
import { openDomain } from "../src/catalogue/domains.ts";
import { fingerprints } from "../src/tasks/seen.ts";
import { realData, runPlain } from "./common.ts";

interface Target {
  readonly domain: string;
  readonly file: string;
  readonly structure: string;
  readonly column: string;
  readonly unit: string;
  readonly represent: readonly string[];
}
const TARGETS: Readonly<Record<string, Target>> = {
  density: { domain: "molecule", file: "mol-chemml/organic_density.csv", structure: "smiles", column: "density_Kg/m3", unit: "kg/m^3", represent: ["physchem", "maccs"] },
  hydration: { domain: "molecule", file: "mol-freesolv/freesolv.csv", structure: "smiles", column: "exp_hydration_free_energy", unit: "kcal/mol", represent: ["physchem", "maccs"] },
  Tg: { domain: "polymer", file: "poly-tg-monomers/psmiles_tg.csv", structure: "psmiles", column: "Tg_K", unit: "K", represent: ["physchem", "maccs"] },
  gap: { domain: "composition", file: "inorg-matbench/expt_gap.csv", structure: "formula", column: "target", unit: "eV", represent: ["statistics"] },
};
/** Rows of the largest tables; the curves need few. */
const MOST = 600;

const { values: flags } = parseArgs({ options: { only: { type: "string", default: Object.keys(TARGETS).join(",") }, as: { type: "string", default: "layers,predictions" }, repeats: { type: "string", default: "10" } } });
const WAYS: Readonly<Record<string, object>> = { layers: { model: "shotgun" }, predictions: { model: "transfer", options: { learner: "linear", methods: ["none", "augmented", "source", "difference", "tau-rho"], repeats: 1 } } };
// Only what is shipped is measured, whatever library the user has.
process.env["TATARA_LIBRARY"] = mkdtempSync(join(tmpdir(), "tatara-no-library-"));

for (const name of flags.only.split(",")) {
  const { domain: kind, structure, column, unit, represent, file } = TARGETS[name]!;
  const { table, left, all } = await unseen(name, { domain: kind, structure, column, unit, represent, file });
  console.log(`\n${name}: ${left} of ${all} rows are of materials that no source has seen`);
  for (const as of flags.as.split(","))
    await runPlain({
      study: "curves",
      name: `${name}-${as}`,
      domain: kind,
      data: { table, structure, properties: { [name]: { column, unit } } },
      represent,
      transfer: { library: "all", as },
      learn: { model: "linear", split: "random", splits: [] },
      curves: { sizes: [20, 50], repeats: Number(flags.repeats), without: ["kernel-ridge", "linear"], with: [WAYS[as]] },
    });
}

/** The rows of a target whose materials are in no source of its kind. */
async function unseen(name: string, { domain: kind, file, structure, column }: Target): Promise<{ readonly table: string; readonly left: number; readonly all: number }> {
  const { codec } = await openDomain({ domain: kind });
  const hashes = new Set<number>();
  for (const entry of (await listLibrary(shippedLibrary())).entries) for (const one of (await readSeen(entry)) ?? []) hashes.add(one);
  const rows = parse<Record<string, string>>(readFileSync(realData(file), "utf8"), { columns: true });
  const order = permutation(key(3), rows.length).subarray(0, MOST);
  const chosen = Array.from(order, (at) => rows[at]!).filter((row) => !hashes.has(fingerprints([codec.format(codec.parse(row[structure]!))])[0]!));
  const table = join(mkdtempSync(join(tmpdir(), "tatara-library-")), `${name}.csv`);
  writeFileSync(table, csvText([structure, column], chosen.map((row) => [row[structure]!, row[column]!])));
  return { table, left: chosen.length, all: order.length };
}
