/* `check` finds in the tables what `run` would stop at, before anything is read or learnt. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { quiet } from "@tatara/engine/base";
import { forecast, loadStudy, runStudy, soundStudy } from "@tatara/studies/tasks";
import { fitText, GOOD, invertText, place, tableOf, tableWith } from "../badInput/bench.ts";

const classes = tableWith((i) => ["soluble", "poor"][i % 2]!);
const few = (rows: number) => tableOf().split("\n").slice(0, rows + 1).join("\n");
const classTarget = invertText(["y: {}", "y: { kind: class }"], ["linear", "forest"], ["y: \">= 3\"", "y: solubel"]);

test.each<[string, string, string, RegExp]>([
  ["a unit in the header against the study's", fitText(["y: {}", "y: { unit: eV }"]), tableOf([], "smiles,y (meV)"), /unit mismatch: column "y \(meV\)" is in meV/],
  ["words for numbers", fitText(), classes, /no number in column "y" — the first cell reads "soluble"; for classes say kind: class/],
  ["numbers that are all too large", fitText(), tableWith((i) => `${i + 1}e300`), /every number in column "y" is too large, such as 1e\+300 — the squares of numbers beyond 1e\+150 overflow; choose a larger unit, or scale: log/],
  ["no weight column", fitText(["table: t.csv", "table: t.csv, weight: w"]), tableOf(), /no such column: "w"/],
  ["no group column", fitText(["table: t.csv", "table: t.csv, group: lab"], ["random", "group"]), tableOf(), /no such column: "lab"/],
  ["a class that does not occur", classTarget, classes, /unknown class of y: "solubel"/],
  ["a target far outside the data", invertText(['">= 3"', '">= 300"']), tableOf(), /target far outside the data/],
  ["no structures in the corpus", invertText(["particles: 20", "corpus: { table: corpus.csv }, particles: 20"]), tableOf(), /no such column: "smiles" in .*corpus\.csv/],
  ["one value in every row", fitText(), tableWith(() => "3"), /constant target: property "y" is 3 in every row — a model needs values that differ/],
  ["one class in every row", fitText(["y: {}", "y: { kind: class }"], ["linear", "forest"]), tableWith(() => "good"), /constant target: property "y" is "good" in every row/],
  ["fewer materials than folds", fitText(["folds: 2", "folds: 10"]), few(6), /too few materials: 6 — 10 folds need at least as many/],
  ["fewer values than a model needs", fitText(), few(9), /too few values: property "y" is known in 9 rows — a model needs at least 10/],
  ["a property that is rarely known", fitText(["y: {}", "y: {}, z: {}"]), `smiles,y,z\n${GOOD.map(([smiles, y], i) => `${smiles},${y},${i < 5 ? i : ""}`).join("\n")}\n`, /too few values: property "z" is known in 5 rows/],
  ["fewer groups than folds", fitText(["table: t.csv", "table: t.csv, group: lab"], ["folds: 2, split: random", "folds: 3, split: group"]), `smiles,y,lab\n${GOOD.map(([smiles, y], i) => `${smiles},${y},${i % 2}`).join("\n")}\n`, /too many folds: 3 — there are 2 groups/],
  ["weights of nothing", fitText(["table: t.csv", "table: t.csv, weight: w"]), `smiles,y,w\n${GOOD.map(([smiles, y]) => `${smiles},${y},0`).join("\n")}\n`, /no positive weight: column "w" is 0 in every row/],
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

describe("every problem that can be told at once is told, at the field that it is about", () => {
  const problemsOf = async (study: string, table: string): Promise<readonly string[]> => {
    const { study: file } = await place(study, table);
    const error = await soundStudy(file).then((loaded) => forecast(loaded, quiet)).then(() => undefined, (e: unknown) => e as Error);
    return (error?.message ?? "").split("\n").filter((line) => /study\.yaml:\d/.test(line)).map((line) => line.slice(line.indexOf("study.yaml:")));
  };

  test("columns that are not there, units that differ, words for numbers, and targets out of reach", async () => {
    const study = invertText(["properties: { y: {} }", "structure: smile, group: lab, weight: w, properties: { y: { unit: eV }, z: { column: zz }, word: {}, far: {} }"], ['{ y: ">= 3" }', '{ far: ">= 1e9" }']);
    const table = `smiles,y (meV),z,word,far\n${GOOD.map(([smiles, y]) => `${smiles},${y},1,soluble,${y}`).join("\n")}\n`;
    expect(await problemsOf(study, table)).toEqual([
      expect.stringMatching(/^study\.yaml:3:23: no such column: "smile" in .*t\.csv — did you mean "smiles"\?$/),
      expect.stringMatching(/^study\.yaml:3:41: no such column: "lab" in /),
      expect.stringMatching(/^study\.yaml:3:53: no such column: "w" in /),
      expect.stringMatching(/^study\.yaml:3:83: unit mismatch: column "y \(meV\)" is in meV, the study says eV/),
      expect.stringMatching(/^study\.yaml:3:100: no such column: "zz" in .* — did you mean "z"\?$/),
      expect.stringMatching(/^study\.yaml:3:114: no number in column "word" — the first cell reads "soluble"; for classes say kind: class \(row 1, line 2 of .*t\.csv\)$/),
      expect.stringMatching(/^study\.yaml:7:11: target far outside the data/),
    ]);
  });

  test("of the schema, the catalogues and the table together; what a faulty field leaves open is not guessed at", async () => {
    const study = invertText(["folds: 2", "folds: 1"], ["physchem", "physchm"], ["max_heavy_atoms", "max_heavy_atom"], ["particles: 20", "particles: many, prior: ngam"], ["workers: 1", "workrs: 1"], ["y: {}", "q: {}"], ['{ y: ">= 3" }', '{ q: ">= 3" }']);
    expect(await problemsOf(study, tableOf())).toEqual([
      expect.stringMatching(/^study\.yaml:5:\d+: learn\.folds: 1 is out of range/),
      expect.stringMatching(/^study\.yaml:9:13: wrong kind of value: generate\.particles is "many"/),
      expect.stringMatching(/^study\.yaml:6:1: unknown field: "workrs" — did you mean "workers"\?$/),
      expect.stringMatching(/^study\.yaml:4:13: unknown descriptor: "physchm"/),
      expect.stringMatching(/^study\.yaml:8:\d+: unknown constraint: "max_heavy_atom"/),
      expect.stringMatching(/^study\.yaml:3:\d+: no such column: "q" in .* — it has "smiles", "y"$/),
    ]);
  });

  test("formulas that are wrong, each at its own field, and once", async () => {
    const study = fitText(["properties: { y: {} }", 'properties: { y: { scale: log, unit: eV }, a: { formula: "y * 2 kg", unit: eV }, b: { formula: "y * nothing", unit: eV } }']);
    expect((await problemsOf(study, tableOf([], "smiles,y (eV)"))).map((line) => /^study\.yaml:(\d+):(\d+): (unit mismatch|unknown)/.exec(line)?.slice(1))).toEqual([["3", expect.any(String), "unit mismatch"], ["3", expect.any(String), "unknown"]]);
  });

  test("a file of rules that is not there is told once", async () => {
    const told = await problemsOf(invertText(["constraints: {", "constraints: { rules: nothere.json,"]), tableOf());
    expect(told.filter((line) => line.includes("nothere.json"))).toHaveLength(1);
    expect(told).toHaveLength(1);
  });

  test("a domain, a table and a corpus that are none", async () => {
    const study = invertText(["molecule", "molecle"], ["t.csv", "none.csv"], ["particles: 20", "particles: 20, corpus: { table: nothing.csv }"]);
    expect((await problemsOf(study, tableOf())).map((line) => /^study\.yaml:(\d+):\d+: (unknown domain|no such table)/.exec(line)?.slice(1))).toEqual([["2", "unknown domain"], ["3", "no such table"], ["9", "no such table"]]);
  });

  test("a faulty property says nothing of its target, nor a misspelt field of its neighbours", async () => {
    expect(await problemsOf(invertText(["y: {}", "y: eV"], ['">= 3"', '">= 3 eV"']), tableOf())).toEqual([expect.stringMatching(/data\.properties\.y is "eV" — a mapping/)]);
    expect(await problemsOf(fitText(["table: t.csv", "table: t.csv, structur: s"]), "s,y\nCC,1\n")).toEqual([expect.stringMatching(/unknown field: "data\.structur"/)]);
  });
});
