/*
 * Does a polymer property with few rows gain from models of other properties, and of molecules? PI1070 (RadonPy) is cut in two:
 * sources learn from one half, the curves of the wanted property from the other, so that no polymer of the curves was seen by a
 * source. Sources: every other property of the half (densities, moduli, heat capacities, …), and molecules of QM9 by their
 * polarisability, gap and heat capacity. Shown at 10 … 200 rows, with all sources, with either kind, and with none.
 *
 *   node packages/studies/bench/polymerTransfer.bench.ts [--properties thermal_conductivity,…] [--repeats 10]
 */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "csv-parse/sync";
import { key, permutation } from "@tatara/engine/base";
import { csvText } from "@tatara/studies/tables";
import { realData, runPlain } from "./common.ts";

const { values: flags } = parseArgs({ options: { properties: { type: "string", default: "refractive_index,Cp,thermal_conductivity,linear_expansion" }, repeats: { type: "string", default: "10" }, sizes: { type: "string", default: "10,20,50,100,200" } } });

/** Each property with its unit, and what it nearly is: those are no sources of it. */
const PROPERTIES: Readonly<Record<string, { readonly unit: string; readonly twins?: readonly string[] }>> = {
  density: { unit: "g/cm^3" },
  Rg: { unit: "angstrom" },
  Cp: { unit: "J/kg/K", twins: ["Cv"] },
  Cv: { unit: "J/kg/K", twins: ["Cp"] },
  bulk_modulus: { unit: "Pa" },
  linear_expansion: { unit: "1/K" },
  static_dielectric_const: { unit: "1", twins: ["refractive_index"] },
  refractive_index: { unit: "1", twins: ["static_dielectric_const"] },
  thermal_conductivity: { unit: "W/m/K" },
  qm_homo_monomer: { unit: "eV" },
  qm_dipole_monomer: { unit: "debye" },
};

const folder = mkdtempSync(join(tmpdir(), "tatara-transfer-"));
const rows = parse<Record<string, string>>(readFileSync(realData("poly-pi1070/PI1070_train.csv"), "utf8"), { columns: true });
const order = permutation(key(5), rows.length);
const half = (part: number): string => {
  const path = join(folder, `half-${part}.csv`);
  const names = ["smiles", ...Object.keys(PROPERTIES)];
  writeFileSync(path, csvText(names, Array.from(order).filter((_, i) => i % 2 === part).map((i) => names.map((name) => rows[i]![name]!))));
  return path;
};
const [sourceTable, targetTable] = [half(0), half(1)];
const propertiesOf = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, { unit: PROPERTIES[name]!.unit }]));
const learn = (model: string) => ({ model, split: "random", splits: [] });

console.log("molecules of QM9 (5,000)");
const molecules = await runPlain({ study: "fit", name: "molecules", domain: "molecule", data: { table: realData("mol-qm9/qm9_5k.csv"), structure: "smiles", properties: { alpha: { unit: "1" }, gap: { unit: "1" }, cv: { unit: "1" } } }, learn: learn("extra-trees") });

for (const wanted of flags.properties.split(",")) {
  console.log(`\n${wanted}`);
  const others = Object.keys(PROPERTIES).filter((name) => name !== wanted && !PROPERTIES[wanted]!.twins?.includes(name));
  const polymers = await runPlain({ study: "fit", name: "polymers", domain: "polymer", data: { table: sourceTable, structure: "smiles", properties: propertiesOf(others) }, learn: learn("extra-trees") }, { silent: true });
  const sources = { polymers: join(polymers.path, "model.json"), molecules: join(molecules.path, "model.json") };
  for (const names of [["polymers"], ["molecules"], ["polymers", "molecules"]] as const)
    await runPlain({
      study: "curves",
      name: `${wanted}-${names.join("-")}`,
      domain: "polymer",
      data: { table: targetTable, structure: "smiles", properties: propertiesOf([wanted]) },
      transfer: { sources: Object.fromEntries(names.map((name) => [name, sources[name]])) },
      learn: learn("linear"),
      curves: { sizes: flags.sizes.split(",").map(Number), repeats: Number(flags.repeats), without: ["kernel-ridge", "forest"] },
    });
}
