/* Logarithmic scales, properties that follow from others, and conditions on rows: from the study's text to its files. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { beforeAll, describe, expect, test } from "vitest";
import { key, quiet, stream } from "@tatara/engine/base";
import { forecast, loadStudy, predictTable, resumeRun, runStudy, type RunSummary } from "@tatara/studies/tasks";
import { newFolder } from "../badInput/bench.ts";

const DATA = `  properties:
    seebeck: { column: S, unit: µV/K, scale: log, magnitude: true }
    conductivity: { unit: S/cm, scale: log }
    kappa: { unit: W/(m K), scale: log }
    zT: { formula: "seebeck^2 * conductivity * 300 K / kappa", unit: "1" }
`;
const text = (data = DATA, more = "") => `study: invert
domain: composition
data:
  table: t.csv
  group: system
  where: { temperature: "280 .. 320 K" }
${data}learn: { model: linear, split: group, folds: 3 }
represent: [fractions]
target: { zT: ">= 0.5", conductivity: ">= 100 S/cm" }
generate: { particles: 40, evaluations: 400 }
workers: 1
${more}`;

/** Alloys of four elements with made-up laws; a second temperature, signs, a zero and a gap. */
function table(): string {
  const rng = stream(key(5));
  const lines = Array.from({ length: 90 }, (_, i) => {
    const [a, b] = [1 + rng.below(9), 1 + rng.below(9)];
    const pair = [["Bi", "Te"], ["Sb", "Te"], ["Sn", "Se"], ["Bi", "Se"]][i % 4]!;
    const x = a / (a + b);
    const seebeck = (i % 2 ? -1 : 1) * 120 * Math.exp(x + 0.1 * rng.normal());
    return `${pair[0]}${a}${pair[1]}${b},${i % 3 === 2 ? 500 : 300},${seebeck},${i === 0 ? 0 : 900 * Math.exp(-x + 0.2 * rng.normal())},${i === 1 ? "" : 1.5 * Math.exp(0.2 * rng.normal())}`;
  });
  return `${["formula,temperature (K),S (µV/K),conductivity (S/cm),kappa (W/(m K))", ...lines].join("\n")}\n`;
}

async function place(study: string, csv = table()): Promise<{ readonly folder: string; readonly study: string }> {
  const folder = await newFolder();
  await writeFile(join(folder, "study.yaml"), study);
  await writeFile(join(folder, "t.csv"), csv);
  return { folder, study: join(folder, "study.yaml") };
}

const rowsOf = (csv: string) => parse<Record<string, string>>(csv, { columns: true });
const relation = (row: Record<string, string>): number => ((Number(row["seebeck_mean"]) * 1e-6) ** 2 * Number(row["conductivity_mean"]) * 100 * 300) / Number(row["kappa_mean"]) / Number(row["zT_mean"]);

