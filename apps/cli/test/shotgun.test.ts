/* Shotgun transfer from the shipped library through the command line: fifty measured refractive indices of polymers, which this project typed. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { folderWith, tatara } from "./tatara.ts";

interface Ranking {
  readonly warning: string;
  readonly scores: readonly { readonly method: string; readonly rmse: number; readonly weight: number }[];
}
const SOURCES = ["polymer-refractive-index", "polymer-density", "molecule-refractive-index", "molecule-gap"];
const STUDY = `study: fit
domain: polymer
data: { table: measured.csv, structure: unit, properties: { n: { unit: "1" } } }
represent: [physchem, maccs]
transfer: { library: [${SOURCES.join(", ")}] }
learn: { model: shotgun, split: random, folds: 3, splits: [] }
`;

test("every network into every learner, ranked beside none; it is said whether that helps, and with what the sources have seen", { timeout: 180_000 }, async () => {
  const rows = parse<Record<string, string>>(await readFile(fileURLToPath(new URL("../../../tools/optical-polymers/literature.csv", import.meta.url)), "utf8"), { columns: true }).filter((row) => row["n_D"] !== "");
  const [taught, new_] = [rows.slice(0, 50), rows.slice(50)];
  const folder = await folderWith({ "study.yaml": STUDY, "measured.csv": `unit,n\n${taught.map((row) => `${row["unit"]},${row["n_D"]}`).join("\n")}\n` });
  const run = await tatara(["run", "study.yaml"], folder);
  expect(run.code).toBe(0);
  expect(run.stderr).toContain("note: the sources molecule-refractive-index, molecule-gap were learnt from domain: molecule");

  const out = join(folder, "runs", "study-1");
  const { transfer, seen } = JSON.parse(await readFile(join(out, "validation.json"), "utf8")) as { readonly transfer: readonly Ranking[]; readonly seen: readonly { readonly source: string; readonly materials: number }[] };
  const { scores, warning } = transfer[0]!;
  expect(scores.map(({ method }) => method).toSorted()).toEqual(["none", ...SOURCES.flatMap((source) => ["forest", "gp", "linear"].map((learner) => `source:${source} ${learner}`))].toSorted());
  const ranked = scores.toSorted((a, b) => a.rmse - b.rmse);
  expect(ranked.slice(0, 3).map(({ weight }) => weight)).toEqual([1 / 3, 1 / 3, 1 / 3]);
  expect(ranked.slice(3).every(({ weight }) => weight === 0)).toBe(true);

  // Calculated indices know the measured ones, and the best of the ways is told with its error.
  expect(ranked[0]!.method).toMatch(/^source:polymer-refractive-index /);
  expect(warning).toBe("");
  expect(run.stdout).toMatch(new RegExp(`^n: transfer by .*; root mean squared error 0\\.\\d+ without transfer, 0\\.\\d+ by the best way \\(${ranked[0]!.method}\\)$`, "m"));
  expect(seen.map(({ source }) => source)).toContain("polymer-refractive-index");
  expect(run.stdout).toMatch(/^warning: .*polymer-refractive-index.* learnt from up to \d+ of these 50 materials/m);
  const html = await readFile(join(out, "report.html"), "utf8");
  expect(html.indexOf(ranked[0]!.method)).toBeLessThan(html.indexOf(`${ranked.at(-1)!.method}<`));

  await writeFile(join(folder, "new.csv"), `unit,truth\n${new_.map((row) => `${row["unit"]},${row["n_D"]}`).join("\n")}\n`);
  const predicted = parse<Record<string, string>>((await tatara(["predict", "runs/study-1/model.json", "new.csv"], folder)).stdout, { columns: true });
  const errorOf = (guess: (row: Record<string, string>) => number) => Math.sqrt(predicted.reduce((sum, row) => sum + (guess(row) - Number(row["truth"])) ** 2, 0) / predicted.length);
  expect(errorOf((row) => Number(row["n_mean"]))).toBeLessThan(0.5 * errorOf(() => 1.5));
});
