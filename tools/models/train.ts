/*
 * Trains the networks that Tatara ships for transfer learning (packages/models/library): one small perceptron for each task, on data
 * that this project made, and on public sets whose licence allows it. Weights are shipped, measurements are not. Each task is a study
 * `fit` with three random folds, whose figures stand on the card, and then a network of all rows. Everything is seeded.
 *
 *   node tools/models/train.ts --data ../shared/data [--only polymer-density,…] [--runs <folder>]
 *
 * With --runs the runs are kept there, and those that are finished are not computed again: only their cards are written anew.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { hash, key, permutation, quiet } from "@tatara/engine/base";
import { shippedSets } from "@tatara/data";
import { csvText } from "@tatara/studies/tables";
import { addToLibrary, resumeRun, runStudy, studyOf } from "@tatara/studies/tasks";

interface Task {
  readonly domain: "molecule" | "polymer" | "composition";
  /** Path below --data, or a shipped set. */
  readonly table: string;
  readonly structure: string;
  readonly column: string;
  readonly property: string;
  readonly unit: string;
  readonly scale?: "log";
  readonly about: string;
  readonly data: { readonly about: string; readonly licence: string; readonly citation: string };
}

/** Rows of the largest tables that are learnt from, drawn by the seed. */
const MOST_ROWS = 10_000;
/** All of it is written down, so that other defaults of the learner change no shipped model. */
const optionsFor = (rows: number) => ({ members: 1, hidden: [128, 64], activation: "silu", norm: "none", dropout: 0.1, batch: rows < 2500 ? 64 : 256, epochs: Math.round(Math.min(400, Math.max(40, 200_000 / rows))), rate: 2e-3, weightDecay: 0.01, averaging: 0.8, objective: "means", cost: "absolute", law: "normal" });
const DESCRIPTORS = { molecule: ["physchem", "maccs"], polymer: ["physchem", "maccs"], composition: ["statistics"] } as const;

const IQSPR = { about: "molecules of the R package iqspr, with internal energies and HOMO-LUMO gaps", licence: "MIT", citation: "H. Ikebata et al., J. Comput. Aided Mol. Des. 31, 379 (2017)" };
const CHEMML = { about: "virtual organic molecules of ChemML, density by MD and refractive index by Lorentz-Lorenz", licence: "BSD-3-Clause", citation: "M. Haghighatlari et al., WIREs Comput. Mol. Sci. 10, e1458 (2020)" };
const QM9 = { about: "QM9, B3LYP/6-31G(2df,p), values of the NIST leaderboard", licence: "CC0 (QM9); not subject to copyright (NIST)", citation: "R. Ramakrishnan et al., Sci. Data 1, 140022 (2014)" };
const OURS = { about: "optical-polymers, GFN2-xTB, made by this project", licence: "MIT", citation: "packages/data/optical-polymers/card.md" };
const PI1070 = { about: "PI1070 of RadonPy: amorphous homopolymers by MD and DFT", licence: "BSD-3-Clause", citation: "Y. Hayashi et al., npj Comput. Mater. 8, 222 (2022)" };
const MATBENCH = { about: "Materials Project by way of Matbench: users who hold a model against Matbench must leave this one out", licence: "MIT; Materials Project: CC BY 4.0", citation: "A. Dunn et al., npj Comput. Mater. 6, 138 (2020); A. Jain et al., APL Mater. 1, 011002 (2013)" };
const CRABNET = { about: "Materials Project, by way of the CrabNet benchmark", licence: "MIT; Materials Project: CC BY 4.0", citation: "A. Wang et al., npj Comput. Mater. 7, 77 (2021); C. Bartel et al., npj Comput. Mater. 6, 97 (2020)" };
const OQMD = { about: "OQMD, by way of the CrabNet benchmark", licence: "MIT; OQMD: CC BY 4.0", citation: "A. Wang et al., npj Comput. Mater. 7, 77 (2021); S. Kirklin et al., npj Comput. Mater. 1, 15010 (2015)" };