describe("a design for a property that follows from others", () => {
  let folder = "";
  let summary: RunSummary;

  beforeAll(async () => {
    const placed = await place(text());
    folder = placed.folder;
    summary = await runStudy(await loadStudy(placed.study), { out: join(folder, "out"), verify: false, say: () => {} }, quiet);
  }, 60_000);

  test("counts the rows that it is not about, and refuses the cell without a logarithm", async () => {
    expect(summary.lines[0]).toMatch(/materials from 60 rows.*; 30 other rows left out by data\.where/);
    const rejected = await readFile(join(folder, "out", "rejected.csv"), "utf8");
    expect(rejected).toMatch(/conductivity \(S\/cm\),0,zero has no logarithm,without this value/);
    expect(rejected).not.toMatch(/,500/);
    expect(JSON.parse(await readFile(join(folder, "out", "run.json"), "utf8"))).toMatchObject({ dataset: { leftOut: 30 } });
    expect(summary.lines.find((line) => line.startsWith("zT:"))).toMatch(/^zT: seebeck\^2 \* conductivity \* 300 K \/ kappa, R² .* of the logarithm\), MAE .* \(a factor of /);
  });

  test("keeps the relation in every candidate", async () => {
    const rows = rowsOf(await readFile(join(folder, "out", "candidates.csv"), "utf8"));
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(relation(row)).toBeCloseTo(1, 9);
    expect(Object.keys(rows[0]!)).toEqual(expect.arrayContaining(["zT_mean", "zT_sd", "zT_lower", "zT_upper"]));
  });

  test("validates it out of fold, and shows logarithms in the report", async () => {
    const { properties } = JSON.parse(await readFile(join(folder, "out", "validation.json"), "utf8")) as { properties: { name: string; learner: string; rows: number; decades?: object }[] };
    expect(properties.map((p) => p.name)).toEqual(["seebeck", "conductivity", "kappa", "zT"]);
    expect(properties[3]).toMatchObject({ learner: "seebeck^2 * conductivity * 300 K / kappa", decades: { rmse: expect.any(Number) as number } });
    const html = await readFile(join(folder, "out", "report.html"), "utf8");
    expect(html).toContain("log10 (conductivity / S/cm)");
    expect(html).toContain("off by a factor");
  });

  test("predicts a new table from model.json, the relation kept there too", async () => {
    await writeFile(join(folder, "new.csv"), "formula\nBi2Te3\nSnSe\nSb1.5Bi0.5Te3\nMgO\n");
    const { text: csv } = await predictTable(join(folder, "out", "model.json"), join(folder, "new.csv"), { workers: "1" }, quiet);
    const rows = rowsOf(csv);
    expect(rows).toHaveLength(4);
    for (const row of rows) expect(relation(row)).toBeCloseTo(1, 9);
  });

  test("a finished run is told again with the same lines", async () => {
    expect((await resumeRun(join(folder, "out"), { verify: false, say: () => {} }, quiet)).lines).toEqual(summary.lines);
  }, 30_000);
});

test("a column of its own calibrates a formula, and `check` counts what is left out", async () => {
  const withColumn = table().split("\n").map((line, i) => (line === "" ? "" : `${line},${i === 0 ? "ZT" : 0.1 + (i % 7) / 10}`)).join("\n");
  const { study, folder } = await place(text(DATA.replace("/ kappa\"", "/ kappa\", column: ZT")).replace("study: invert", "study: fit").replace(/target:.*\n/, "").replace(/generate:.*\n/, ""), withColumn);
  const loaded = await loadStudy(study);
  expect((await forecast(loaded, quiet)).lines[0]).toContain("30 others left out by data.where");
  await runStudy(loaded, { out: join(folder, "out"), verify: false, say: () => {} }, quiet);
  const { properties } = JSON.parse(await readFile(join(folder, "out", "validation.json"), "utf8")) as { properties: { points: { measured: number[] } }[] };
  // Measured values are means of numbers such as 0.4 over rows of one formula, whatever the parts say.
  expect(Math.max(...properties[3]!.points.measured)).toBeLessThanOrEqual(0.7 + 1e-9);
}, 30_000);

