/* `check` finds in the tables what `run` would stop at, before anything is read or learnt. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { quiet } from "@tatara/engine/base";
import { forecast, loadStudy, runStudy } from "@tatara/studies/tasks";
import { fitText, invertText, place, tableOf, tableWith } from "../badInput/bench.ts";

const classes = tableWith((i) => ["soluble", "poor"][i % 2]!);
const classTarget = invertText(["y: {}", "y: { kind: class }"], ["linear", "forest"], ["y: \">= 3\"", "y: solubel"]);

test.each<[string, string, string, RegExp]>([
  ["a unit in the header against the study's", fitText(["y: {}", "y: { unit: eV }"]), tableOf([], "smiles,y (meV)"), /unit mismatch: column "y \(meV\)" is in meV/],
  ["words for numbers", fitText(), classes, /no number in column "y" — the first cell reads "soluble"; for classes say kind: class/],
  ["no weight column", fitText(["table: t.csv", "table: t.csv, weight: w"]), tableOf(), /no such column: "w"/],
  ["no group column", fitText(["table: t.csv", "table: t.csv, group: lab"], ["random", "group"]), tableOf(), /no such column: "lab"/],
  ["a class that does not occur", classTarget, classes, /unknown class of y: "solubel"/],
  ["a target far outside the data", invertText(['">= 3"', '">= 300"']), tableOf(), /target far outside the data/],
  ["no structures in the corpus", invertText(["particles: 20", "corpus: { table: corpus.csv }, particles: 20"]), tableOf(), /no such column: "smiles" in .*corpus\.csv/],
])("%s", async (_, study, table, message) => {
  const { folder, study: file } = await place(study, table);
  await writeFile(join(folder, "corpus.csv"), "name,formula\na,CC\n");
  const loaded = await loadStudy(file);
  await expect(forecast(loaded, quiet)).rejects.toThrow(message);
  const stages: string[] = [];
  await expect(runStudy(loaded, { out: join(folder, "out"), verify: false, say: () => {} }, { ...quiet, report: ({ stage }) => void stages.push(stage) })).rejects.toThrow(message);
  expect(stages.filter((stage) => !stage.startsWith("read"))).toEqual([]);
});

test("the logarithm of a quantity is a pure number, whatever unit its header tells", async () => {
  for (const header of ["log solubility (mol/L)", "measured logS [mol/L]", "ln k (1/s)"]) {
    const { study } = await place(fitText(["y: {}", `y: { column: "${header}" }`]), tableOf([], `smiles,${header}`));
    await expect(forecast(await loadStudy(study), quiet)).resolves.toMatchObject({ megabytes: expect.any(Number) as number });
  }
  const { study } = await place(fitText(["y: {}", 'y: { column: "logger (V)" }']), tableOf([], "smiles,logger (V)"));
  await expect(loadStudy(study).then((loaded) => forecast(loaded, quiet))).rejects.toThrow(/unit mismatch/);
});
