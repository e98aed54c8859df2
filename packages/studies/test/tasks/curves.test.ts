/* Learning curves from the study's text to figure, table and summary. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { beforeAll, describe, expect, test } from "vitest";
import { key, quiet, stream } from "@tatara/engine/base";
import { forecast, loadStudy, resumeRun, runStudy, type RunSummary } from "@tatara/studies/tasks";
import { newFolder } from "../badInput/bench.ts";

const rng = stream(key(5));
const formulas = Array.from({ length: 90 }, (_, i) => `Bi${1 + i}Te${1 + ((7 * i) % 83)}`);
/** It bends with the share of bismuth, which the simulated table shows and few rows do not. */
const hidden = formulas.map((_, i) => Math.sin((7 * (1 + i)) / (1 + i + 1 + ((7 * i) % 83))));
const table = (of: (i: number) => string) => formulas.map((formula, i) => `${formula},${of(i)}`).join("\n");

const COMMON = "domain: composition\nrepresent: [fractions]\nworkers: 1\n";
const SOURCE = `study: fit\n${COMMON}data: { table: many.csv, properties: { simulated: { unit: eV } } }\nlearn: { model: extra-trees, folds: 3, split: random, splits: [] }\n`;
const CURVES = `study: curves\n${COMMON}data: { table: few.csv, properties: { gap: { unit: eV } } }
transfer: { sources: { md: md/model.json } }
learn: { model: linear, folds: 3, split: random, splits: [] }
curves: { sizes: [10, 20, 40, 55, 500], repeats: 3, without: [linear], with: [{ model: transfer, options: { methods: [none, source], repeats: 1 } }], until: { gap: 0.2 } }
`;
const host = { verify: false, say: () => {} };

describe("curves with and without a source", () => {
  let folder = "";
  let summary: RunSummary;
  const at = (name: string) => join(folder, name);

  beforeAll(async () => {
    folder = await newFolder();
    await writeFile(at("many.csv"), `formula,simulated\n${table((i) => String(hidden[i]))}\n`);
    await writeFile(at("few.csv"), `formula,gap\n${table((i) => String(3 + 2 * hidden[i]! + 0.05 * rng.normal()))}\n`);
    await writeFile(at("source.yaml"), SOURCE);
    await writeFile(at("curves.yaml"), CURVES);
    await runStudy(await loadStudy(at("source.yaml")), { out: at("md"), ...host }, quiet);
    summary = await runStudy(await loadStudy(at("curves.yaml")), { out: at("out"), ...host }, quiet);
    await rm(at("md"), { recursive: true });
  }, 120_000);

  test("the table has every way at every size that the folds leave, paired differences only with transfer", async () => {
    const rows = parse<Record<string, string>>(await readFile(at("out/curves.csv"), "utf8"), { columns: true });
    expect(rows.map(({ way, rows: n }) => `${way} ${n}`)).toEqual(["linear without transfer", "transfer, chosen by cross-validation"].flatMap((way) => [10, 20, 40, 55].map((n) => `${way} ${n}`)));
    expect(rows.every(({ repeats, measure }) => repeats === "3" && measure === "root mean square error")).toBe(true);
    const of = (transfer: string) => rows.filter((row) => row["transfer"] === transfer);
    expect(of("no").every(({ difference }) => difference === "")).toBe(true);
    expect(Number(of("yes").at(-1)!["error"])).toBeLessThan(0.5 * Number(of("no").at(-1)!["error"]));
    expect(Number(of("yes").at(-1)!["difference"])).toBeCloseTo(Number(of("yes").at(-1)!["error"]) - Number(of("no").at(-1)!["error"]), 9);
  });

  test("screen and report say where transfer helps, how many rows a wanted error takes, and what could not be measured", async () => {
    const said = summary.lines.join("\n");
    expect(said).toContain("gap: root mean square error in eV of materials held out, by the rows learnt from (mean of 3 repeats ± its standard error)");
    expect(said).toMatch(/^ {3,}10 rows +20 rows +40 rows +55 rows$/m);
    expect(said).toMatch(/^ {2}linear without transfer {3,}\d\.\d+ ± 0\.\d+ .*$/m);
    expect(said).toMatch(/^ {2}55 rows: transfer, chosen by cross-validation: transfer helps \(error lower by 0\.\d+ ± 0\.\d+ than that of linear without transfer\)$/m);
    expect(said).toMatch(/^ {2}linear without transfer: (about \d+ rows for an error of 0\.2 eV|an error of 0\.2 eV is never reached), by the law of its curve; 90 % band/m);
    expect(said).toContain("warning: gap: 500 rows are 440 more than the 60 there are to learn from beside the fold held out (curves.sizes)");
    const html = await readFile(at("out/report.html"), "utf8");
    expect(html).toContain("How the error falls with the number of rows");
    expect(html).toMatch(/Transfer, chosen by cross-validation: with (10, )?20, 40 and 55 rows it helps, that is, its error is lower/);
    expect(html).toContain("Root mean square error of materials held out, in eV, ± its standard error over repeats.");
    expect(html).toContain("Rows until the wanted error");
  });

  test("a run that lost its last repeats goes on to the same bytes", async () => {
    const before = await readFile(at("out/curves.csv"), "utf8");
    await rm(at("out/checkpoint/curves-3.json"));
    await rm(at("out/curves.csv"));
    const again = await resumeRun(at("out"), host, quiet);
    expect(again.lines).toEqual(summary.lines);
    expect(await readFile(at("out/curves.csv"), "utf8")).toBe(before);
  });

  test("check tells beforehand that there are too few rows", async () => {
    await writeFile(at("again.yaml"), CURVES.replace("md/model.json", "out/source-1.json"));
    expect((await forecast(await loadStudy(at("again.yaml")), quiet)).lines.join("\n")).toMatch(/3 repeats at 10, 20, 40, 55 rows; 500 rows are 440 more than the 60 there are to learn from beside a fold held out/);
  });

  test.each([
    ["without: [linear]", "without: [transfer]", "no way without transfer: transfer"],
    ["without: [linear]", "without: [lineer]", "lineer"],
    ["sizes: [10, 20, 40, 55, 500]", "sizes: [20, 10]", "ascending numbers of rows"],
    ["until: { gap: 0.2 }", "until: { gaap: 0.2 }", "gaap"],
    ["repeats: 1 }", "repeats: 0 }", "repeats"],
  ])("%s → %s is refused", async (from, to, message) => {
    await writeFile(at("md-model.yaml"), CURVES.replace("md/model.json", "out/source-1.json").replace(from, to));
    await expect(loadStudy(at("md-model.yaml"))).rejects.toThrow(message);
  });
});

