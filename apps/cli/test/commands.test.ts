/* Every command does what its help says, on the streams where it belongs. */
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { templates } from "@tatara/studies/tasks";
import { BIN, expectNoTrace, folderWith, start, tatara } from "./tatara.ts";

const COMMANDS = ["init", "check", "run", "resume", "predict", "describe", "report", "library", "schema"];

test.each(COMMANDS)("the help of %s has an example", async (command) => {
  const { code, stdout, stderr } = await tatara([command, "--help"], await folderWith());
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(new RegExp(`Usage: tatara ${command}[\\s\\S]*Examples?:\\n  tatara ${command}`));
});

test("the help of all names every command and the version is that of the package", async () => {
  const folder = await folderWith();
  const { code, stdout } = await tatara(["--help"], folder);
  expect(code).toBe(0);
  for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command} `, "m"));
  expect((await tatara(["--version"], folder)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("schema prints a JSON Schema that knows the templates' fields", async () => {
  const { code, stdout, stderr } = await tatara(["schema"], await folderWith());
  expect([code, stderr]).toEqual([0, ""]);
  const schema = JSON.parse(stdout) as { $schema: string; anyOf: readonly { properties: Record<string, { description?: string; const?: string }>; required: readonly string[]; additionalProperties: boolean }[] };
  expect(schema.$schema).toBe("https://json-schema.org/draft/2020-12/schema");
  expect(schema.anyOf.map(({ properties }) => properties["study"]!.const)).toEqual(["fit", "invert", "screen", "rules", "curves"]);
  for (const { required, additionalProperties, properties } of schema.anyOf) {
    expect(required).toEqual(expect.arrayContaining(["study", "domain"]));
    expect(additionalProperties).toBe(false);
    for (const name of ["data", "seed", "workers"]) expect(properties[name]!.description).toBeTruthy();
  }
});

test("a run: the result on standard output, progress on standard error, everything in the directory; then predict, describe, report, resume", async () => {
  const folder = await folderWith({ "new.csv": "name,smiles\nbutane,CCCC\nbroken,C1CC\n" });
  const run = await tatara(["run", "study.yaml"], folder);
  expect(run.code).toBe(0);
  expect(run.stdout).toMatch(/^20 materials from 20 rows\ny: linear, R² .*\n\n.*everything is in .*runs\/study-1\nreport .*report\.html\n$/);
  expect(run.stderr).toMatch(/^describe: \d+\/20/m);
  expect((await readdir(join(folder, "runs", "study-1"))).toSorted()).toEqual(["checkpoint", "journal.jsonl", "model.json", "rejected.csv", "report.html", "report.json", "run.json", "study.yaml", "validation.json"]);

  const json = await tatara(["run", "study.yaml", "--json", "--seed", "2"], folder);
  expect(json.code).toBe(0);
  expect(JSON.parse(json.stdout)).toMatchObject({ path: expect.stringMatching(/runs\/study-2$/) as string, results: { materials: 20, refused: 0 } });
  expect(JSON.parse(await readFile(join(folder, "runs", "study-2", "run.json"), "utf8"))).toMatchObject({ seed: 2, status: "done" });

  const predicted = await tatara(["predict", "runs/study-1/model.json", "new.csv"], folder);
  expect(predicted.code).toBe(0);
  expect(predicted.stdout).toMatch(/^name,smiles,y_mean,y_sd,y_lower,y_upper,in_domain,reason\nbutane,CCCC,-?\d.*\nbroken,C1CC,,,,,,"not a structure.*\n$/);
  expect(predicted.stderr).toMatch(/1 of 2 rows predicted/);

  const described = await tatara(["describe", "molecule", "new.csv", "--represent", "qed", "--out", "d.csv"], folder);
  expect([described.code, described.stdout]).toEqual([0, ""]);
  expect((await readFile(join(folder, "d.csv"), "utf8")).split("\n")).toHaveLength(4);
  for (const forced of [false, true]) expect((await tatara(["predict", "runs/study-1/model.json", "new.csv", "--out", "d.csv", ...(forced ? ["--force"] : [])], folder)).code).toBe(forced ? 0 : 2);

  const again = await tatara(["resume", "runs/study-1"], folder);
  expect(again.code).toBe(0);
  expect(again.stdout.split("\n").slice(0, 2)).toEqual(run.stdout.split("\n").slice(0, 2));
  expect(await tatara(["report", "runs/study-1"], folder)).toMatchObject({ code: 0, stdout: `${join(folder, "runs", "study-1", "report.html")}\n` });
});

test("check tells what the study will do, and writes nothing", async () => {
  const folder = await folderWith();
  const { code, stdout } = await tatara(["check", "study.yaml"], folder);
  expect(code).toBe(0);
  expect(stdout).toMatch(/study: fit[\s\S]*coverage: 0\.9[\s\S]*20 rows in t\.csv[\s\S]*about .* MB on this machine\nthe study is sound\n$/);
  expect(JSON.parse((await tatara(["check", "study.yaml", "--json"], folder)).stdout)).toMatchObject({ study: { learn: { folds: 2 } }, forecast: { seconds: expect.any(Number) as number } });
  expect((await readdir(folder)).toSorted()).toEqual(["study.yaml", "t.csv"]);
});

const MOLECULES = ["C", "CC", "CCC", "CCO", "CCN", "CCCC", "CCCO", "CCCN", "CCCl", "c1ccccc1"];
const FORMULAS = ["ZnO", "GaAs", "CdS", "TiO2", "SrTiO3", "GaN", "InP", "ZnS", "MgO", "SnO2"];
/** Tables for the templates that ask for the user's own. */
const OWN: Readonly<Record<string, string>> = {
  "molecule-fit": `smiles,log_solubility\n${MOLECULES.map((smiles, i) => `${smiles},${-i}`).join("\n")}\n`,
  "molecule-design": `smiles,E,homo_lumo_gap\n${MOLECULES.map((smiles, i) => `${smiles},${50 * i},${1 + i}`).join("\n")}\n`,
  "composition-design": `formula,band_gap\n${FORMULAS.map((formula, i) => `${formula},${i / 2}`).join("\n")}\n`,
};

test.each(Object.keys(templates))("init %s writes a study that check reads, and writes over nothing", async (name) => {
  const folder = await folderWith();
  const made = await tatara(["init", name, "mine"], folder);
  expect(made).toMatchObject({ code: 0, stdout: "mine/study.yaml\nnext: tatara check mine/study.yaml\n" });
  const text = await readFile(join(folder, "mine", "study.yaml"), "utf8");
  expect(await tatara(["init", name, "mine"], folder)).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(/the file is there already: mine\/study\.yaml — choose another directory/) as string });
  expect(await readFile(join(folder, "mine", "study.yaml"), "utf8")).toBe(text);
  const own = OWN[name];
  if (own !== undefined) {
    expect(await tatara(["check", "mine/study.yaml"], folder)).toMatchObject({ code: 2, stderr: expect.stringMatching(/no such table: "measurements\.csv"/) as string });
    await writeFile(join(folder, "mine", "measurements.csv"), own);
  }
  expect(await tatara(["check", "mine/study.yaml"], folder)).toMatchObject({ code: 0, stdout: expect.stringContaining("the study is sound") as string });
});

test.skipIf(!existsSync("/bin/bash"))("a reader that closes the pipe early is no failure", async () => {
  const folder = await folderWith();
  const command = `set -o pipefail; "$0" "$1" describe molecule t.csv --represent ecfp,rdkit2d | head -c 20`;
  const result = await start([command, process.execPath, BIN], folder, ["/bin/bash", "-c"]).ended;
  expectNoTrace(result);
  expect(result.code).toBe(0);
  expect(result.stdout).toHaveLength(20);
});