test.each<[string, string, RegExp]>([
  ["an unknown part", text(DATA.replace("/ kappa\"", "/ kapa\"")), /study\.yaml:\d+:\d+: unknown property in the formula of zT: "kapa"/],
  ["units that do not fit", text(DATA.replace(" * 300 K", "")), /unit mismatch: zT = seebeck\^2 \* conductivity \/ kappa comes to K\^-1, its unit 1 is a pure number — seebeck\^2 in/],
  ["a unit that is none", text(DATA.replace("300 K ", "300 Kelvins ")), /term "300 Kelvins" in the formula of zT: unknown unit/],
  ["a sum", text(DATA.replace("* 300 K", "+ 300 K")), /sums are not offered/],
  ["a part on a linear scale", text(DATA.replace("W/(m K), scale: log", "W/(m K)")), /part of a formula on a linear scale: kappa in zT — .*say scale: log for kappa/],
  ["a class as a part", text(DATA.replace("unit: W/(m K), scale: log", "kind: class")), /unknown property in the formula of zT: "kappa"/],
  ["a formula of a class", text(DATA.replace('kappa", unit: "1"', 'kappa", kind: class')).replace('zT: ">= 0.5", ', ""), /formula of a class: zT/],
  ["a formula on a linear scale", text(DATA.replace('unit: "1"', 'unit: "1", scale: linear')), /formula on a linear scale: zT/],
  ["a ring", text(DATA.replace("kappa: { unit: W/(m K), scale: log }", 'kappa: { formula: "zT * conductivity", unit: S/cm }')), /formula in a ring: /],
  ["formulas alone", text('  properties: { a: { formula: "b * 2", unit: "1" }, b: { formula: "a / 2", unit: "1" } }\n').replace(/target:.*\n/, 'target: { a: ">= 1" }\n'), /nothing to learn: all of a, b are formulas/],
  ["the scale of a class", text(DATA.replace("unit: S/cm, scale: log", "kind: class, scale: log")), /scale of a class: conductivity/],
  ["the magnitude of a class", text(DATA.replace("unit: S/cm, scale: log", "kind: class, magnitude: true")), /magnitude of a class: conductivity/],
])("%s is refused with its line", async (_, study, message) => {
  const { study: file } = await place(study);
  await expect(loadStudy(file)).rejects.toThrow(message);
});

const fit = (where: string, property = "kappa: { unit: W/(m K) }") => `study: fit\ndomain: composition\ndata: { table: t.csv, where: ${where}, properties: { ${property} } }\nlearn: { model: linear, split: random, folds: 2 }\nrepresent: [fractions]\nworkers: 1\n`;

test.each<[string, string, number]>([
  ["an interval", '{ temperature: "280 .. 320 K" }', 60],
  ["an interval in another unit", '{ temperature: "<= 30 degC" }', 60],
  ["a bound", '{ temperature: "> 300" }', 30],
  ["a number", "{ temperature: 500 }", 30],
  ["one of several values", "{ temperature: [300, 400] }", 60],
  ["values with a bar", '{ temperature: "300 | 500" }', 90],
  ["two conditions", '{ temperature: 300, S: "> 0" }', 30],
])("%s keeps rows", async (_, where, rows) => {
  const { study } = await place(fit(where));
  expect((await forecast(await loadStudy(study), quiet)).lines[0]).toMatch(new RegExp(`^${rows} rows`));
});

test.each<[string, string, RegExp]>([
  ["a column that is not there", '{ temprature: "300 K" }', /no such column: "temprature"/],
  ["a unit of another kind", '{ temperature: "> 300 eV" }', /unit mismatch: condition on temperature \(K\) in eV/],
  ["a unit where the header names none", '{ formula: "> 300 K" }', /whose header names no unit/],
  ["an extreme", '{ temperature: "=> 3" }', /bounds begin with/],
  ["a word that stands nowhere", '{ formula: [Bi2Te3, Bi2Te33] }', /no such value: "Bi2Te33" stands in no row of column "formula"/],
  ["nothing left", '{ temperature: "> 900 K" }', /no row left: data\.where keeps none of the 90 rows of .*column "temperature \(K\)" holds "300", "500"/],
  ["nothing left of two", '{ temperature: 500, S: "> 1e9" }', /column "S \(µV\/K\)" holds/],
])("where: %s is refused", async (_, where, message) => {
  const { study } = await place(fit(where));
  await expect(loadStudy(study).then((loaded) => forecast(loaded, quiet))).rejects.toThrow(message);
});

test("a column without any logarithm is refused", async () => {
  const { study } = await place(fit("{ temperature: 300 }", "S: { unit: µV/K, scale: log }"), table().replaceAll(/,(\d+),-?([\d.]+),/g, ",$1,-$2,"));
  await expect(loadStudy(study).then((loaded) => forecast(loaded, quiet))).rejects.toThrow(/no positive number in column "S \(µV\/K\)" — .*magnitude: true/);
});
