/*
 * Few measurements beside many simulations: hydration free energies of FreeSolv, measured for 50 molecules and simulated (GAFF) for
 * all 642. Each way learns both columns, or the measurements alone, and is asked about the measurements of the others.
 *
 *   node packages/studies/bench/fidelity.bench.ts [--n 50] [--repeats 5] [--ways gp,fidelity-gp,…]
 */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "csv-parse/sync";
import { fold, key, permutation, quiet } from "@tatara/engine/base";
import { csvText } from "@tatara/studies/tables";
import { predictTable, runStudy, studyOf } from "@tatara/studies/tasks";
import { realData } from "./common.ts";

const { values: flags } = parseArgs({ options: { n: { type: "string", default: "50" }, repeats: { type: "string", default: "5" }, ways: { type: "string" } } });
const WAYS: Readonly<Record<string, { readonly model: string; readonly options?: object; readonly simulated: boolean }>> = {
  "gp, measurements alone": { model: "gp", simulated: false },
  "mlp, measurements alone": { model: "mlp", simulated: false },
  "multi-task-gp": { model: "multi-task-gp", options: { structure: "autoregressive", order: ["simulated", "measured"] }, simulated: true },
  "fidelity-gp": { model: "fidelity-gp", options: { order: ["simulated", "measured"] }, simulated: true },
  "fidelity-input of gp": { model: "fidelity-input", options: { learner: "gp" }, simulated: true },
  "fidelity-input of mlp": { model: "fidelity-input", options: { learner: "mlp" }, simulated: true },
};
const wanted = flags.ways?.split(";") ?? Object.keys(WAYS);
const rows = parse<Record<string, string>>(readFileSync(realData("mol-freesolv/freesolv.csv"), "utf8"), { columns: true });
const folder = mkdtempSync(join(tmpdir(), "tatara-fidelity-"));
const average = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

const errors = new Map(wanted.map((way): [string, { rmse: number; inside: number; seconds: number }[]] => [way, []]));
for (let repeat = 0; repeat < Number(flags.repeats); repeat++) {
  const order = Array.from(permutation(fold(key(1), repeat), rows.length));
  const measured = new Set(order.slice(0, Number(flags.n)));
  const [table, others] = [join(folder, `table-${repeat}.csv`), join(folder, `others-${repeat}.csv`)];
  writeFileSync(table, csvText(["smiles", "measured", "simulated"], rows.map((row, i) => [row["smiles"], measured.has(i) ? row["exp_hydration_free_energy"] : "", row["calc_gaff"]])));
  writeFileSync(others, csvText(["smiles", "truth"], rows.filter((_, i) => !measured.has(i)).map((row) => [row["smiles"], row["exp_hydration_free_energy"]])));
  for (const way of wanted) {
    const { model, options = {}, simulated } = WAYS[way]!;
    const properties = { ...(simulated ? { simulated: { unit: "kcal/mol" } } : {}), measured: { unit: "kcal/mol" } };
    const started = performance.now();
    const out = join(folder, `run-${repeat}-${errors.get(way)!.length}-${wanted.indexOf(way)}`);
    await runStudy(await studyOf({ study: "fit", domain: "molecule", data: { table, structure: "smiles", properties }, represent: ["physchem"], learn: { model, options, split: "random", splits: [] } }), { out, verify: false, say: () => {} }, quiet);
    const told = parse<Record<string, string>>((await predictTable(join(out, "model.json"), others, {}, quiet)).text, { columns: true }).filter((row) => row["measured_mean"] !== "");
    const off = told.map((row) => Number(row["measured_mean"]) - Number(row["truth"]));
    errors.get(way)!.push({ rmse: Math.sqrt(average(off.map((e) => e * e))), inside: average(told.map((row) => (Number(row["truth"]) >= Number(row["measured_lower"]) && Number(row["truth"]) <= Number(row["measured_upper"]) ? 1 : 0))), seconds: (performance.now() - started) / 1000 });
    console.log(`${repeat + 1}  ${way}: RMSE ${errors.get(way)!.at(-1)!.rmse.toFixed(3)}`);
  }
}
console.log(`\n${flags.n} measurements, ${rows.length} simulations; ${flags.repeats} repeats; RMSE of the measurements of the others, kcal/mol`);
for (const [way, list] of errors) console.log(`${way.padEnd(26)} ${average(list.map((e) => e.rmse)).toFixed(3)} (${Math.min(...list.map((e) => e.rmse)).toFixed(3)} … ${Math.max(...list.map((e) => e.rmse)).toFixed(3)})  90 % band holds ${(100 * average(list.map((e) => e.inside))).toFixed(0)} %  ${average(list.map((e) => e.seconds)).toFixed(0)} s`);