test("curves without sources compare learners; asking for transfer then is refused", async () => {
  const folder = await newFolder();
  const text = CURVES.replace(/transfer: .*\n/, "").replace(/, with: .*, until/, ", until").replace("sizes: [10, 20, 40, 55, 500], repeats: 3", "sizes: [20, 40], repeats: 1");
  await writeFile(join(folder, "few.csv"), `formula,gap\n${table((i) => String(hidden[i]))}\n`);
  await writeFile(join(folder, "plain.yaml"), text);
  await writeFile(join(folder, "with.yaml"), text.replace(", until", ", with: [transfer], until"));
  const { lines } = await runStudy(await loadStudy(join(folder, "plain.yaml")), { out: join(folder, "out"), ...host }, quiet);
  expect(lines.join("\n")).toMatch(/by the rows learnt from \(one repeat\)\n {3,}20 rows +40 rows\n {2}linear +0\.\d+ +0\.\d+\n {2}linear: how many rows an error of 0\.2 eV takes cannot be told from fewer than four sizes/);
  await expect(loadStudy(join(folder, "with.yaml"))).rejects.toThrow("nothing to transfer from");
});

describe("curves of classes", () => {
  const CLASSES = `study: curves\n${COMMON}data: { table: classes.csv, properties: { high: { kind: class } } }\nlearn: { folds: 3, split: random, splits: [], budget: 5 }\ncurves: { sizes: [20, 40], repeats: 1 }\n`;
  const written = async (text: string) => {
    const folder = await newFolder();
    await writeFile(join(folder, "classes.csv"), `formula,high\n${table((i) => (hidden[i]! > 0 ? "yes" : "no"))}\n`);
    await writeFile(join(folder, "many.csv"), `formula,simulated\n${table((i) => String(hidden[i]))}\n`);
    await writeFile(join(folder, "source.yaml"), SOURCE);
    await writeFile(join(folder, "classes.yaml"), text);
    return folder;
  };

  test("compare learners of classes when the study names none", { timeout: 60_000 }, async () => {
    const folder = await written(CLASSES);
    const { lines } = await runStudy(await loadStudy(join(folder, "classes.yaml")), { out: join(folder, "out"), ...host }, quiet);
    expect(lines.join("\n")).toMatch(/high: log loss[\s\S]*20 rows +40 rows\n +forest +0\.\d+ .*\n +boosting +0\.\d+ /);
  });

  test("with sources are refused in one sentence", { timeout: 60_000 }, async () => {
    const folder = await written(`${CLASSES}transfer: { sources: { md: md/model.json } }\n`);
    await runStudy(await loadStudy(join(folder, "source.yaml")), { out: join(folder, "md"), ...host }, quiet);
    await expect(loadStudy(join(folder, "classes.yaml"))).rejects.toThrow(/^[^\n]*:\d+:\d+: no curves of transfer for classes: high — [^\n]+$/);
  });
});