const TASKS: Readonly<Record<string, Task>> = {
  "molecule-gap": { domain: "molecule", table: "mol-iqspr/qspr_data.csv.gz", structure: "smiles", column: "homo_lumo_gap", property: "gap", unit: "eV", about: "HOMO-LUMO gap of organic molecules", data: IQSPR },
  "molecule-internal-energy": { domain: "molecule", table: "mol-iqspr/qspr_data.csv.gz", structure: "smiles", column: "E", property: "internal_energy", unit: "kJ/mol", about: "internal energy of organic molecules", data: IQSPR },
  "molecule-refractive-index": { domain: "molecule", table: "mol-chemml/refractive_index_10k.csv.gz", structure: "Mol_Smiles", column: "RI_LL", property: "refractive_index", unit: "1", about: "refractive index of organic molecules", data: CHEMML },
  "molecule-density": { domain: "molecule", table: "mol-chemml/refractive_index_10k.csv.gz", structure: "Mol_Smiles", column: "Den_MD", property: "density", unit: "kg/m^3", about: "density of organic molecules", data: CHEMML },
  "molecule-polarizability": { domain: "molecule", table: "mol-qm9/qm9.csv.gz", structure: "smiles", column: "alpha", property: "polarizability", unit: "bohr^3", about: "isotropic polarizability of small molecules", data: QM9 },
  "molecule-heat-capacity": { domain: "molecule", table: "mol-qm9/qm9.csv.gz", structure: "smiles", column: "cv", property: "heat_capacity", unit: "cal/mol/K", about: "heat capacity at constant volume of small molecules, 298 K", data: QM9 },
  "molecule-dipole": { domain: "molecule", table: "mol-qm9/qm9.csv.gz", structure: "smiles", column: "mu", property: "dipole", unit: "debye", about: "dipole moment of small molecules", data: QM9 },
  "polymer-refractive-index": { domain: "polymer", table: "optical-polymers", structure: "smiles", column: "refractive_index", property: "refractive_index", unit: "1", about: "refractive index of polymers", data: OURS },
  "polymer-gap": { domain: "polymer", table: "optical-polymers", structure: "smiles", column: "gap", property: "gap", unit: "eV", about: "HOMO-LUMO gap of capped repeat units", data: OURS },
  "polymer-density": { domain: "polymer", table: "poly-pi1070/PI1070_train.csv", structure: "smiles", column: "density", property: "density", unit: "g/cm^3", about: "density of amorphous polymers", data: PI1070 },
  "polymer-heat-capacity": { domain: "polymer", table: "poly-pi1070/PI1070_train.csv", structure: "smiles", column: "Cp", property: "heat_capacity", unit: "J/kg/K", about: "heat capacity at constant pressure of amorphous polymers", data: PI1070 },
  "polymer-thermal-conductivity": { domain: "polymer", table: "poly-pi1070/PI1070_train.csv", structure: "smiles", column: "thermal_conductivity", property: "thermal_conductivity", unit: "W/m/K", about: "thermal conductivity of amorphous polymers", data: PI1070 },
  "polymer-expansion": { domain: "polymer", table: "poly-pi1070/PI1070_train.csv", structure: "smiles", column: "linear_expansion", property: "linear_expansion", unit: "1/K", about: "linear thermal expansion of amorphous polymers", data: PI1070 },
  "composition-formation-energy": { domain: "composition", table: "inorg-aflow-mp-oqmd/CritExam__Ef.csv.gz", structure: "formula", column: "target", property: "formation_energy", unit: "eV", about: "formation energy per atom of inorganic compounds", data: CRABNET },
  "composition-gap": { domain: "composition", table: "inorg-aflow-mp-oqmd/OQMD_Bandgap.csv.gz", structure: "formula", column: "target", property: "gap", unit: "eV", about: "DFT band gap of inorganic compounds", data: OQMD },
  "composition-bulk-modulus": { domain: "composition", table: "inorg-matbench/elasticity_log10K_VRH.csv", structure: "formula", column: "target", property: "log10_bulk_modulus", unit: "1", about: "decimal logarithm of the bulk modulus (GPa) of inorganic compounds", data: MATBENCH },
  "composition-shear-modulus": { domain: "composition", table: "inorg-matbench/elasticity_log10G_VRH.csv", structure: "formula", column: "target", property: "log10_shear_modulus", unit: "1", about: "decimal logarithm of the shear modulus (GPa) of inorganic compounds", data: MATBENCH },
  "composition-phonon": { domain: "composition", table: "inorg-matbench/phonons.csv", structure: "formula", column: "target", property: "last_phonon_peak", unit: "1/cm", about: "highest peak of the phonon density of states of inorganic compounds", data: { ...MATBENCH, citation: "G. Petretto et al., Sci. Data 5, 180065 (2018); A. Dunn et al., npj Comput. Mater. 6, 138 (2020)" } },
};

const { values: flags } = parseArgs({ options: { data: { type: "string", default: "../shared/data" }, only: { type: "string" }, runs: { type: "string" } } });
const wanted = flags.only?.split(",") ?? Object.keys(TASKS);
const folder = flags.runs === undefined ? mkdtempSync(join(tmpdir(), "tatara-models-")) : resolve(flags.runs);
mkdirSync(folder, { recursive: true });

for (const [i, name] of wanted.entries()) {
  const task = TASKS[name];
  if (!task) throw new Error(`no such task: ${name} — there are ${Object.keys(TASKS).join(", ")}`);
  const started = performance.now();
  const { table, rows } = tableOf(name, task);
  const { domain, structure, property, unit, scale, about, data } = task;
  const study = await studyOf({ study: "fit", name, domain, data: { table, structure, properties: { [property]: { column: task.column, unit, ...(scale && { scale }) } } }, represent: DESCRIPTORS[domain], learn: { model: "mlp", options: optionsFor(rows), split: "random", folds: 3, splits: [] } }, { name });
  const run = join(folder, name);
  const host = { verify: false, say: (text: string) => console.log(text) };
  const { lines } = await (existsSync(run) ? resumeRun(run, host, quiet) : runStudy(study, { out: run, ...host }, quiet));
  const [entry] = await addToLibrary(run, { name, about, data, licence: data === OURS ? "MIT" : "MIT, on the terms of the data", script: "tools/models/train.ts", shipped: true, force: true });
  console.log(`${i + 1} of ${wanted.length}  ${name}: ${lines[1]}; ${Math.round((performance.now() - started) / 1000)} s; ${entry!.path}`);
}
if (flags.runs === undefined) rmSync(folder, { recursive: true });

/** The task's rows as a table; of large ones, as many as are learnt from. */
function tableOf(name: string, { table, structure, column }: Task): { readonly table: string; readonly rows: number } {
  const shipped = shippedSets[table];
  if (shipped) return { table, rows: readFileSync(shipped.table, "utf8").trim().split("\n").length - 1 };
  const bytes = readFileSync(resolve(flags.data, table));
  const rows = parse<Record<string, string>>(table.endsWith(".gz") ? gunzipSync(bytes) : bytes, { columns: true }).filter((row) => row[column] !== "");
  // Tables of one seed draw the same rows, whatever the property.
  const order = permutation(key(Number.parseInt(hash(table).slice(0, 8), 16)), rows.length).slice(0, MOST_ROWS);
  const path = join(folder, `${name}.csv`);
  writeFileSync(path, csvText([structure, column], Array.from(order, (at) => [rows[at]![structure], rows[at]![column]])));
  return { table: path, rows: order.length };
}
